"""The decorator for functions that act."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

import steptrail
from pictures import PNG
from recorded import RecordedOutbox
from steptrail import Tracker


def test_call_is_a_step(tracker: Tracker, outbox: RecordedOutbox) -> None:
    @steptrail.records
    def tap(x: int, y: int, *, long: bool = False) -> dict[str, bool]:
        """Taps."""
        return {"done": True}

    with tracker.task("x") as task:
        assert tap(1, y=2, long=True) == {"done": True}
        task.succeed()
    tracker.flush()

    assert tap.__name__ == "tap"
    assert tap.__doc__ == "Taps."
    [step] = outbox.task.steps
    assert step["action"] == {"action": "tap", "x": 1, "y": 2, "long": True}
    assert step["action_result"] == {"done": True}
    assert step["success"] is True
    assert step["duration_ms"] >= 0


def test_exception_is_recorded_and_raised(tracker: Tracker, outbox: RecordedOutbox) -> None:
    error = TimeoutError("adb")

    @steptrail.records(action="Tap")
    def tap() -> None:
        raise error

    with pytest.raises(TimeoutError) as raised, tracker.task("x"):
        tap()
    tracker.flush()

    assert raised.value is error
    [step] = outbox.task.steps
    assert step["action"] == {"action": "Tap"}
    assert (step["success"], step["error_message"]) == (False, "TimeoutError: adb")


def test_without_task_calls_are_not_recorded(outbox: RecordedOutbox) -> None:
    @steptrail.records(before=lambda: 1 / 0)  # type: ignore[return-value, arg-type]
    def tap(x: int) -> int:
        return x

    assert tap(5) == 5


def test_task_has_its_own_decorator(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")

    @task.records
    def tap() -> None: ...

    @task.records(action="Swipe")
    def swipe() -> None: ...

    tap()
    swipe()
    tracker.flush()

    actions = [step["action"]["action"] for step in outbox.task.steps]
    assert actions == ["tap", "Swipe"]


def test_method_is_recorded_without_self(tracker: Tracker, outbox: RecordedOutbox) -> None:
    class Phone:
        @steptrail.records
        def tap(self, x: int) -> None: ...

        @classmethod
        @steptrail.records
        def reboot(cls) -> None: ...

    with tracker.task("x"):
        Phone().tap(1)
        Phone.reboot()
    tracker.flush()

    assert [step["action"] for step in outbox.task.steps] == [
        {"action": "tap", "x": 1},
        {"action": "reboot"},
    ]


def test_screenshots_are_captured(tracker: Tracker, outbox: RecordedOutbox) -> None:
    def fail() -> bytes:
        raise TimeoutError("adb")

    @steptrail.records(before=lambda: PNG, after=fail)
    def tap() -> None: ...

    with tracker.task("x"):
        tap()
    tracker.flush()

    [frame] = outbox.task.steps[0]["frames"]
    assert frame["role"] == "before"
    assert tracker.stats().dropped_screenshots == {"not_captured": 1}


def test_wrong_arguments_raise_what_they_would(tracker: Tracker, outbox: RecordedOutbox) -> None:
    @steptrail.records
    def tap(x: int) -> None: ...

    with (
        pytest.raises(TypeError, match=r"tap\(\) missing 1 required positional argument"),
        tracker.task("x"),
    ):
        tap()  # type: ignore[call-arg]
    tracker.flush()

    assert outbox.task.steps[0]["success"] is False


def test_function_without_signature(tracker: Tracker, outbox: RecordedOutbox) -> None:
    getter = steptrail.records(dict.get)

    with tracker.task("x"):
        assert getter({"a": 1}, "a") == 1
    tracker.flush()

    assert outbox.task.steps[0]["action"]["action"] == "get"


def test_coroutine_function_stays_one(tracker: Tracker, outbox: RecordedOutbox) -> None:
    @steptrail.records(action="Tap")
    async def tap(x: int) -> int:
        await asyncio.sleep(0)
        if x < 0:
            raise ValueError("negative")
        return x

    async def main() -> None:
        assert await tap(0) == 0
        async with tracker.task("x"):
            assert await tap(1) == 1
            with pytest.raises(ValueError, match="negative"):
                await tap(-1)

    assert inspect.iscoroutinefunction(tap)
    asyncio.run(main())
    tracker.flush()

    assert [step["success"] for step in outbox.task.steps] == [True, False]


def test_model_calls_in_a_call_belong_to_it(tracker: Tracker, outbox: RecordedOutbox) -> None:
    @steptrail.records
    def ask() -> Any:
        step = steptrail.current_step()
        assert step is not None
        step.add_model_call(steptrail.ModelCall(usage={"prompt_tokens": 3}))

    with tracker.task("x"):
        ask()
    tracker.flush()

    assert outbox.task.steps[0]["usage"] == {"input_tokens": 3}


def test_argument_named_action_does_not_replace_the_name(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    @steptrail.records
    def execute(action: dict[str, Any]) -> None:
        action.clear()

    with tracker.task("x"):
        execute({"action": "Tap", "element": [1, 2]})
    tracker.flush()

    assert outbox.task.steps[0]["action"] == {
        "action": "execute",
        "action_argument": {"action": "Tap", "element": [1, 2]},
    }

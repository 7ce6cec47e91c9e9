"""The fields of steps."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, ForwardRef

import pytest

import steptrail
from conftest import TrackerFactory
from pictures import PNG, encoded
from recorded import RecordedOutbox
from steptrail import ModelCall, Task, Tracker, Usage
from steptrail._step_record import StepFields

OTHER_PNG = encoded(width=9)

Record = Callable[..., dict[str, Any]]


@pytest.fixture
def record(tracker: Tracker, outbox: RecordedOutbox) -> Record:
    """Records a step, and returns its record without the fields that every record has."""

    def record_step(*args: Any, **fields: Any) -> dict[str, Any]:
        task = tracker.task("x")
        assert task.step(*args, **fields) == 1
        tracker.flush()
        [step] = outbox.tasks[-1].steps
        for name in ("v", "record", "task_id", "timestamp", "step_number"):
            del step[name]
        return step

    return record_step


def test_all_fields(record: Record) -> None:
    assert record(
        {"action": "Tap", "element": [499, 842]},
        thinking="The slider is half way.",
        action_result={"success": True},
        success=True,
        error_message="a warning",
        usage=Usage(1200, 1000, 34),
        timings={"action": 0.82, "screenshot": timedelta(milliseconds=30)},
        resources={"memory": 1.5},
        current_app="音量",
        duration=3.1204,
    ) == {
        "step_type": "action",
        "thinking": "The slider is half way.",
        "action": {"action": "Tap", "element": [499, 842]},
        "action_result": {"success": True},
        "duration_ms": 3120,
        "success": True,
        "error_message": "a warning",
        "timings": {"action_ms": 820, "screenshot_ms": 30},
        "usage": {"input_tokens": 1200, "cached_tokens": 1000, "output_tokens": 34},
        "resources": {"memory": 1.5},
        "current_app": "音量",
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "action"),
        ({"action": "Tap", "error_message": "x"}, "action"),
        ({"error_message": "x", "thinking": "hm"}, "error"),
        ({"thinking": "hm"}, "thinking"),
        ({"before": b""}, "screenshot"),
        ({"step_type": "custom", "action": "Tap"}, "custom"),
        ({"step_type": "x" * 200}, "x" * 100),
        ({"step_type": ""}, "action"),
    ],
)
def test_step_type(record: Record, fields: dict[str, Any], expected: str) -> None:
    assert record(**fields)["step_type"] == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("Tap", {"action": "Tap"}),
        (["Tap", 1], {"action": ["Tap", 1]}),
        (object, {"action": "<class 'object'>"}),
        ({}, {}),
    ],
)
def test_action_of_another_type_becomes_object(
    record: Record, action: object, expected: object
) -> None:
    assert record(action).get("action", {}) == expected


@pytest.mark.parametrize(
    "duration", [-1, float("nan"), float("inf"), 1e300, "soon", None, object()]
)
def test_invalid_duration_is_omitted(record: Record, duration: object) -> None:
    step = record(duration=duration, timings={"model": duration})

    expected = [] if duration is None else ["duration_ms", "timings"]
    assert step.pop("invalid_fields", []) == expected
    assert step == {"step_type": "action"}


@pytest.mark.parametrize("values", [5, "text", None, [1]])
def test_timings_and_resources_that_are_no_mapping_are_omitted(
    record: Record, values: object
) -> None:
    step = record(timings=values, resources=values)

    assert step.pop("invalid_fields", []) == ([] if values is None else ["resources", "timings"])
    assert step == {"step_type": "action"}


@pytest.mark.parametrize("amount", ["much", float("nan"), None])
def test_resource_that_is_no_number_is_omitted(record: Record, amount: object) -> None:
    assert record(resources={"cpu": amount, "memory": 1})["resources"] == {"memory": 1}


def test_values_are_copied(tracker: Tracker, outbox: RecordedOutbox) -> None:
    action = {"action": "Tap", "element": [1, 2]}
    task = tracker.task("x")
    with tracker._recorder.writer.queue.lock:  # values are copied at once, not by the writer
        task.step(action)
        action["element"].append(3)  # type: ignore[attr-defined]
        action.clear()
    tracker.flush()

    assert outbox.task.steps[0]["action"] == {"action": "Tap", "element": [1, 2]}


class TestUsage:
    @pytest.mark.parametrize(
        "report",
        [
            Usage(3, 1, 2),
            {"input_tokens": 3, "cached_tokens": 1, "output_tokens": 2},
            {
                "prompt_tokens": 3,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 1},
            },
            SimpleNamespace(
                input_tokens=3,
                output_tokens=2,
                input_tokens_details=SimpleNamespace(cached_tokens=1),
            ),
        ],
    )
    def test_is_converted(self, report: object) -> None:
        assert Usage.of(report) == Usage(3, 1, 2)

    @pytest.mark.parametrize(
        "report", [None, {}, 5, "x", {"prompt_tokens": -1}, {"input_tokens": 2.0}, Usage()]
    )
    def test_without_valid_count_is_none(self, record: Record, report: object) -> None:
        assert Usage.of(report) is None
        assert "usage" not in record(usage=report)

    def test_is_added(self) -> None:
        assert Usage(1, None, 2) + Usage(3, None, None) == Usage(4, None, 2)
        assert Usage(2**31 - 1) + Usage(1) == Usage(2**31 - 1)

    def test_that_raises_does_not_reach_the_agent(self, record: Record) -> None:
        class Hostile:
            @property
            def input_tokens(self) -> int:
                raise RuntimeError

        step = record(thinking="hm", usage=Hostile())

        assert (step["thinking"], step["invalid_fields"]) == ("hm", ["usage"])


class TestModelCall:
    CALL = ModelCall(
        model="autoglm-phone-9b",
        usage=Usage(10, 5, 2),
        duration=2.3,
        time_to_first_token=0.4,
        time_to_thinking_end=1.2,
        input=[{"role": "user", "content": "Turn the volume up"}],
        output="I tap.",
    )

    def test_is_recorded_without_texts_by_default(self, record: Record) -> None:
        assert record(model_call=self.CALL) == {
            "step_type": "action",
            "x_model": "autoglm-phone-9b",
            "usage": {"input_tokens": 10, "cached_tokens": 5, "output_tokens": 2},
            "timings": {
                "time_to_first_token_ms": 400,
                "time_to_thinking_end_ms": 1200,
                "model_ms": 2300,
            },
        }

    def test_is_recorded_with_texts(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        task = new_tracker(record_model_calls=True).task("x")
        task.step(model_call=self.CALL)
        task.flush()

        [step] = outbox.task.steps
        assert step["model_input"] == self.CALL.input
        assert step["model_output"] == "I tap."

    def test_several_are_added(self, record: Record) -> None:
        step = record(model_call=[self.CALL, ModelCall(usage={"prompt_tokens": 1}, duration=1)])

        assert step["usage"] == {"input_tokens": 11, "cached_tokens": 5, "output_tokens": 2}
        assert step["timings"]["model_ms"] == 3300

    def test_content_is_that_of_the_last_call_with_any(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        task = new_tracker(record_model_calls=True).task("x")
        task.step(model_call=[self.CALL, ModelCall(input=["plan"]), ModelCall(model="m2")])
        task.flush()

        [step] = outbox.task.steps
        assert (step["x_model"], step["model_input"]) == ("m2", ["plan"])
        assert "model_output" not in step  # that of another call would not belong to the input

    def test_added_to_task_belongs_to_next_step(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.add_model_call(self.CALL)
        task.step(thinking="first")
        task.step(thinking="second")
        task.flush()

        first, second = outbox.task.steps
        assert first["usage"]["input_tokens"] == 10
        assert "usage" not in second

    @pytest.mark.parametrize("call", [5, "x", [None], object()])
    def test_of_another_type_is_omitted(self, record: Record, call: object) -> None:
        assert record(model_call=call) == {"step_type": "action", "invalid_fields": ["model_call"]}


class TestBegunStep:
    def test_is_recorded_at_its_end(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        with task.begin_step(action="Tap") as step:
            assert steptrail.current_step() is step
            assert step.task is task
            step.add_model_call(TestModelCall.CALL)
            step.update(thinking="hm", success=True)
            assert task.last_step_number == 0
        assert steptrail.current_step() is None
        assert step.end() == 0
        tracker.flush()

        [record] = outbox.task.steps
        assert record["thinking"] == "hm"
        assert record["action"] == {"action": "Tap"}
        assert record["usage"]["output_tokens"] == 2
        assert record["duration_ms"] >= 0

    def test_fails_with_exception(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        with pytest.raises(TimeoutError), task.begin_step(action="Tap"):
            raise TimeoutError("adb")
        tracker.flush()

        [record] = outbox.task.steps
        assert record["success"] is False
        assert record["error_message"] == "TimeoutError: adb"

    def test_keeps_its_result_despite_exception(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        with pytest.raises(KeyboardInterrupt), tracker.task("x").begin_step() as step:
            step.update(success=True, error_message="none")
            raise KeyboardInterrupt
        tracker.flush()

        [record] = outbox.task.steps
        assert (record["success"], record["error_message"]) == (True, "none")

    def test_fails_with_exception_if_its_result_is_unknown(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        with pytest.raises(TimeoutError), tracker.task("x").begin_step(success=None) as step:
            step.update(error_message=None, duration=None)
            raise TimeoutError("adb")
        tracker.flush()

        [record] = outbox.task.steps
        assert (record["success"], record["error_message"]) == (False, "TimeoutError: adb")
        assert "duration_ms" in record

    def test_has_no_other_attributes(self, tracker: Tracker) -> None:
        step = tracker.task("x").begin_step("Tap")

        with pytest.raises(AttributeError):
            step.thinking = "hm"  # type: ignore[attr-defined]

    def test_does_not_replace_an_exception_of_a_hostile_class(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        class HostileMeta(type):
            @property
            def __name__(cls) -> str:  # type: ignore[override]
                raise RuntimeError

        class Hostile(Exception, metaclass=HostileMeta):
            pass

        with pytest.raises(Hostile), tracker.task("x") as task, task.begin_step("Tap"):
            raise Hostile
        tracker.flush()

        assert outbox.task.steps[0]["error_message"] == "(unreadable)"
        assert outbox.task.end["message"] == "(unreadable)"

    def test_with_async_block(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        async def act() -> None:
            async with tracker.task("x") as task, task.begin_step("Tap") as step:
                assert steptrail.current_step() is step

        asyncio.run(act())
        tracker.flush()

        assert outbox.task.steps[0]["action"] == {"action": "Tap"}

    def test_has_the_values_and_screens_of_its_begin(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        screen = bytearray(PNG)
        action: dict[str, Any] = {"action": "Tap", "element": [1, 2]}
        with tracker.task("x").begin_step(action, before=screen, screenshots=[screen]) as step:
            action["element"] = None
            screen[:] = OTHER_PNG
            step.update(action_result=(result := {"done": True}), after=screen, sensitive=True)
            result.clear()
            screen.clear()
        tracker.flush()

        [record] = outbox.task.steps
        assert record["action"] == {"action": "Tap", "element": [1, 2]}
        assert record["action_result"] == {"done": True}
        frames = {frame["role"]: outbox.task.frame(frame) for frame in record["frames"]}
        assert frames == {"before": PNG, "other": PNG, "after": OTHER_PNG}
        assert all(frame["sensitive"] for frame in record["frames"])
        assert tracker.stats().unreadable_values == 0

    def test_counts_unreadable_values_once(self, tracker: Tracker) -> None:
        class Hostile:
            def __repr__(self) -> str:
                raise RuntimeError

        with tracker.task("x").begin_step(Hostile()):
            pass

        assert tracker.stats().unreadable_values == 1

    def test_that_has_ended_is_not_current(self, tracker: Tracker) -> None:
        with tracker.task("x").begin_step() as step:
            step.end()
            assert step.has_ended
            assert steptrail.current_step() is None

    def test_names_itself(self, tracker: Tracker) -> None:
        task = tracker.task("x")

        assert repr(task.begin_step()) == f"<steptrail.Step of <steptrail.Task {task.id}>>"


def test_steps_have_the_same_arguments() -> None:
    arguments = inspect.signature(Task.step).parameters

    assert inspect.signature(Task.begin_step).parameters == arguments
    assert {"self", *StepFields.__annotations__} == set(arguments)
    for name, annotation in StepFields.__annotations__.items():
        hint = ForwardRef(str(arguments[name].annotation), module=StepFields.__module__)
        assert annotation == hint


def test_invalid_fields_are_counted_and_logged_once_for_each_name(
    tracker: Tracker, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        tracker.task("x", repeat=-1).step(usage={"tokens": 10}, duration=-1, timings={"x": "y"})  # type: ignore[dict-item]
    tracker.close()

    assert tracker.stats().invalid_fields == 8
    assert [record.getMessage() for record in caplog.records] == [
        "Not everything is recorded (invalid_repeat): the repeat of a task is not valid",
        "Not everything is recorded (invalid_duration_ms): the duration_ms of a step is not valid",
        "Not everything is recorded (invalid_timings): the timings of a step is not valid",
        "Not everything is recorded (invalid_usage): the usage of a step is not valid",
    ]


def test_dataclass_as_action(record: Record) -> None:
    @dataclass
    class Tap:
        x: int
        y: int

    assert record(Tap(1, 2))["action"] == {"x": 1, "y": 2}


def test_model_calls_before_and_within_a_block_are_all_recorded(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    task = tracker.task("x")
    task.add_model_call(ModelCall(usage=Usage(100, 0, 10)))
    with task.begin_step() as step:
        step.add_model_call(ModelCall(usage=Usage(5, 0, 1)))
    tracker.flush()

    assert outbox.task.steps[0]["usage"]["input_tokens"] == 105


def test_unknown_field_of_a_step_raises_at_once(tracker: Tracker) -> None:
    step = tracker.task("x").begin_step()
    with pytest.raises(TypeError, match="actoin"):
        step.update(actoin="Tap")  # type: ignore[call-arg]

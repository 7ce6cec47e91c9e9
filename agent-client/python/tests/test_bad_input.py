"""Bad input is recorded as well as it can be, or counted, and never raises into the agent."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pictures import PNG
from recorded import RecordedOutbox
from steptrail import ModelCall, Screenshot, Tracker, Usage
from steptrail._step_record import StepFields
from test_values import anything


class Hostile:
    """Raises whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("secret")

    def __repr__(self) -> str:
        raise RuntimeError("secret")

    def __bool__(self) -> bool:
        raise RuntimeError("secret")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("secret")

    def __hash__(self) -> int:
        raise RuntimeError("secret")

    def __float__(self) -> float:
        raise RuntimeError("secret")


HOSTILE: Any = Hostile()


class HostileList(list[Any]):
    def __iter__(self) -> Any:
        raise RuntimeError("secret")


@pytest.mark.parametrize("field", sorted({*StepFields.__annotations__} - {"sensitive"}))
def test_hostile_field_loses_only_itself(
    tracker: Tracker, outbox: RecordedOutbox, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    task = tracker.task("x")
    fields: Any = {"thinking": "hm", "action": "Tap", field: HOSTILE}

    assert task.step(**fields) == 1
    with task.begin_step(**fields) as step:
        step.update(**{field: HOSTILE})
    assert task.step(thinking="next") == 3
    task.succeed()
    tracker.flush()

    steps = outbox.task.steps
    assert [step["step_number"] for step in steps] == [1, 2, 3]
    if field != "thinking":
        assert steps[0]["thinking"] == "hm"
    stats = tracker.stats()
    is_visible = (
        stats.unreadable_values
        + sum(stats.dropped_screenshots.values())
        + len(steps[0].get("invalid_fields", []))
    )
    assert is_visible
    assert "secret" not in caplog.text
    assert "secret" not in str(stats)


@pytest.mark.parametrize(
    "field",
    ["instruction", "agent", "name", "experiment", "repeat", "attributes", "metadata", "tags"],
)
def test_hostile_field_of_task(tracker: Tracker, outbox: RecordedOutbox, field: str) -> None:
    task = tracker.task(**{field: HOSTILE})
    task.end(HOSTILE, HOSTILE, HOSTILE)
    task.verdict(HOSTILE, evaluator=HOSTILE)
    tracker.flush()

    assert outbox.task.end["status"] == "failed"
    assert tracker.stats().lost_verdicts == 1


def test_hostile_usage_and_model_call(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    call = ModelCall(**dict.fromkeys(ModelCall.__annotations__, HOSTILE))
    task.add_model_call(call)
    task.add_model_call(HOSTILE)
    task.step(thinking="first", usage=Usage(HOSTILE))
    task.step(thinking="second", model_call=[call, HOSTILE])
    task.step(thinking="third", timings={"a": HOSTILE})
    tracker.flush()

    assert [step["thinking"] for step in outbox.task.steps] == ["first", "second", "third"]


def test_hostile_screenshot_fields(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    for screenshot in (
        Screenshot(HOSTILE),
        Screenshot(PNG, role=HOSTILE),
        Screenshot(PNG, sensitive=HOSTILE),
        Screenshot(PNG, redact=HOSTILE),
        Screenshot(PNG, captured_at=HOSTILE),
    ):
        task.step(thinking="hm", screenshots=[screenshot])
        with task.begin_step("Tap", before=screenshot, screenshots=[screenshot]):
            pass
    with task.begin_step("Tap", screenshots=HostileList()):
        pass
    tracker.flush()

    assert len(outbox.task.steps) == 10
    assert tracker.stats().dropped_steps == {"invalid": 1}


def test_lone_surrogates_in_keys(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("\ud800")
    task.step({"\udfff": {"\ud800": "\x00"}}, thinking="\ud83d\ude00")
    task.fail("\ud800")
    tracker.flush()

    [step] = outbox.task.steps
    assert step["action"] == {"\ufffd": {"\ufffd": "\x00"}}
    assert step["thinking"] == "😀"
    assert step["replaced_characters"] == 2


def test_deep_recursion_of_the_agent(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    nested: list[Any] = []
    for _ in range(90):
        nested = [nested]

    def recurse() -> None:
        task.step({"nested": nested})
        recurse()

    with pytest.raises(RecursionError):
        recurse()
    task.succeed()
    tracker.flush()

    stats = tracker.stats()
    assert stats.written > 100
    assert outbox.task.end["last_step_number"] >= stats.written


def test_warnings_are_logged_once_for_each_reason(
    tracker: Tracker, caplog: pytest.LogCaptureFixture
) -> None:
    task = tracker.task("x")
    for _ in range(5):
        task.step(before=b"no image", after="missing.png")
    tracker.close()

    messages = [record.getMessage() for record in caplog.records]
    assert sum("(not_an_image)" in message for message in messages) == 1
    assert sum("(not_captured)" in message for message in messages) == 1


def test_log_handler_that_raises(
    tracker: Tracker, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steptrail import _losses

    def fail(*_: object) -> None:
        raise RuntimeError("handler")

    monkeypatch.setattr(_losses._log, "warning", fail)
    task = tracker.task("x")
    task.step(before=b"no image")
    task.step(thinking="next")
    task.succeed()
    tracker.flush()

    assert len(outbox.task.steps) == 2
    assert outbox.task.end["status"] == "succeeded"


arguments = st.dictionaries(
    st.sampled_from(sorted(StepFields.__annotations__)),
    anything | st.builds(Hostile) | st.sampled_from([PNG, PNG[:30], "x" * 5000, "/", "data:,"]),
    max_size=4,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arguments)
def test_any_step_is_recorded(tracker: Tracker, outbox: RecordedOutbox, fields: Any) -> None:
    with tracker.task("x") as task:
        assert task.step(**fields) == 1
        task.succeed()
    assert tracker.flush()

    folder = outbox.path / task.id
    from recorded import RecordedTask

    recorded = RecordedTask(folder)
    assert [step["step_number"] for step in recorded.steps] == [1]
    assert recorded.end["last_step_number"] == 1
    gc.collect(0)

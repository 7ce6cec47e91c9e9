"""Tasks from their start to their end."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest

import steptrail
from conftest import TrackerFactory
from recorded import RecordedOutbox
from steptrail import Tracker
from steptrail._tracker import End


def test_task_with_all_fields_is_recorded(
    new_tracker: TrackerFactory, outbox: RecordedOutbox
) -> None:
    tracker = new_tracker(agent="default-agent", model="default-model", device_id="emulator-5554")
    previous = str(uuid.uuid4())

    with tracker.task(
        "查一下今天的天气",
        model="autoglm-phone-9b",
        name="weather",
        experiment="nightly/weather",
        case_id="weather-1",
        repeat=2,
        attributes={"app_version": "8.1"},
        metadata={"lab": "north"},
        tags=["smoke", "天气"],
        previous_task_id=previous,
    ) as task:
        task.succeed("21 度")
    assert tracker.flush()

    start = outbox.task.start
    assert uuid.UUID(task.id).version == 7
    assert {name: start[name] for name in start if name != "timestamp"} == {
        "v": 1,
        "record": "task_started",
        "task_id": task.id,
        "description": "查一下今天的天气",
        "agent": "default-agent",
        "model": "autoglm-phone-9b",
        "device_id": "emulator-5554",
        "name": "weather",
        "experiment": "nightly/weather",
        "case_id": "weather-1",
        "repeat": 2,
        "attributes": {"app_version": "8.1"},
        "metadata": {"lab": "north", "tags": ["smoke", "天气"]},
        "previous_task_id": previous,
    }
    end = outbox.task.end
    assert (end["status"], end["end_reason"], end["message"]) == ("succeeded", "finished", "21 度")
    assert end["last_step_number"] == 0


def test_invalid_fields_of_task_are_omitted_and_listed(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    tracker.task("x", experiment="a//b", case_id="", repeat=-1, previous_task_id="no id").succeed()
    tracker.flush()

    start = outbox.task.start
    assert start["invalid_fields"] == ["experiment", "case_id", "repeat", "previous_task_id"]
    assert "experiment" not in start
    assert tracker.stats().invalid_fields == 4


@pytest.mark.parametrize("name", ["nightly", "a/b.c", "夜间", "x" * 200, "..."])
def test_experiment_name_is_valid(tracker: Tracker, outbox: RecordedOutbox, name: str) -> None:
    tracker.task("x", experiment=name)
    tracker.flush()

    assert outbox.task.start["experiment"] == name


@pytest.mark.parametrize("name", ["", "a/", "..", "a/../b", "50%", "a\\b", "a\n", "x" * 201, 5])
def test_experiment_name_is_invalid(tracker: Tracker, outbox: RecordedOutbox, name: str) -> None:
    tracker.task("x", experiment=name)
    tracker.flush()

    assert outbox.task.start["invalid_fields"] == ["experiment"]


def test_steps_are_numbered_and_stamped(tracker: Tracker, outbox: RecordedOutbox) -> None:
    before = datetime.now(timezone.utc)
    task = tracker.task("x")
    numbers = [task.step(action={"action": "Tap"}) for _ in range(3)]
    task.succeed()
    tracker.flush()

    steps = outbox.task.steps
    assert numbers == [step["step_number"] for step in steps] == [1, 2, 3]
    times = [datetime.fromisoformat(record["timestamp"]) for record in outbox.task.records]
    assert times == sorted(times)
    assert before <= times[0] + timedelta(microseconds=1)
    assert task.last_step_number == 3
    assert outbox.task.end["last_step_number"] == 3


def test_only_first_end_counts(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    assert task.is_open
    task.fail("no")
    task.succeed("yes")
    task.cancel()
    tracker.flush()

    assert not task.is_open
    assert outbox.task.end["message"] == "no"
    assert tracker.stats().lost_ends == 0


@pytest.mark.parametrize(
    ("status", "reason", "expected", "invalid"),
    [
        ("succeeded", None, ("succeeded", "finished"), 0),
        ("failed", "max_steps", ("failed", "max_steps"), 0),
        ("cancelled", None, ("cancelled", "cancelled"), 0),
        ("abandoned", None, ("abandoned", "abandoned"), 0),
        ("success", None, ("failed", "ended_without_finish"), 1),
        ("unknown", "unknown", ("failed", "ended_without_finish"), 2),
        (["unhashable"], {}, ("failed", "ended_without_finish"), 2),
    ],
)
def test_end_has_status_and_reason(
    tracker: Tracker,
    outbox: RecordedOutbox,
    status: object,
    reason: object,
    expected: object,
    invalid: int,
) -> None:
    tracker.task("x").end(status, reason)  # type: ignore[arg-type]
    tracker.flush()

    assert (outbox.task.end["status"], outbox.task.end["end_reason"]) == expected
    assert tracker.stats().invalid_fields == invalid


class TestBlock:
    def test_without_result_fails(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        with tracker.task("x"):
            pass
        tracker.flush()

        assert outbox.task.end["status"] == "failed"
        assert outbox.task.end["message"] == "the task ended without a result"

    @pytest.mark.parametrize(
        ("proposed", "error", "expected"),
        [
            (("succeeded", "finished", "done"), None, ("succeeded", "finished", "done")),
            (("failed", "max_steps", "limit"), None, ("failed", "max_steps", "limit")),
            (("failed", "model_error", "away"), ValueError("x"), ("failed", "model_error", "away")),
            (
                ("succeeded", "finished", "done"),
                ValueError("no phone"),
                ("failed", "ended_without_finish", "ValueError: no phone"),
            ),
        ],
    )
    def test_proposed_end_counts_unless_an_exception_contradicts_it(
        self,
        tracker: Tracker,
        outbox: RecordedOutbox,
        proposed: End,
        error: Exception | None,
        expected: tuple[str, str, str],
    ) -> None:
        with suppress(ValueError), tracker.task("x") as task:
            task._propose_end(proposed)
            if error is not None:
                raise error
        tracker.flush()

        end = outbox.task.end
        assert (end["status"], end["end_reason"], end["message"]) == expected

    def test_end_precedes_the_proposed_end(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        with tracker.task("x") as task:
            task._propose_end(("failed", "max_steps", None))
            task.succeed()
        tracker.flush()

        assert outbox.task.end["status"] == "succeeded"

    @pytest.mark.parametrize(
        ("error", "status", "message"),
        [
            (ValueError("no such app"), "failed", "ValueError: no such app"),
            (ValueError(), "failed", "ValueError"),
            (KeyboardInterrupt(), "cancelled", "KeyboardInterrupt"),
            (SystemExit(3), "cancelled", "SystemExit: 3"),
        ],
    )
    def test_with_exception_ends_honestly(
        self,
        tracker: Tracker,
        outbox: RecordedOutbox,
        error: BaseException,
        status: str,
        message: str,
    ) -> None:
        with pytest.raises(type(error)), tracker.task("x"):
            raise error
        tracker.flush()

        assert outbox.task.end["status"] == status
        assert outbox.task.end["message"] == message

    def test_with_result_keeps_it_despite_exception(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        with pytest.raises(ValueError, match="late"), tracker.task("x") as task:
            task.succeed("done")
            raise ValueError("late")
        tracker.flush()

        assert outbox.task.end["status"] == "succeeded"

    def test_with_unreadable_exception_fails(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        class Hostile(Exception):
            def __str__(self) -> str:
                raise RuntimeError

        with pytest.raises(Hostile), tracker.task("x"):
            raise Hostile
        tracker.flush()

        assert outbox.task.end["message"] == "Hostile"

    def test_is_current_task(self, tracker: Tracker) -> None:
        assert steptrail.current_task() is None
        with tracker.task("outer") as outer:
            assert steptrail.current_task() is outer
            with tracker.task("inner") as inner:
                assert steptrail.current_task() is inner
            assert steptrail.current_task() is outer
        assert steptrail.current_task() is None


def test_step_after_end_is_counted(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    task.succeed()

    assert task.step(action={"action": "Tap"}) == 0
    tracker.flush()
    assert tracker.stats().dropped_steps == {"no_task": 1}
    assert outbox.task.steps == []


def test_several_tasks_are_recorded_at_once(tracker: Tracker, outbox: RecordedOutbox) -> None:
    tasks = [tracker.task(f"task {i}") for i in range(5)]
    for _ in range(3):
        for task in tasks:
            task.step(thinking=task.id)
    for task in tasks:
        task.succeed()
    tracker.flush()

    recorded = {task.start["task_id"]: task for task in outbox.tasks}
    assert set(recorded) == {task.id for task in tasks}
    for task in tasks:
        assert [step["thinking"] for step in recorded[task.id].steps] == [task.id] * 3


class TestClose:
    def test_ends_open_tasks_as_cancelled(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        task.step(thinking="hm")
        tracker.close()
        tracker.close()

        assert outbox.task.end["status"] == "cancelled"
        assert not (outbox.task.folder / "reserve").exists()

    def test_later_tasks_are_counted(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        tracker.close()
        task = tracker.task("x")

        assert task.step() == 0
        assert tracker.stats().lost_tasks == 1
        assert not tracker.verdict(task.id, "pass", evaluator="judge")
        assert list(outbox.path.iterdir()) == []

    def test_as_context_manager(self, new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
        with new_tracker() as tracker:
            task = tracker.task("x")

        assert not task.is_open
        assert outbox.task.end["status"] == "cancelled"

    def test_discarded_tracker_ends_its_tasks(self, outbox: RecordedOutbox) -> None:
        tracker = Tracker(outbox.path)
        task = tracker.task("x")
        task.step("Tap")
        writer = tracker._recorder.writer
        del tracker, task
        import gc

        gc.collect()

        assert writer.join(10)
        assert outbox.task.end["status"] == "abandoned"

    def test_discarded_task_ends_as_abandoned(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        tracker.task("x").step("Tap")
        tracker.flush()

        assert outbox.task.end["status"] == "abandoned"
        assert outbox.task.end["message"] == "the task was discarded before it ended"

    def test_discarded_tracker_writes_what_is_queued(self, outbox: RecordedOutbox) -> None:
        tracker = Tracker(outbox.path)
        tracker.task("x").succeed()
        writer = tracker._recorder.writer
        del tracker
        import gc

        gc.collect()

        assert writer.join(10)
        assert outbox.task.end["status"] == "succeeded"


def test_settings_of_a_tracker_are_readable(new_tracker: TrackerFactory) -> None:
    tracker = new_tracker(agent="a", model="m", device_id="d", record_model_calls=True)

    assert (tracker.agent, tracker.model, tracker.device_id) == ("a", "m", "d")
    assert tracker.record_model_calls
    assert repr(tracker) == f"<steptrail.Tracker {tracker.outbox}>"
    assert not new_tracker().record_model_calls


class TestVerdict:
    def test_of_task_is_recorded(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        task.succeed()

        assert task.verdict(True, evaluator="judge", version="1.2", reason="it is open")
        assert task.verdict(0.5, evaluator="judge", name="quality")
        tracker.flush()

        first, second = outbox.verdicts
        assert first["task_id"] == task.id
        assert (first["name"], first["value"]) == ("success", "pass")
        assert first["evaluator_version"] == "1.2"
        assert first["reason"] == "it is open"
        assert (second["name"], second["value"]) == ("quality", 0.5)

    def test_of_other_process_is_recorded(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task_id = str(uuid.uuid4())

        assert tracker.verdict(task_id, "unclear", evaluator="judge")
        tracker.close()

        [verdict] = outbox.verdicts
        assert verdict["task_id"] == task_id
        assert outbox.tasks == []

    @pytest.mark.parametrize(
        "arguments",
        [
            {"task_id": "no id"},
            {"task_id": "00000000-0000-0000-0000-00000000000G"},
            {"task_id": None},
            {"value": "good"},
            {"value": 1},
            {"value": float("nan"), "name": "quality"},
            {"value": []},
            {"evaluator": ""},
            {"evaluator": "x" * 201},
            {"evaluator": None},
            {"name": " padded"},
            {"name": "x" * 101},
            {"version": ""},
        ],
    )
    def test_that_is_invalid_is_counted(
        self, tracker: Tracker, outbox: RecordedOutbox, arguments: dict[str, object]
    ) -> None:
        valid = {"task_id": str(uuid.uuid4()), "value": "pass", "evaluator": "judge"}

        assert not tracker.verdict(**{**valid, **arguments})  # type: ignore[arg-type]
        assert tracker.stats().lost_verdicts == 1
        tracker.flush()
        assert list(outbox.path.iterdir()) == []

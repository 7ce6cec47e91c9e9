"""The bounds of the queue and of the outbox."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from conftest import TrackerFactory
from pictures import PNG, encoded
from programs import output, run_with_mounts
from recorded import RecordedOutbox
from steptrail import ModelCall, Tracker, Usage, _quota, _writer
from steptrail._errors import OutboxFull
from steptrail._recording import TaskRecording
from steptrail._usage import MAX_CALLS

MIB = 1024 * 1024


class Gate:
    """A redactor that blocks the writer until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.reached = threading.Event()

    def __call__(self, text: str) -> str:
        self.reached.set()
        assert self._open.wait(30)
        return text

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Gate:
    return Gate()


class TestQueue:
    def test_steps_beyond_the_bound_are_dropped_and_counted(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox, gate: Gate
    ) -> None:
        tracker = new_tracker(redact_text=gate, max_queued_steps=10)
        task = tracker.task("x")
        numbers = [task.step(thinking="hm") for _ in range(30)]
        assert tracker.stats().queued == 10
        task.succeed("done")
        gate.open()
        tracker.flush()

        assert numbers == list(range(1, 31))
        assert [step["step_number"] for step in outbox.task.steps] == list(range(1, 10))
        assert outbox.task.losses["dropped_steps"] == {"queue_full": 21}
        assert outbox.task.end["last_step_number"] == 30
        assert tracker.stats().queued_bytes == tracker.stats().queued == 0

    def test_screenshots_are_dropped_first(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox, gate: Gate
    ) -> None:
        tracker = new_tracker(redact_text=gate, max_queued_bytes=20_000)
        task = tracker.task("x")
        for _ in range(3):
            task.step(thinking="hm", before=PNG + bytes(8_000), after=PNG)
        task.step(thinking="x" * 20_000)
        gate.open()
        task.succeed()
        tracker.flush()

        assert [len(step.get("frames", [])) for step in outbox.task.steps] == [2, 2, 0]
        assert outbox.task.losses["dropped_screenshots"] == {"frame_queue_full": 2}
        assert outbox.task.losses["dropped_steps"] == {"queue_full": 1}

    def test_tasks_start_and_end_beyond_the_bound(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox, gate: Gate
    ) -> None:
        tracker = new_tracker(redact_text=gate, max_queued_steps=1)
        tasks = [tracker.task(str(i)) for i in range(200)]
        assert tracker.stats().lost_tasks == 0
        for i in range(200):
            tracker.task(str(i)).succeed()
        stats = tracker.stats()
        gate.open()
        tracker.flush()

        assert stats.lost_tasks > 0
        assert len(outbox.tasks) == 400 - stats.lost_tasks
        assert all(task.is_open for task in tasks)

    def test_ends_and_verdicts_that_do_not_fit_are_counted(
        self, new_tracker: TrackerFactory, gate: Gate
    ) -> None:
        tracker = new_tracker(redact_text=gate, max_queued_steps=1, max_queued_bytes=1024)
        task = tracker.task("x")
        task.fail("x" * 2 * MIB)
        assert not task.verdict("pass", evaluator="judge")
        gate.open()

        assert tracker.stats().lost_ends == 1
        assert tracker.stats().lost_verdicts == 1

    @pytest.mark.parametrize(
        "settings",
        [
            {"max_queued_steps": 0},
            {"max_queued_bytes": 100},
            {"max_outbox_bytes": MIB - 1},
            {"durability_timeout": -1},
            {"close_timeout": float("inf")},
            {"outbox": ""},
            {"outbox": " "},
            {"durability": "fast"},
        ],
    )
    def test_invalid_setting_is_rejected(
        self, new_tracker: TrackerFactory, settings: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=next(iter(settings))):
            new_tracker(**settings)

    @pytest.mark.parametrize("value", ["1", None, True])
    def test_setting_that_is_no_number_is_rejected(
        self, new_tracker: TrackerFactory, value: Any
    ) -> None:
        with pytest.raises(TypeError, match="max_queued_steps"):
            new_tracker(max_queued_steps=value)


class TestOutboxQuota:
    def test_screenshots_then_steps_are_dropped_and_ends_are_written(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        tracker = new_tracker(max_outbox_bytes=MIB)
        task = tracker.task("x")
        png = encoded("PNG", width=10, height=10) + bytes(30_000)
        while "outbox_full" not in tracker.stats().dropped_steps:
            task.step(thinking="x" * 10_000, before=png)
            tracker.flush()
        for _ in range(100):
            task.step(thinking="x" * 10_000)
        task.verdict("pass", evaluator="judge")
        task.succeed()
        tracker.flush()

        has_frames = ["frames" in step for step in outbox.task.steps]
        assert has_frames[0]
        assert not has_frames[-1]
        assert has_frames == sorted(has_frames, reverse=True)
        losses = outbox.task.losses
        assert losses["dropped_steps"] == {"outbox_full": 101}
        assert losses["dropped_screenshots"] == {"outbox_full": has_frames.count(False)}
        assert len(outbox.task.of_kind("losses")) < 100
        assert outbox.task.end["status"] == "succeeded"
        assert len(outbox.verdicts) == 1
        assert sum(path.stat().st_size for path in outbox.path.rglob("*")) < MIB + 50_000

    def test_counts_other_writers_and_recovers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_quota, "_INTERVAL_WHEN_FULL_SECONDS", 0)
        monkeypatch.setattr(_quota, "_PAUSE_FACTOR", 0)
        quota = _quota.OutboxQuota(tmp_path, MIB)
        other = tmp_path / "other"
        other.write_bytes(bytes(MIB))

        with pytest.raises(OutboxFull, match="shipper"):
            quota.require_for_step(0)
        other.unlink()
        quota.require_for_step(100)
        with pytest.raises(OutboxFull):
            quota.require_for_screenshot(MIB)

    def test_measures_rarely(self, tmp_path: Path) -> None:
        quota = _quota.OutboxQuota(tmp_path, MIB)
        quota.require_for_step(0)
        (tmp_path / "other").write_bytes(bytes(MIB))

        quota.require_for_step(0)  # not measured again yet
        quota.add(2 * MIB)
        with pytest.raises(OutboxFull):
            quota.require_for_step(0)
        assert quota.written == 2 * MIB


FULL_DISK = """
import sys, steptrail
with steptrail.Tracker(sys.argv[1]) as tracker:
    task = tracker.task("x")
    for i in range(300):
        task.step(thinking="x" * 1000)
    tracker.flush()
    task.succeed("done")
    tracker.flush()
stats = tracker.stats()
print(stats.written, stats.dropped_steps["outbox_unwritable"], stats.lost_ends)
"""


def test_full_disk_drops_steps_and_writes_the_end(tmp_path: Path) -> None:
    mounted, copy = tmp_path / "mounted", tmp_path / "copy"
    mounted.mkdir()
    script = f'mount -t tmpfs -o size=160k none {mounted} && "$@" && cp -r {mounted} {copy}'

    result = run_with_mounts(script, sys.executable, "-c", FULL_DISK, mounted / "outbox")

    assert result.returncode == 0, result.stderr
    written, dropped, lost_ends = map(int, result.stdout.split())
    task = RecordedOutbox(copy / "outbox").task
    assert len(task.steps) == written > 5
    assert task.losses["dropped_steps"] == {"outbox_unwritable": dropped}
    assert written + dropped == 300
    assert task.end["status"] == "succeeded"
    assert lost_ends == 0


LIMITED_FILES = """
import resource, sys, steptrail
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
tracker = steptrail.Tracker(sys.argv[1])
task = tracker.task("x")
tracker.flush()
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
for _ in range(300):
    task.step(thinking="x" * 1000)
task.succeed("x" * 1000)
tracker.flush()
if sys.argv[2] == "lifted":
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
tracker.close()
print(tracker.stats().written, tracker.stats().lost_ends)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@pytest.mark.parametrize("limit", ["lifted", "kept"])
def test_end_that_fails_is_retried_and_otherwise_counted(
    outbox: RecordedOutbox, limit: str
) -> None:
    written, lost_ends = map(int, output(LIMITED_FILES, outbox.path, limit).split())

    task = outbox.task
    assert 20 < len(task.steps) == written < 300
    if limit == "lifted":
        assert lost_ends == 0
        assert task.end["status"] == "succeeded"
        assert task.losses["dropped_steps"] == {"outbox_unwritable": 300 - written}
    else:
        assert lost_ends == 1
        assert task.of_kind("task_ended") == []


class TestLongTexts:
    def test_ten_megabytes_of_thinking_are_recorded(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.step(thinking="思考" * (5 * MIB // 3))
        task.flush()

        assert outbox.task.steps[0]["thinking"] == "思考" * (5 * MIB // 3)

    def test_longer_texts_are_truncated(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("y" * 18 * MIB)
        task.step({"text": "x" * 18 * MIB}, thinking="hm")
        task.fail("z" * 18 * MIB)
        task.flush()

        assert len(outbox.task.start["description"]) == 4000
        [step] = outbox.task.steps
        assert step["thinking"] == "hm"
        assert step["invalid_fields"] == ["action"]
        assert len(outbox.task.end["message"]) == 4000


class TestModelCalls:
    def test_those_without_a_step_use_no_memory(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        tracker = new_tracker(record_model_calls=True)
        task = tracker.task("x")
        for number in range(3 * MAX_CALLS):
            task.add_model_call(ModelCall(usage=Usage(1), input=["x" * 1000], output=str(number)))
        calls = task._state.model_calls
        assert sum(call.input is not None for call in calls) == 1
        task.step("Tap")
        task.succeed()
        task.add_model_call(ModelCall(input="late"))
        tracker.flush()

        assert task._state.model_calls == []
        [step] = outbox.task.steps
        assert step["usage"] == {"input_tokens": MAX_CALLS}
        assert step["model_output"] == str(MAX_CALLS - 1)
        assert "more than 1000 model calls" in str(tracker.stats().last_error)


def test_pending_ends_are_limited(
    tracker: Tracker, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_writer, "_MAX_PENDING_ENDS", 2)
    tasks = [tracker.task(str(i)) for i in range(5)]
    tracker.flush()
    with monkeypatch.context() as patch:
        patch.setattr(TaskRecording, "end", lambda *_: os.stat("/missing"))
        for task in tasks:
            task.succeed()
        tracker.flush()
        assert tracker.stats().lost_ends == 3
    tracker.close()

    assert [len(task.of_kind("task_ended")) for task in outbox.tasks] == [0, 0, 0, 1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_open_files_of_a_task_that_cannot_be_created_are_closed(outbox: RecordedOutbox) -> None:
    """The agent uses all descriptors but one while a task starts, and then closes them."""
    output(
        """
import os, resource, sys, steptrail
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
tracker = steptrail.Tracker(sys.argv[1])
used = []
try:
    while True:
        used.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    os.close(used.pop())
task = tracker.task("x")
tracker.flush()
for file in used:
    os.close(file)
task.step("Tap")
task.succeed()
tracker.close()
""",
        outbox.path,
    )

    assert outbox.task.end["status"] == "succeeded"
    assert len(outbox.task.steps) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_discarded_tasks_use_no_files(outbox: RecordedOutbox) -> None:
    output(
        """
import resource, sys, steptrail
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
with steptrail.Tracker(sys.argv[1]) as tracker:
    for number in range(200):
        tracker.task(str(number)).step("Tap")
        tracker.flush()
assert tracker.stats().written == 200
""",
        outbox.path,
    )

    assert len(outbox.tasks) == 200

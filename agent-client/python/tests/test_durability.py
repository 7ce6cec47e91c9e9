"""What survives a killed process, a slow disk, and the end of the process."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from conftest import TrackerFactory
from pictures import PNG
from programs import output, run, start
from recorded import RecordedOutbox
from steptrail import Tracker
from test_limits import Gate

KILLS = int(os.environ.get("STEPTRAIL_KILLS", "5"))

WRITES = """
import sys, steptrail
tracker = steptrail.Tracker(sys.argv[1], durability=sys.argv[2])
png = open(sys.argv[3], "rb").read()
task = tracker.task("x")
while True:
    print(task.step(thinking="hm", before=png), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@pytest.mark.parametrize("durability", ["written", "synced"])
def test_killed_process_loses_no_confirmed_step(
    tmp_path: Path, outbox: RecordedOutbox, durability: str
) -> None:
    """`STEPTRAIL_KILLS=100` kills 100 processes for each durability."""
    (tmp_path / "screen.png").write_bytes(PNG)
    confirmed = 0
    for _ in range(KILLS):
        process = start(WRITES, outbox.path, durability, tmp_path / "screen.png")
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        time.sleep(random.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        last = max(map(int, [line for line in lines if line] or ["1"]))

        task = outbox.tasks[-1]
        numbers = [step["step_number"] for step in task.steps]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= last
        assert all(task.frame(step["frames"][0]) == PNG for step in task.steps)
        confirmed += last
    assert len(outbox.tasks) == KILLS
    assert confirmed >= KILLS


class TestTimeout:
    def test_slow_writer_delays_the_agent_once(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        gate = Gate()
        tracker = new_tracker(durability="written", durability_timeout=1, redact_text=gate)
        task = tracker.task("x")
        started_at = time.monotonic()
        for _ in range(30):
            task.step(thinking="hm")
        assert time.monotonic() - started_at < 15  # 30 timeouts would take 30 s
        assert tracker.stats().unconfirmed == 31
        gate.open()
        tracker.flush()
        task.succeed()
        tracker.flush()

        assert tracker.stats().unconfirmed == 31
        assert len(outbox.task.steps) == 30

    def test_verdict_waits(self, new_tracker: TrackerFactory) -> None:
        gate = Gate()
        tracker = new_tracker(durability="written", durability_timeout=0.01, redact_text=gate)
        task_id = "00000000-0000-0000-0000-000000000001"
        assert tracker.verdict(task_id, "pass", evaluator="judge", reason="it is open")
        gate.open()

        assert tracker.stats().unconfirmed == 1

    def test_redactor_that_records_does_not_wait_for_itself(
        self, new_tracker: TrackerFactory, outbox: RecordedOutbox
    ) -> None:
        def redact(text: str) -> str:
            if text == "first":
                task.step(thinking="second")
            return text

        tracker = new_tracker(durability="written", durability_timeout=20, redact_text=redact)
        task = tracker.task("x")
        task.step(thinking="first")
        tracker.flush()

        assert [step["thinking"] for step in outbox.task.steps] == ["first", "second"]
        assert tracker.stats().unconfirmed == 0

    def test_failing_sync_is_counted(
        self, new_tracker: TrackerFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(fd: int) -> None:
            raise OSError(5, "Input/output error")

        tracker = new_tracker(durability="synced")
        monkeypatch.setattr(os, "fsync", fail)
        task = tracker.task("x")
        task.step(before=PNG)
        task.verdict("pass", evaluator="judge")
        task.succeed()

        assert tracker.stats().unconfirmed == 4
        assert tracker.stats().written == 1


class TestFlush:
    def test_times_out(self, new_tracker: TrackerFactory) -> None:
        gate = Gate()
        tracker = new_tracker(redact_text=gate)
        tracker.task("x")

        assert not tracker.flush(0.01)
        gate.open()
        assert tracker.flush()

    def test_of_several_threads(self, new_tracker: TrackerFactory) -> None:
        gate = Gate()
        tracker = new_tracker(redact_text=gate)
        task = tracker.task("x")
        results: list[bool] = []
        threads = [threading.Thread(target=lambda: results.append(task.flush())) for _ in range(8)]
        for thread in threads:
            thread.start()
        gate.open()
        for thread in threads:
            thread.join()

        assert results == [True] * 8

    def test_close_times_out(self, new_tracker: TrackerFactory) -> None:
        gate = Gate()
        tracker = new_tracker(redact_text=gate, close_timeout=0.01)
        tracker.task("x")
        tracker.close()

        assert "not written in time" in str(tracker.stats().last_error)
        gate.open()


class TestEndOfProcess:
    def test_writes_what_is_queued_and_ends_tasks_as_abandoned(
        self, outbox: RecordedOutbox
    ) -> None:
        output(
            "import sys, steptrail; task = steptrail.Tracker(sys.argv[1]).task('x')\n"
            "for _ in range(500): task.step(thinking='hm')",
            outbox.path,
        )

        assert len(outbox.task.steps) == 500
        assert outbox.task.end["status"] == "abandoned"
        assert outbox.task.end["end_reason"] == "abandoned"
        assert outbox.task.end["message"] == "the process ended before the task did"

    @pytest.mark.parametrize(
        ("code", "status", "message"),
        [
            ("raise ValueError('no')", "failed", "ValueError: no"),
            ("sys.exit(3)", "cancelled", "SystemExit: 3"),
            (
                "import signal, os; signal.signal(signal.SIGINT, signal.default_int_handler); "
                "os.kill(os.getpid(), signal.SIGINT)",  # a shell's background processes ignore it
                "cancelled",
                "KeyboardInterrupt",
            ),
        ],
    )
    def test_by_exception_ends_block_honestly(
        self, outbox: RecordedOutbox, code: str, status: str, message: str
    ) -> None:
        result = run(
            "import sys, steptrail, time\n"
            f"with steptrail.Tracker(sys.argv[1]).task('x'):\n    {code}\n    time.sleep(5)",
            outbox.path,
        )

        assert result.returncode != 0
        assert (outbox.task.end["status"], outbox.task.end["message"]) == (status, message)

    def test_in_a_thread_ends_its_task(self, outbox: RecordedOutbox) -> None:
        output(
            """
import sys, steptrail, threading, time
tracker = steptrail.Tracker(sys.argv[1])
def act():
    with tracker.task("x") as task:
        task.step(thinking="hm")
        started.set()
        time.sleep(60)
started = threading.Event()
threading.Thread(target=act, daemon=True).start()
started.wait()
""",
            outbox.path,
        )

        assert outbox.task.end["status"] == "abandoned"
        assert len(outbox.task.steps) == 1

    def test_recording_in_exit_handlers_is_safe(self, outbox: RecordedOutbox) -> None:
        result = run(
            """
import atexit, sys, steptrail
tracker = steptrail.Tracker(sys.argv[1])
def late():
    with steptrail.Tracker(sys.argv[1]).task("late") as task:
        task.step(thinking="hm")
        task.succeed()
atexit.register(late)
""",
            outbox.path,
        )

        assert result.returncode == 0, result.stderr
        assert "Traceback" not in result.stderr

    def test_close_may_wait_for_centuries(self, new_tracker: TrackerFactory) -> None:
        tracker = new_tracker(close_timeout=1e10)
        tracker.task("x").succeed()
        tracker.close()

        assert tracker.stats().queued == 0

    def test_handler_that_is_registered_after_the_import_may_record(
        self, outbox: RecordedOutbox
    ) -> None:
        output(
            """
import atexit, sys, steptrail
atexit.register(lambda: task.succeed("in the handler"))
task = steptrail.Tracker(sys.argv[1]).task("x")
""",
            outbox.path,
        )

        assert outbox.task.end["message"] == "in the handler"

    def test_without_threads_is_logged(
        self, tracker: Tracker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """As in an interpreter that does not allow daemon threads."""

        def fail(thread: threading.Thread) -> None:
            raise RuntimeError("daemon thread are not supported")

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fail)
            for _ in range(2):
                with tracker.task("x") as task:
                    assert task.step("Tap") == 0

        assert tracker.stats().lost_tasks == 2
        messages = [record.getMessage() for record in caplog.records]
        assert ["daemon thread" in message for message in messages].count(True) == 1

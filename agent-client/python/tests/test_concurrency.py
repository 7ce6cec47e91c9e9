"""Threads, forks, asyncio and signals."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import steptrail
from programs import output
from recorded import RecordedOutbox
from steptrail import Tracker
from steptrail._queue import EventQueue

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def test_64_threads_on_one_task(tracker: Tracker, outbox: RecordedOutbox) -> None:
    task = tracker.task("x")
    barrier = threading.Barrier(64)
    numbers: list[int] = []

    def act(thread: int) -> None:
        barrier.wait()
        for i in range(25):
            numbers.append(task.step(thinking=f"{thread}-{i}"))

    threads = [threading.Thread(target=act, args=(i,)) for i in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task.succeed()
    tracker.flush()

    assert sorted(numbers) == list(range(1, 1601))
    steps = outbox.task.steps
    assert [step["step_number"] for step in steps] == list(range(1, 1601))
    for i in range(64):
        own = [step["thinking"] for step in steps if step["thinking"].startswith(f"{i}-")]
        assert own == [f"{i}-{n}" for n in range(25)]


def test_current_task_of_threads(tracker: Tracker) -> None:
    found: list[Any] = []
    with tracker.task("x"):
        thread = threading.Thread(target=lambda: found.append(steptrail.current_task()))
        thread.start()
        thread.join()

    assert found == [None]


def test_activated_task_is_current_in_a_thread(tracker: Tracker, outbox: RecordedOutbox) -> None:
    @steptrail.records
    def tap() -> None: ...

    def work(task: steptrail.Task) -> None:
        with task.activate() as active:
            assert steptrail.current_task() is active is task
            tap()
        assert steptrail.current_task() is None

    with tracker.task("x") as task:
        thread = threading.Thread(target=work, args=(task,))
        thread.start()
        thread.join()
        assert task.is_open
        task.succeed()
    tracker.flush()

    assert [step["action"]["action"] for step in outbox.task.steps] == ["tap"]
    assert outbox.task.end["status"] == "succeeded"


def test_task_is_not_current_after_its_block(tracker: Tracker) -> None:
    def steps() -> Generator[int, None, None]:
        with tracker.task("x") as task:
            yield task.step("Tap")

    with tracker.task("x") as task:
        with task:
            assert steptrail.current_task() is task
        assert steptrail.current_task() is task
    assert steptrail.current_task() is None

    abandoned = steps()
    next(abandoned)
    assert steptrail.current_task() is not None
    threading.Thread(target=abandoned.close).start()  # in another context, like asyncio
    deadline = time.monotonic() + 30
    while steptrail.current_task() is not None:
        assert time.monotonic() < deadline


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_interrupted_first_event_starts_one_thread(outbox: RecordedOutbox) -> None:
    output(
        """
import sys, threading, steptrail
start = threading.Thread.start
def interrupted(thread):
    if attempts.append(thread) or len(attempts) == 1:
        raise KeyboardInterrupt  # before the thread runs
    start(thread)
    if len(attempts) == 2:
        raise KeyboardInterrupt  # while it waits for the thread
threading.Thread.start = interrupted
attempts = []
tracker = steptrail.Tracker(sys.argv[1], durability="written")
for _ in range(2):
    try:
        tracker.task("interrupted")
    except KeyboardInterrupt:
        pass
    else:
        raise AssertionError
with tracker.task("x") as task:
    task.step("Tap")
    task.succeed()
assert [thread.name for thread in threading.enumerate()].count("steptrail-writer") == 1
assert tracker.stats().unconfirmed == 0
tracker.close()
""",
        outbox.path,
    )

    assert outbox.tasks[-1].end["status"] == "succeeded"
    assert len(outbox.tasks[-1].steps) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_interrupted_step_is_counted(
    tracker: Tracker,
    outbox: RecordedOutbox,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    def interrupt(*_: object) -> None:
        raise error

    task = tracker.task("x")
    with monkeypatch.context() as patch:
        patch.setattr(EventQueue, "put", interrupt)
        if issubclass(error, Exception):
            assert task.step("Tap") == 1
        else:
            with pytest.raises(error):
                task.step("Tap")
    assert task.step("Tap") == 2
    task.succeed()
    tracker.flush()

    assert sum(outbox.task.losses["dropped_steps"].values()) == 1
    assert [step["step_number"] for step in outbox.task.steps] == [2]


class TestAsyncio:
    def test_tasks_have_their_own_current_task(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        @steptrail.records
        async def tap(x: int) -> int:
            await asyncio.sleep(0)
            return x

        async def run(name: str) -> None:
            async with tracker.task(name) as task:
                for i in range(5):
                    assert steptrail.current_task() is task
                    assert await tap(i) == i
                task.succeed()

        async def main() -> bool:
            await asyncio.gather(*(run(f"task {i}") for i in range(10)))
            return await tracker.task("last").aflush()

        assert asyncio.run(main())
        assert len(outbox.tasks) == 11
        for task in outbox.tasks[:-1]:
            results = [step["action_result"] for step in task.steps]
            assert results == [{"value": i} for i in range(5)]

    def test_cancellation_ends_as_cancelled(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        async def run() -> None:
            async with tracker.task("x") as task:
                with task.begin_step(action="Wait"):
                    await asyncio.sleep(60)

        async def main() -> None:
            running = asyncio.create_task(run())
            await asyncio.sleep(0.01)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

        asyncio.run(main())
        tracker.flush()

        assert outbox.task.end["status"] == "cancelled"
        [step] = outbox.task.steps
        assert step["error_message"] == "CancelledError"

    def test_generator_that_is_closed_elsewhere(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        def steps() -> Any:
            with tracker.task("x"):
                yield

        async def main() -> None:
            generator = steps()
            next(generator)
            await asyncio.to_thread(generator.close)

        asyncio.run(main())
        tracker.flush()

        assert outbox.task.end["message"] == "GeneratorExit"


FORK = """
import os, sys, threading, steptrail
tracker = steptrail.Tracker(sys.argv[1])
task = tracker.task("parent")
task.step(thinking="before")
busy = threading.Event()

def hold_locks():
    recorder = tracker._recorder
    with recorder.writer.queue.lock, recorder.ledger._lock, task._state.losses._lock:
        busy.set()
        forked.wait()

forked = threading.Event()
threading.Thread(target=hold_locks, daemon=True).start()
busy.wait()
pid = os.fork()
if pid == 0:
    assert task.step(thinking="in the child") == 0
    task.succeed("in the child")
    assert not task.is_open
    assert tracker.stats().dropped_steps == {"no_task": 1}
    with tracker.task("child", previous_task_id=task.id) as own:
        own.step(thinking="child")
        own.succeed()
    assert tracker.flush()
    os._exit(0)
forked.set()
assert os.waitpid(pid, 0)[1] == 0
task.step(thinking="after")
task.succeed("parent")
tracker.close()
"""


@forks
class TestFork:
    def test_child_records_its_own_tasks(self, outbox: RecordedOutbox) -> None:
        output(FORK, outbox.path)

        parent, child = outbox.tasks
        assert [step["thinking"] for step in parent.steps] == ["before", "after"]
        assert parent.end["message"] == "parent"
        assert [step["thinking"] for step in child.steps] == ["child"]
        assert child.start["previous_task_id"] == parent.start["task_id"]

    def test_process_of_multiprocessing_writes_at_its_end(
        self, outbox: RecordedOutbox, tmp_path: Path
    ) -> None:
        output(
            """
import multiprocessing, sys, steptrail
tracker = steptrail.Tracker(sys.argv[1])
def act(name):
    task = tracker.task(name)
    for _ in range(200):
        task.step(thinking="hm")
context = multiprocessing.get_context("fork")
processes = [context.Process(target=act, args=(str(i),)) for i in range(3)]
for process in processes: process.start()
for process in processes: process.join()
""",
            outbox.path,
        )

        assert sorted(task.start["description"] for task in outbox.tasks) == ["0", "1", "2"]
        assert all(len(task.steps) == 200 for task in outbox.tasks)
        assert all(task.end["status"] == "abandoned" for task in outbox.tasks)

    def test_child_has_the_default_tracker(self, outbox: RecordedOutbox) -> None:
        output(
            """
import os, sys, threading, steptrail
from steptrail import _default
tracker = steptrail.configure(sys.argv[1])
def fork():
    pid = os.fork()
    if pid == 0:
        with steptrail.task("child") as task:
            task.succeed()
        assert task.tracker is tracker
        assert steptrail.flush()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
with _default._lock:
    thread = threading.Thread(target=fork)
    thread.start()
    thread.join()
""",
            outbox.path,
        )

        assert outbox.task.end["status"] == "succeeded"

    def test_discarded_tracker_in_child_does_not_block(self, outbox: RecordedOutbox) -> None:
        output(
            """
import gc, os, sys, threading, steptrail
tracker = steptrail.Tracker(sys.argv[1])
tracker.task("x").succeed()
tracker.flush()
tracker._recorder.writer.queue.lock.acquire()
def fork():
    pid = os.fork()
    if pid == 0:
        global tracker
        del tracker
        gc.collect()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
thread = threading.Thread(target=fork)
thread.start()
thread.join()
tracker._recorder.writer.queue.lock.release()
""",
            outbox.path,
        )


def test_spawned_process_records_with_default_tracker(
    outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(outbox.path))
    process = multiprocessing.get_context("spawn").Process(target=record_with_default_tracker)
    process.start()
    process.join()

    assert process.exitcode == 0
    assert outbox.task.end["status"] == "succeeded"


def record_with_default_tracker() -> None:
    with steptrail.task("x") as task:
        task.step(thinking="hm")
        task.succeed()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_signal_handlers_may_record(outbox: RecordedOutbox) -> None:
    output(
        """
import signal, sys, steptrail
tracker = steptrail.Tracker(sys.argv[1])
task = tracker.task("x")
handled = 0
def handle(*_):
    global handled
    handled += 1
    task.step(thinking="signal")
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
steps = 0
while handled < 200:
    task.step(thinking="hm")
    steps += 1
signal.setitimer(signal.ITIMER_REAL, 0)
task.succeed()
tracker.close()
stats = tracker.stats()
assert stats.written + sum(stats.dropped_steps.values()) == handled + steps, (stats, handled, steps)
""",
        outbox.path,
    )

    numbers = [step["step_number"] for step in outbox.task.steps]
    assert len(set(numbers)) == len(numbers)

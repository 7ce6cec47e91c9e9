"""The events of the queue, and the thread that writes them."""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from . import _lifecycle, _records
from ._errors import loss_reason
from ._ids import format_ns
from ._losses import Losses
from ._queue import EventQueue
from ._recording import Disk, TaskRecording, VerdictRecording
from ._records import Record
from ._step_record import StepData
from ._usage import ModelCall

_RETRY_INTERVAL_SECONDS = 1.0
_MAX_PENDING_ENDS = 64
"""Ends to retry. Each keeps its task's files open; the oldest is given up first."""


@dataclass(slots=True, eq=False)
class TaskState:
    """A task as the recorder and the writer share it.

    The second group of fields is guarded by the lock of the writer's queue, and the last one is
    used by the writer's thread alone.
    """

    id: str
    writer: Writer
    """That of the process that started the task."""
    losses: Losses

    is_open: bool = False
    last_number: int = 0
    model_calls: list[ModelCall] = field(default_factory=list)

    recording: TaskRecording | None = None


@dataclass(slots=True, eq=False)
class TaskStarted:
    task: TaskState
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class StepRecorded:
    task: TaskState
    number: int
    data: StepData
    bytes: int
    dropped_screenshots: int
    """Those that did not fit into the queue."""


@dataclass(slots=True, eq=False)
class TaskEnded:
    task: TaskState
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class VerdictRecorded:
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class Closed:
    bytes: int = 0


Event = TaskStarted | StepRecorded | TaskEnded | VerdictRecorded | Closed


class Writer:
    """Takes events from its queue and writes them. A failure affects only its own event.

    The thread starts with the first event, because most forked processes record nothing.
    """

    def __init__(self, disk: Disk, queue: EventQueue[Event], syncs: bool) -> None:
        self.queue = queue
        self.is_closing = False
        """Whether new tasks and verdicts are refused. Guarded by the lock of the queue."""
        self.open_tasks: set[TaskState] = set()
        """The tasks that accept steps. Guarded by the lock of the queue."""
        self.ledger = disk.ledger
        self._disk = disk
        self._syncs = syncs
        self._thread: threading.Thread | None = None
        self._is_running = False
        self._is_closed = False
        # Used by the thread alone.
        self._verdicts = VerdictRecording(disk)
        self._recorded: set[TaskState] = set()
        self._pending_ends: deque[TaskEnded] = deque()

    def start(self) -> None:
        """Starts the thread if it does not run. The caller holds the lock of the queue.

        Raises RuntimeError if no thread can be started, for example while the interpreter exits.
        """
        # A KeyboardInterrupt may end `Thread.start` before or after the thread runs.
        if self._thread is None or self._thread.ident is None:
            thread = threading.Thread(target=self._run, name="steptrail-writer", daemon=True)
            _lifecycle.writers.add(self)
            _lifecycle.register_in_process(os.getpid())
            self._thread = thread
            try:
                thread.start()
            except Exception as e:
                self._thread = None
                _lifecycle.writers.discard(self)
                self.ledger.warn("no_thread", f"the writer's thread cannot be started: {e}")
                with suppress(Exception):  # such as an error of a log handler
                    self.ledger.log_pending()  # no other thread does
                raise

    @property
    def written_bytes(self) -> int:
        return self._disk.quota.written

    def is_current_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def put(self, event: Event) -> None:
        """Queues an event. The caller holds the lock of the queue. Raises as `start` does."""
        self.start()
        self.queue.put(event)

    def refuse_tasks(self) -> None:
        """Refuses new tasks and verdicts from now on."""
        with self.queue.lock:
            self.is_closing = True

    def close(self) -> None:
        """Makes the thread write what is queued and exit. Does not wait for it."""
        with self.queue.lock:
            self.is_closing = True
            if self._thread is not None and not self._is_closed:
                self.queue.put(Closed())
            self._is_closed = True

    def join(self, timeout: float) -> bool:
        """Waits until the thread has exited. Returns False after `timeout` seconds."""
        if self._thread is None or self._thread.ident is None or self.is_current_thread():
            return True
        self._thread.join(min(timeout, threading.TIMEOUT_MAX))
        return not self._thread.is_alive()

    # Everything below runs on the thread.

    def _run(self) -> None:
        with self.queue.lock:
            if self._is_running:  # an earlier thread, whose start was interrupted
                return
            self._is_running = True
            self._thread = threading.current_thread()
        try:
            while self._run_next():
                pass
            self._finish()
            self.queue.complete(Closed())
        finally:
            _lifecycle.writers.discard(self)

    def _run_next(self) -> bool:
        """Handles the next event. Returns False if that is the last one.

        A separate method, so that no variable keeps the last event while the thread waits.
        """
        timeout = self._idle() if self.queue.is_empty() else None
        event = self.queue.get(timeout)
        if event is not None and not isinstance(event, Closed):
            self._attempt(event)
        return not isinstance(event, Closed)

    def _attempt(self, event: Event) -> None:
        try:
            self._handle(event)
        except BaseException as e:  # an event must not end the thread
            self.ledger.warn(loss_reason(e), e)
        finally:
            self.queue.complete(event)

    def _idle(self) -> float | None:
        """Does what can wait. Returns the seconds until it must be repeated; None if never."""
        try:
            self._retry_ends()
            written = [
                task.recording.write_new_losses(True) for task in self._recorded if task.recording
            ]
            self.ledger.log_pending()
        except BaseException as e:  # such as an error of a log handler
            self.ledger.last_error = type(e).__name__
            return _RETRY_INTERVAL_SECONDS
        return None if all(written) and not self._pending_ends else _RETRY_INTERVAL_SECONDS

    def _finish(self) -> None:
        self._idle()
        while self._pending_ends:
            self._give_up(self._pending_ends.popleft())
        for task in list(self._recorded):
            self._close(task)
        self._verdicts.close()
        self._idle()

    def _handle(self, event: Event) -> None:
        if isinstance(event, StepRecorded):
            self._write_step(event)
        elif isinstance(event, TaskStarted):
            self._write_start(event)
        elif isinstance(event, TaskEnded):
            self._pending_ends.append(event)
            self._retry_ends()
        elif isinstance(event, VerdictRecorded):
            self._write_verdict(event)

    def _write_start(self, event: TaskStarted) -> None:
        self._retry_ends()
        task = event.task
        try:
            task.recording = TaskRecording(self._disk, event.record, task.losses)
        except BaseException:
            self.ledger.count("lost_tasks")
            raise
        self._recorded.add(task)
        task.recording.start()  # if this fails, each step tries again
        self._sync(task.recording)

    def _write_step(self, event: StepRecorded) -> None:
        task, recording = event.task, event.task.recording
        try:
            if recording is None:
                raise ValueError("its task could not be recorded")
            if event.dropped_screenshots:
                task.losses.add(
                    "dropped_screenshots", "frame_queue_full", event.dropped_screenshots
                )
            record = _records.create("step", task.id, format_ns(event.data.time_ns))
            record["step_number"] = event.number
            record.update(event.data.fields)
            recording.add_step(record, event.data.screenshots)
        except BaseException as e:
            self.ledger.lose(task.losses, "dropped_steps", loss_reason(e), e)
            if recording is not None:
                recording.write_new_losses(at_once=False)
            return
        self.ledger.count("written")
        self._sync(recording)

    def _write_verdict(self, event: VerdictRecorded) -> None:
        try:
            self._verdicts.add(event.record)
        except BaseException as e:
            self.ledger.count("lost_verdicts")
            self.ledger.warn(loss_reason(e), e)
            return
        self._sync(self._verdicts)

    def _sync(self, recording: TaskRecording | VerdictRecording) -> None:
        if self._syncs:
            try:
                recording.sync()
            except OSError as e:
                self.ledger.count("unconfirmed")
                self.ledger.warn("not_synced", e)

    def _retry_ends(self) -> None:
        """Writes the ends of tasks. Ends that fail are retried, because a task without an end is
        marked as abandoned."""
        for event in list(self._pending_ends):
            recording = event.task.recording
            try:
                if recording is not None:
                    recording.end(event.record)
                    self._sync(recording)
            except BaseException as e:
                self.ledger.warn(loss_reason(e), e)
                continue
            self._pending_ends.remove(event)
            if recording is None:
                self.ledger.count("lost_ends")
            self._close(event.task)
        while len(self._pending_ends) > _MAX_PENDING_ENDS:
            self._give_up(self._pending_ends.popleft())

    def _give_up(self, event: TaskEnded) -> None:
        self.ledger.count("lost_ends")
        message = "the end of a task could not be written; the task will be marked as abandoned"
        self.ledger.warn("lost_end", message)
        self._close(event.task)

    def _close(self, task: TaskState) -> None:
        recording, task.recording = task.recording, None
        self._recorded.discard(task)
        if recording is not None:
            try:
                recording.close()
            except OSError as e:
                self.ledger.warn("outbox_unwritable", e)

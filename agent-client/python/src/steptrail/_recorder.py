"""Numbers and queues what is recorded, and counts what is not."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from . import _lifecycle, _records, _step_record, _task_record
from ._errors import loss_reason
from ._ids import uuid7
from ._limits import MAX_INT
from ._losses import Ledger, Losses
from ._queue import EventQueue
from ._recording import Disk
from ._redaction import Redaction
from ._stats import Stats
from ._step_record import StepData, StepFields
from ._task_record import EndReason, Status
from ._usage import MAX_CALLS, ModelCall, add_call
from ._values import ValueReader
from ._writer import (
    Event,
    StepRecorded,
    TaskEnded,
    TaskStarted,
    TaskState,
    VerdictRecorded,
    Writer,
)

_FULL_OR_CLOSED = "the queue is full, or the tracker is closed"

Durability = Literal["queued", "written", "synced"]


@dataclass(frozen=True)
class Settings:
    """The settings of a tracker, except the defaults of its tasks; `Tracker` documents them."""

    outbox: Path
    durability: Durability
    durability_timeout: float
    max_queued_steps: int
    max_queued_bytes: int
    max_outbox_bytes: int
    redaction: Redaction
    record_model_calls: bool
    close_timeout: float


class Recorder:
    """The queue, writer and counters of a tracker. Methods do not raise. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._finalizer: weakref.finalize[Any, Recorder] | None = None
        self.start_over()
        _lifecycle.recorders.add(self)

    def start_over(self) -> None:
        """Creates an empty queue and its writer. In a forked process, locks that other threads of
        the parent held would never be released; the parent writes what was queued."""
        if self._finalizer is not None:
            self._finalizer.detach()
        settings = self.settings
        self.ledger = Ledger()
        disk = Disk(settings.outbox, settings.max_outbox_bytes, settings.redaction, self.ledger)
        queue: EventQueue[Event] = EventQueue(settings.max_queued_steps, settings.max_queued_bytes)
        self.writer = Writer(disk, queue, settings.durability == "synced")
        self._timed_out_position = 0
        # Neither the thread nor a task's state refers to the recorder: one that is discarded stops
        # its thread.
        message = "the tracker was discarded"
        self._finalizer = weakref.finalize(self, _close, self.writer, "abandoned", message)
        self._finalizer.atexit = False

    def is_open(self, task: TaskState) -> bool:
        """Whether the task accepts steps. False in a forked process, which has another writer."""
        return task.is_open and task.writer is self.writer

    def start_task(self, **fields: Any) -> TaskState:
        """Queues the start of a task. If it is dropped, the task is not open.

        fields: those of `_task_record.started`.
        """
        task = TaskState(uuid7(), self.writer, Losses(self.ledger.losses))
        queue = self.writer.queue
        try:
            record, size, unreadable = _task_record.started(task.id, **fields)
            self.ledger.count("unreadable_values", unreadable)
            self.ledger.count_invalid("task", record.get("invalid_fields", ()))
            with queue.lock:
                if self.writer.is_closing or not queue.fits_reserve(size):
                    self.ledger.count("lost_tasks")
                    self.ledger.warn("no_task", f"a task is not recorded: {_FULL_OR_CLOSED}")
                    return task
                self.writer.put(TaskStarted(task, record, size))
                self.writer.open_tasks.add(task)
                task.is_open = True
            self._await_durability()
        except Exception as e:
            self.ledger.count("lost_tasks")
            self.ledger.warn(loss_reason(e), e)
        return task

    def add_model_call(self, task: TaskState, call: ModelCall) -> None:
        """Adds a model call to the step that is recorded next."""
        with self.writer.queue.lock:
            if self.is_open(task) and not add_call(task.model_calls, call):
                self.ledger.warn("model_calls", f"a step has more than {MAX_CALLS} model calls")

    def record_step(
        self,
        task: TaskState,
        arguments: StepFields,
        observed: Sequence[ModelCall] = (),
        reader: ValueReader | None = None,
    ) -> int:
        """Numbers and queues a step. Returns its number; 0 if the task is not open.

        observed: the model calls within the step; those that were added to the task come first.
        reader: the reader that has copied some of the arguments.
        """
        error: Exception | None = None
        step: StepData | None = None
        try:
            with self.writer.queue.lock:
                calls, task.model_calls = [*task.model_calls, *observed], []
            step = _step_record.build(arguments, calls, self.settings.record_model_calls, reader)
            if step.unreadable:
                self.ledger.count("unreadable_values", step.unreadable)
                self.ledger.warn("unreadable", "a value of the agent could not be read")
            self.ledger.count_invalid("step", step.fields.get("invalid_fields", ()))
        except Exception as e:
            error = e
        number = 0
        try:
            with self.writer.queue.lock:
                if not self.is_open(task) or task.last_number == MAX_INT:
                    message = "a step was dropped: its task has ended, or is not recorded"
                    self.ledger.lose(None, "dropped_steps", "no_task", message)
                    return 0
                task.last_number = number = task.last_number + 1
                if step is None:
                    self.ledger.lose(task.losses, "dropped_steps", "invalid", error)
                    self.writer.queue.wake()  # to write the loss
                else:
                    self._put_step(task, number, step)
        except BaseException as e:
            if number:
                self.ledger.lose(task.losses, "dropped_steps", loss_reason(e), e)
            if not isinstance(e, Exception):  # such as KeyboardInterrupt
                raise
            return number
        self._await_durability()
        return number

    def _put_step(self, task: TaskState, number: int, step: StepData) -> None:
        free = self.writer.queue.free_bytes()
        if step.text_bytes > free:
            message = "a step does not fit into the queue"
            self.ledger.lose(task.losses, "dropped_steps", "queue_full", message)
            return
        size = step.text_bytes + step.screenshot_bytes
        dropped = 0
        if size > free:
            self.ledger.warn("frame_queue_full", "screenshots do not fit into the queue")
            dropped, step.screenshots = len(step.screenshots), []
            size = step.text_bytes
        self.writer.put(StepRecorded(task, number, step, size, dropped))

    def end_task(
        self, task: TaskState, status: Status, end_reason: EndReason | None, message: object
    ) -> None:
        """Queues the end of a task, unless it has ended or belongs to another process."""
        if task.writer is self.writer:
            _end_task(task, status, end_reason, message)
            self._await_durability()

    def discard_task(self, task: TaskState) -> None:
        """Like `end_task` for a task that nothing refers to. Does not wait: the garbage collector
        may run while the thread holds locks that the writer needs."""
        if task.writer is self.writer:
            _end_task(task, "abandoned", None, "the task was discarded before it ended")

    def record_verdict(self, *fields: Any) -> bool:
        """Queues a verdict. Returns False if it is not valid or dropped.

        fields: those of `_task_record.verdict`.
        """
        try:
            record, size = _task_record.verdict(*fields)
            with self.writer.queue.lock:
                if self.writer.is_closing or size > self.writer.queue.free_bytes():
                    raise ValueError(_FULL_OR_CLOSED)
                self.writer.put(VerdictRecorded(record, size))
            self._await_durability()
        except Exception as e:
            problem = e if type(e) is ValueError else type(e).__name__
            self.ledger.count("lost_verdicts")
            self.ledger.warn("lost_verdict", f"a verdict is not recorded: {problem}")
            return False
        return True

    def flush(self, timeout: float) -> bool:
        """Waits until everything queued so far is completed. Returns False after the timeout."""
        return self.writer.queue.wait(self.writer.queue.position, timeout)

    def stats(self) -> Stats:
        """Returns the counters, without access to the disk."""
        queue, ledger = self.writer.queue, self.ledger
        return Stats(
            queued=queue.size,
            queued_bytes=queue.bytes,
            written=ledger.counted("written"),
            written_bytes=self.writer.written_bytes,
            dropped_steps=ledger.losses.of("dropped_steps"),
            dropped_screenshots=ledger.losses.of("dropped_screenshots"),
            withheld_texts=ledger.counted("withheld_texts"),
            unreadable_values=ledger.counted("unreadable_values"),
            invalid_fields=ledger.counted("invalid_fields"),
            unconfirmed=ledger.counted("unconfirmed"),
            lost_tasks=ledger.counted("lost_tasks"),
            lost_ends=ledger.counted("lost_ends"),
            lost_verdicts=ledger.counted("lost_verdicts"),
            last_error=ledger.last_error,
        )

    def end_with_process(self) -> tuple[Writer, float]:
        """Ends open tasks. Returns the writer, and how long to wait for it, in seconds."""
        self.close("abandoned", "the process ended before the task did")
        return self.writer, self.settings.close_timeout

    def close(self, status: Status, message: str) -> None:
        """Ends open tasks, and lets the writer exit once everything is written."""
        _close(self.writer, status, message)

    def join(self) -> None:
        """Waits until the writer has exited, for up to `close_timeout` seconds."""
        if not self.writer.join(self.settings.close_timeout):
            size = self.writer.queue.size
            self.ledger.warn("not_closed", f"{size} records were not written in time")

    def _await_durability(self) -> None:
        """Waits until what was queued is written, if the tracker's durability requires it.

        After a timeout, calls do not wait until the writer has caught up: a disk that hangs blocks
        the agent once.
        """
        if self.settings.durability == "queued" or self.writer.is_current_thread():
            return
        queue = self.writer.queue
        position = queue.position
        if not queue.is_completed(self._timed_out_position):
            self.ledger.count("unconfirmed")
        elif not queue.wait(position, self.settings.durability_timeout):
            self._timed_out_position = position
            self.ledger.count("unconfirmed")


def _end_task(
    task: TaskState, status: Status, end_reason: EndReason | None, message: object
) -> None:
    ledger, queue, open_tasks = task.writer.ledger, task.writer.queue, task.writer.open_tasks
    try:
        fields, size, invalid = _task_record.end_fields(status, end_reason, message)
        with queue.lock:
            if not task.is_open:
                return
            ledger.count_invalid("task", invalid)
            task.is_open = False
            open_tasks.discard(task)
            if not queue.fits_reserve(size):
                ledger.count("lost_ends")
                ledger.warn("lost_end", "the end of a task does not fit into the queue")
                return
            record = _records.create("task_ended", task.id)
            record.update(fields, last_step_number=task.last_number)
            task.writer.put(TaskEnded(task, record, size))
    except Exception as e:
        ledger.count("lost_ends")
        ledger.warn("lost_end", e)


def _close(writer: Writer, status: Status, message: str) -> None:
    writer.refuse_tasks()
    for task in list(writer.open_tasks):
        _end_task(task, status, None, message)
    writer.close()

"""The tracker: settings of a recording, and the queue and thread that write it."""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

from . import _lifecycle, _records, _step_record, _task_record
from ._errors import loss_reason
from ._events import EventQueue, StepRecorded, TaskEnded, TaskStarted, VerdictRecorded
from ._ids import uuid7
from ._limits import (
    DEFAULT_MAX_OUTBOX_BYTES,
    DEFAULT_MAX_QUEUED_BYTES,
    DEFAULT_MAX_QUEUED_STEPS,
    MAX_INT,
    MIN_OUTBOX_BYTES,
)
from ._losses import Ledger, Losses
from ._outbox import create_outbox, default_outbox
from ._recording import Disk
from ._redaction import Redaction
from ._stats import Stats
from ._task import Task
from ._writer import Writer

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._redaction import Regions, ScreenshotRedactor, TextRedactor
    from ._step import StepFields
    from ._step_record import StepData
    from ._task import EndReason, Status, VerdictValue
    from ._usage import ModelCall

Durability = Literal["queued", "written", "synced"]


class Tracker:
    """Records tasks into an outbox, a folder of files that `steptrail ship` delivers.

    After the constructor, no method raises an exception of the recorder, and recording does not
    wait for the disk, unless `durability` requires it: records go through a bounded queue to a
    thread that converts, redacts and writes them. What does not fit is dropped and counted in the
    task's `losses` and in `stats()`; the number of a dropped step is not reused. Each reason is
    logged once by the logger `steptrail`.

    Thread-safe. Any number of tasks may be open at once. A forked process continues with an empty
    queue and its own tasks; the parent writes those that were open. Open tasks end as abandoned
    when the process exits.

    outbox: the folder, created if it does not exist; several processes may share it. Default
        `$STEPTRAIL_OUTBOX`, or `~/.steptrail/outbox`.
    agent, model, device_id: the defaults of tasks: the program, the name of its model, and the id
        of the phone in its driver.
    durability: what a step survives once `step` has returned: `queued` (default) nothing, so that a
        killed process may lose its last milliseconds; `written` a killed process; `synced` a power
        cut, because the files are forced to the disk.
    durability_timeout: how long a call waits for its durability, in seconds. Default 5. After a
        timeout, calls return at once until the disk has caught up, counted as `unconfirmed`.
    max_queued_steps, max_queued_bytes: the bounds of the queue. Default 10,000 steps and 64 MiB of
        texts and screenshots. Screenshots are dropped first, then steps.
    max_outbox_bytes: the size limit of the outbox, including files of other writers, at least 1
        MiB. Default 2 GiB. Near the limit, screenshots are dropped first, then steps; starts,
        losses and ends of tasks are always written.
    redact_text: called on the writer's thread with each text before it is written: instructions,
        thinking, errors, messages, reasons, and the strings and numbers (not keys) in actions,
        their results, metadata, attributes, and what a model received and returned. It returns the
        text to write, or None. If it raises, the field is omitted, counted and listed in
        `withheld_fields`.
    redact_screenshot: regions `(x, y, width, height)` to black out in each screenshot; or a
        function that is called on the writer's thread with the PNG and a `ScreenshotContext`, and
        returns regions, another PNG, or None to drop the screenshot, counted as `withheld`. If it
        raises, the screenshot is dropped, counted as `redaction_failed`.
    record_model_calls: whether to record what models received and returned. Default False.
    close_timeout: how long `close` and the end of the process wait for the writer, in seconds.
        Default 10.
    require_outbox: whether the constructor raises OSError if the outbox cannot be created or
        written. Otherwise each record tries again, and steps are counted as `outbox_unwritable`.

    Raises ValueError or TypeError for an invalid argument.
    """

    def __init__(
        self,
        outbox: str | os.PathLike[str] | None = None,
        *,
        agent: str | None = None,
        model: str | None = None,
        device_id: str | None = None,
        durability: Durability = "queued",
        durability_timeout: float = 5.0,
        max_queued_steps: int = DEFAULT_MAX_QUEUED_STEPS,
        max_queued_bytes: int = DEFAULT_MAX_QUEUED_BYTES,
        max_outbox_bytes: int = DEFAULT_MAX_OUTBOX_BYTES,
        redact_text: TextRedactor | None = None,
        redact_screenshot: ScreenshotRedactor | Regions | None = None,
        record_model_calls: bool = False,
        close_timeout: float = 10.0,
        require_outbox: bool = True,
    ) -> None:
        if durability not in get_args(Durability):
            raise ValueError(f"durability must be queued, written or synced, but is {durability!r}")
        _require_number("durability_timeout", durability_timeout, 0)
        _require_number("close_timeout", close_timeout, 0)
        _require_number("max_queued_steps", max_queued_steps, 1)
        _require_number("max_queued_bytes", max_queued_bytes, 1024)
        _require_number("max_outbox_bytes", max_outbox_bytes, MIN_OUTBOX_BYTES)
        # Absolute, because the program may change its working directory.
        self._outbox = Path(default_outbox() if outbox is None else outbox).absolute()
        self._agent = agent
        self._model = model
        self._device_id = device_id
        self._durability = durability
        self._durability_timeout = durability_timeout
        self._max_queued_steps = max_queued_steps
        self._max_queued_bytes = max_queued_bytes
        self._max_outbox_bytes = max_outbox_bytes
        self._redaction = Redaction(redact_text, redact_screenshot)
        self._record_model_calls = record_model_calls
        self._close_timeout = close_timeout
        self._finalizer: weakref.finalize[Any, Tracker] | None = None
        self._start_over()
        try:
            create_outbox(self._outbox)
        except OSError as e:
            if require_outbox:
                raise
            self._ledger.warn("outbox_unwritable", e)
        _lifecycle.trackers.add(self)

    @property
    def outbox(self) -> Path:
        """The absolute path of the outbox."""
        return self._outbox

    @property
    def agent(self) -> str | None:
        """The default agent of tasks."""
        return self._agent

    @property
    def model(self) -> str | None:
        """The default model of tasks."""
        return self._model

    @property
    def device_id(self) -> str | None:
        """The default device of tasks."""
        return self._device_id

    @property
    def record_model_calls(self) -> bool:
        """Whether it is recorded what models received and returned."""
        return self._record_model_calls

    def task(
        self,
        instruction: str | None = None,
        *,
        agent: str | None = None,
        model: str | None = None,
        device_id: str | None = None,
        name: str | None = None,
        experiment: str | None = None,
        case_id: str | None = None,
        repeat: int | None = None,
        attributes: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        previous_task_id: str | None = None,
    ) -> Task:
        """Starts a task. Use it in a `with` block, or end it with one of its methods.

        instruction: the text that the agent was given.
        agent, model, device_id: as in the constructor, for this task.
        name: a name for the task.
        experiment: the experiment that the task belongs to: 1 to 200 characters without control
            characters, `\\` and `%`; slashes may separate parts, none of which is empty, `.` or
            `..`.
        case_id: the case of the experiment that the task repeats, 1 to 200 characters.
        repeat: the number of the repeat of the case, 0 or more.
        attributes: what the experiment varies, such as `{"app_version": "8.1"}`.
        metadata: additional data.
        tags: stored as `tags` in the metadata.
        previous_task_id: the id of the task that this task continues after a restart of the agent.

        A value that is not valid is omitted, listed in the record's `invalid_fields` and logged.
        """
        task = Task(self, uuid7(), self._writer, Losses(self._ledger.losses))
        try:
            started, size, unreadable = _task_record.started(
                task.id,
                description=instruction,
                agent=self._agent if agent is None else agent,
                model=self._model if model is None else model,
                device_id=self._device_id if device_id is None else device_id,
                name=name,
                experiment=experiment,
                case_id=case_id,
                repeat=repeat,
                attributes=attributes,
                metadata=metadata,
                tags=tags,
                previous_task_id=previous_task_id,
            )
            self._ledger.count("unreadable_values", unreadable)
            invalid = started.get("invalid_fields")
            if invalid:
                self._ledger.warn("invalid_fields", f"a task has invalid {', '.join(invalid)}")
            self._start_task(task, TaskStarted(task, started, size))
        except Exception as e:
            self._ledger.count("lost_tasks")
            self._ledger.warn(loss_reason(e), e)
        return task

    def verdict(
        self,
        task_id: str,
        value: VerdictValue,
        *,
        evaluator: str,
        name: str = "success",
        version: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """Records an automatic verdict on any task, also of another process or long after its end.

        A later verdict of the same name and evaluator replaces an earlier one. People judge through
        the API.

        value: `pass`, `fail` or `unclear`; True and False mean `pass` and `fail`. A number if the
            name is not `success`.
        evaluator: the program that judges, 1 to 200 characters.
        name: what is judged, 1 to 100 characters. Default whether the task succeeded.
        version: the version of the evaluator, 1 to 200 characters.
        reason: an explanation for people.

        Returns False if the verdict is invalid or was dropped, counted in `Stats.lost_verdicts`.
        """
        try:
            record, size = _task_record.verdict(task_id, value, evaluator, name, version, reason)
            with self._writer.queue.lock:
                if self._writer.is_closing or size > self._writer.queue.free_bytes():
                    return self._lose_verdict("the queue is full, or the tracker is closed")
                self._writer.put(VerdictRecorded(record, size))
        except ValueError as e:
            return self._lose_verdict(str(e))
        except Exception as e:
            return self._lose_verdict(f"{type(e).__name__}")
        self._await_durability()
        return True

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until everything recorded so far is written or counted as lost.

        Returns False after `timeout` seconds. Blocks the calling thread; see `Task.aflush` for
        asyncio.
        """
        return self._writer.queue.wait(self._writer.queue.position, timeout)

    def stats(self) -> Stats:
        """Returns the counters of this tracker. Does not access the disk."""
        queue, ledger = self._writer.queue, self._ledger
        return Stats(
            queued=queue.size,
            queued_bytes=queue.bytes,
            written=ledger.counted("written"),
            written_bytes=self._writer.written_bytes,
            dropped_steps=ledger.losses.of("dropped_steps"),
            dropped_screenshots=ledger.losses.of("dropped_screenshots"),
            withheld_texts=ledger.counted("withheld_texts"),
            unreadable_values=ledger.counted("unreadable_values"),
            unconfirmed=ledger.counted("unconfirmed"),
            lost_tasks=ledger.counted("lost_tasks"),
            lost_ends=ledger.counted("lost_ends"),
            lost_verdicts=ledger.counted("lost_verdicts"),
            last_error=ledger.last_error,
        )

    def close(self) -> None:
        """Ends open tasks as cancelled, and waits for the writer, for up to `close_timeout`
        seconds.

        Tasks that are started later are not recorded, and their steps are counted as `no_task`.
        """
        self._close_writer("cancelled", "the tracker was closed")
        if not self._writer.join(self._close_timeout):
            size = self._writer.queue.size
            self._ledger.warn("not_closed", f"{size} records were not written in time")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Used by Task and by the handlers of forks and of the end of the process.

    def _start_over(self) -> None:
        """Creates an empty queue and its writer. In a forked process, locks that other threads of
        the parent held would never be released; the parent writes what was queued."""
        if self._finalizer is not None:
            self._finalizer.detach()
        self._ledger = Ledger()
        disk = Disk(self._outbox, self._max_outbox_bytes, self._redaction, self._ledger)
        queue = EventQueue(self._max_queued_steps, self._max_queued_bytes)
        self._writer = Writer(disk, queue, self._durability == "synced")
        self._timed_out_position = 0
        # The thread does not refer to the tracker: a tracker that is discarded stops its thread.
        self._finalizer = weakref.finalize(self, self._writer.close)
        self._finalizer.atexit = False

    def _start_task(self, task: Task, event: TaskStarted) -> None:
        queue = self._writer.queue
        with queue.lock:
            if self._writer.is_closing or not queue.fits_reserve(event.bytes):
                self._ledger.count("lost_tasks")
                self._ledger.warn("no_task", "a task is not recorded: the queue is full or closed")
                return
            self._writer.put(event)
            self._writer.open_tasks.add(task)
            task._open = True
        self._await_durability()

    def _record_step(
        self, task: Task, arguments: StepFields, observed: Sequence[ModelCall] = ()
    ) -> int:
        """Numbers and queues a step. Returns its number; 0 if the task is not open."""
        error: Exception | None = None
        step: StepData | None = None
        try:
            with self._writer.queue.lock:
                calls, task._model_calls = [*task._model_calls, *observed], []
            step = _step_record.build(arguments, calls, self._record_model_calls)
            if step.unreadable:
                self._ledger.count("unreadable_values", step.unreadable)
                self._ledger.warn("unreadable", "a value of the agent could not be read")
        except Exception as e:
            error = e
        try:
            with self._writer.queue.lock:
                if not task.is_open or task._last_number == MAX_INT:
                    self._ledger.lose(None, "dropped_steps", "no_task")
                    return 0
                task._last_number += 1
                number = task._last_number
                if step is None:
                    self._ledger.lose(task._losses, "dropped_steps", "invalid", error)
                    self._writer.queue.wake()  # to write the loss
                else:
                    self._put_step(task, number, step)
            self._await_durability()
        except Exception as e:
            self._ledger.lose(task._losses, "dropped_steps", loss_reason(e), e)
            return task._last_number
        return number

    def _put_step(self, task: Task, number: int, step: StepData) -> None:
        free = self._writer.queue.free_bytes()
        if step.text_bytes > free:
            self._ledger.lose(task._losses, "dropped_steps", "queue_full")
            return
        size = step.text_bytes + step.screenshot_bytes
        dropped = 0
        if size > free:
            self._ledger.warn("frame_queue_full", "screenshots do not fit into the queue")
            dropped, step.screenshots = len(step.screenshots), []
            size = step.text_bytes
        self._writer.put(StepRecorded(task, number, step, size, dropped))

    def _end_task(
        self, task: Task, status: Status, end_reason: EndReason | None, message: object
    ) -> None:
        try:
            fields, size = _task_record.end_fields(status, end_reason, message)
            with self._writer.queue.lock:
                if not task.is_open:
                    return
                task._open = False
                self._writer.open_tasks.discard(task)
                if not self._writer.queue.fits_reserve(size):
                    self._ledger.count("lost_ends")
                    self._ledger.warn("lost_end", "the end of a task does not fit into the queue")
                    return
                record = _records.create("task_ended", task.id)
                record.update(fields, last_step_number=task._last_number)
                self._writer.put(TaskEnded(task, record, size))
            self._await_durability()
        except Exception as e:
            self._ledger.count("lost_ends")
            self._ledger.warn("lost_end", e)

    def _close_writer(self, status: Status, message: str) -> None:
        """Ends open tasks, and lets the writer exit once everything is written."""
        self._writer.refuse_tasks()
        for task in list(self._writer.open_tasks):
            self._end_task(task, status, None, message)
        self._writer.close()

    def _lose_verdict(self, problem: str) -> bool:
        self._ledger.count("lost_verdicts")
        self._ledger.warn("lost_verdict", f"a verdict is not recorded: {problem}")
        return False

    def _await_durability(self) -> None:
        """Waits until what was queued is written, if the tracker's durability requires it.

        After a timeout, calls do not wait until the writer has caught up: a disk that hangs blocks
        the agent once.
        """
        if self._durability == "queued" or self._writer.is_current_thread():
            return
        queue = self._writer.queue
        position = queue.position
        if not queue.is_completed(self._timed_out_position):
            self._ledger.count("unconfirmed")
        elif not queue.wait(position, self._durability_timeout):
            self._timed_out_position = position
            self._ledger.count("unconfirmed")


def _require_number(name: str, value: object, minimum: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number, but is {value!r}")
    if not minimum <= value < math.inf:
        raise ValueError(f"{name} must be {minimum} or more, but is {value}")

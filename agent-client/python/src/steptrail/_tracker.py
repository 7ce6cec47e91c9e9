"""The public API of the recorder, on the agent's thread: trackers, their tasks, and their steps."""

from __future__ import annotations

import functools
import logging
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, get_args, overload

from ._decorator import decorate
from ._limits import (
    DEFAULT_MAX_OUTBOX_BYTES,
    DEFAULT_MAX_QUEUED_BYTES,
    DEFAULT_MAX_QUEUED_STEPS,
    MIN_OUTBOX_BYTES,
)
from ._outbox import create_outbox, default_outbox
from ._recorder import Durability, Recorder, Settings
from ._redaction import Redaction, Regions, ScreenshotRedactor, TextRedactor
from ._screenshots import ImageSource, Role, Screenshot, capture
from ._stats import Stats
from ._step_record import StepFields
from ._task_record import EndReason, Status, VerdictValue
from ._usage import ModelCall, Usage, add_call
from ._values import ValueReader, error_text, is_a
from ._writer import TaskState

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

End = tuple[Status, EndReason | None, str | None]
"""The arguments of `Task.end`."""

F = TypeVar("F", bound=Callable[..., Any])

_log = logging.getLogger("steptrail")

_current_task: ContextVar[Task | None] = ContextVar("steptrail_task", default=None)
_current_step: ContextVar[Step | None] = ContextVar("steptrail_step", default=None)

_STEP_VALUES = ("action", "action_result", "thinking", "error_message", "current_app")
_STEP_SCREENSHOTS: dict[str, Role] = {"before": "before", "after": "after"}
_Record = Callable[[StepFields, list[ModelCall], ValueReader], int]


class Step:
    """A step in progress, from `Task.begin_step`. It is recorded when its `with` or `async
    with` block ends.

    The duration is that of the block. An exception that leaves the block makes the step fail with
    its message, and is not suppressed. Model calls that are observed on this thread or asyncio task
    during the block belong to the step. Not thread-safe.

        with task.begin_step(before=screen) as step:
            decision = model.decide(screen)
            step.update(thinking=decision.thinking, action=decision.action)
            step.update(success=phone.execute(decision.action))
    """

    __slots__ = (
        "_ended",
        "_fields",
        "_model_calls",
        "_reader",
        "_record",
        "_started_at",
        "_task",
        "_token",
    )  # so that `step.action = …` raises

    def __init__(self, task: Task, record: _Record, fields: StepFields) -> None:
        self._task = task
        self._record = record
        self._reader = ValueReader()
        self._fields: StepFields = {}
        self._set(fields)
        self._model_calls: list[ModelCall] = []
        self._started_at = time.monotonic()
        self._token: Token[Step | None] | None = None
        self._ended = False

    @property
    def task(self) -> Task:
        """The task of the step."""
        return self._task

    @property
    def elapsed(self) -> float:
        """The time since the step began, in seconds."""
        return time.monotonic() - self._started_at

    @property
    def has_ended(self) -> bool:
        """Whether the step has been recorded."""
        return self._ended

    def update(self, **fields: Unpack[StepFields]) -> None:
        """Sets or replaces fields of the step. `Task.step` documents them.

        Raises TypeError for an unknown name.
        """
        unknown = fields.keys() - StepFields.__annotations__.keys()
        if unknown:
            raise TypeError(f"a step has no field {min(unknown)!r}")
        self._set(fields)

    def _set(self, fields: Mapping[str, Any]) -> None:
        """Copies values and screenshots at once, because the agent may change them later."""
        copied = dict(fields)
        with suppress(Exception):  # what cannot be read is counted when the step is recorded
            for name in _STEP_VALUES:
                if name in copied:
                    copied[name] = self._reader.copy(copied[name])
            for name, role in _STEP_SCREENSHOTS.items():
                if copied.get(name) is not None:
                    copied[name] = capture(copied[name], role, False)
            if "screenshots" in copied:
                given: Any = copied["screenshots"]
                shots = list(given) if is_a(given, (list, tuple)) else [given]
                copied["screenshots"] = [
                    capture(shot, None, False) for shot in shots if shot is not None
                ]
        self._fields.update(copied)  # type: ignore[typeddict-item]

    def add_model_call(self, call: ModelCall) -> None:
        """Adds a model call to the step."""
        add_call(self._model_calls, call)

    def end(self) -> int:
        """Records the step. Returns its number like `Task.step`; 0 if it was recorded already."""
        if self._ended:
            return 0
        self._ended = True
        self._set_default("duration", self.elapsed)
        return self._record(self._fields, self._model_calls, self._reader)

    def _set_default(
        self, name: Literal["duration", "success", "error_message"], value: Any
    ) -> None:
        if self._fields.get(name) is None:
            self._fields[name] = value

    def __enter__(self) -> Self:
        self._token = _current_step.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._token is not None:
            _reset(_current_step, self._token)
            self._token = None
        if error is not None:
            self._set_default("success", False)
            self._set_default("error_message", error_text(error))
        self.end()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __repr__(self) -> str:
        return f"<steptrail.Step of {self._task!r}>"


class Task:
    """One execution of an instruction, from `steptrail.task` or `Tracker.task` to its end.

    As a context manager (`with` or `async with`), the task is the current task of its block, and
    ends with the block if it has not ended before: as failed if an exception leaves the block, as
    cancelled if that is KeyboardInterrupt, SystemExit or asyncio.CancelledError, and otherwise as
    failed, because a block without a result did not report success. Exceptions are not suppressed.

    No method raises an exception of the recorder, and none waits unless the tracker's durability
    requires it. Thread-safe: steps of several threads are numbered in the order of the calls.
    """

    def __init__(self, tracker: Tracker, recorder: Recorder, state: TaskState) -> None:
        self._tracker = tracker
        self._recorder = recorder
        self._state = state
        self._tokens: list[Token[Task | None]] = []
        """Those of the blocks that have not ended."""
        self._proposed_end: End | None = None

    @property
    def id(self) -> str:
        """The task's id, a UUID of version 7."""
        return self._state.id

    @property
    def tracker(self) -> Tracker:
        """The tracker of the task."""
        return self._tracker

    @property
    def is_open(self) -> bool:
        """Whether the task accepts steps. False after its end, and in a forked process."""
        return self._recorder.is_open(self._state)

    @property
    def last_step_number(self) -> int:
        """The number of the last step; 0 before the first one."""
        return self._state.last_number

    def step(
        self,
        action: Mapping[str, Any] | str | object | None = None,
        *,
        step_type: str | None = None,
        thinking: str | None = None,
        action_result: Mapping[str, Any] | object | None = None,
        success: bool | None = None,
        error_message: str | None = None,
        before: ImageSource | None = None,
        after: ImageSource | None = None,
        screenshots: Sequence[ImageSource | Screenshot] = (),
        sensitive: bool = False,
        usage: Usage | Mapping[str, Any] | object | None = None,
        model_call: ModelCall | Sequence[ModelCall] | None = None,
        timings: Mapping[str, float | timedelta] | None = None,
        resources: Mapping[str, float] | None = None,
        current_app: str | None = None,
        duration: float | timedelta | None = None,
    ) -> int:
        """Records the next step, which has just ended. All arguments are optional.

        Values are copied, except bytes of screenshots, which are immutable. A value that is not
        JSON is converted: dataclasses and pydantic models to objects, others to their `repr`. A
        value that raises when it is read becomes `(unreadable)`. Invalid values, such as a negative
        duration, are omitted and listed in the record's `invalid_fields`.

        action: the action in the agent's own format, such as
            `{"action": "Tap", "element": [499, 842]}`; a str is the name of the action.
        step_type: `action`, `thinking`, `screenshot`, `error`, `validation`, `completion` or a
            custom name of at most 100 characters. Default `action`, or without an action the first
            that applies of: `error` (with an error_message), `thinking`, `screenshot`.
        thinking: the model's reasoning before the action.
        action_result: the result of the action, in the agent's own format.
        success: whether the step succeeded; None if unknown.
        error_message: the error. A step with an error and without `success` counts as failed.
        before: the screen on which the agent based its decision.
        after: the screen after the action.
        screenshots: further screenshots; each may be a `Screenshot` with a role.
        sensitive: whether all screenshots of the step may contain private data.
        usage: the tokens of the step's model calls; `Usage.of` documents what is accepted.
        model_call: the step's model calls; replaces those of `add_model_call`.
        timings: durations of parts, in seconds, such as `{"action": 0.82}`, recorded as
            `action_ms`.
        resources: amounts of resources that the step used, such as `{"memory": 1.2e9}`.
        current_app: the app on the screen before the action.
        duration: the duration of the whole step, in seconds.

        Returns the number of the step, which is consumed even if the step is dropped; 0 if the task
        is not open, which `Stats.dropped_steps` counts as `no_task`.
        """
        fields: Any = locals()
        del fields["self"]
        return self._recorder.record_step(self._state, fields)

    def begin_step(
        self,
        action: Mapping[str, Any] | str | object | None = None,
        *,
        step_type: str | None = None,
        thinking: str | None = None,
        action_result: Mapping[str, Any] | object | None = None,
        success: bool | None = None,
        error_message: str | None = None,
        before: ImageSource | None = None,
        after: ImageSource | None = None,
        screenshots: Sequence[ImageSource | Screenshot] = (),
        sensitive: bool = False,
        usage: Usage | Mapping[str, Any] | object | None = None,
        model_call: ModelCall | Sequence[ModelCall] | None = None,
        timings: Mapping[str, float | timedelta] | None = None,
        resources: Mapping[str, float] | None = None,
        current_app: str | None = None,
        duration: float | timedelta | None = None,
    ) -> Step:
        """Begins a step that is recorded when its `with` block ends; see `Step`.

        `step` documents the arguments. `Step.update` adds those that are known later.
        """
        fields: Any = locals()
        del fields["self"]
        return Step(self, functools.partial(self._recorder.record_step, self._state), fields)

    def add_model_call(self, call: ModelCall) -> None:
        """Adds a model call to the step that is recorded next."""
        self._recorder.add_model_call(self._state, call)

    @overload
    def records(self, function: F, /) -> F: ...
    @overload
    def records(
        self,
        function: None = None,
        /,
        *,
        action: str | None = None,
        before: Callable[[], ImageSource | None] | None = None,
        after: Callable[[], ImageSource | None] | None = None,
    ) -> Callable[[F], F]: ...
    def records(
        self,
        function: F | None = None,
        /,
        *,
        action: str | None = None,
        before: Callable[[], ImageSource | None] | None = None,
        after: Callable[[], ImageSource | None] | None = None,
    ) -> F | Callable[[F], F]:
        """Decorates a function that acts, so that each call is a step of this task.

        `steptrail.records` documents the parameters; it records into the current task.
        """
        return cast(
            "F | Callable[[F], F]",
            decorate(function, lambda: self.begin_step, action, before, after),
        )

    def succeed(self, message: str | None = None) -> None:
        """Ends the task as succeeded: the agent reports that it completed the instruction."""
        self.end("succeeded", "finished", message)

    def fail(self, message: str | None = None) -> None:
        """Ends the task as failed."""
        self.end("failed", "ended_without_finish", message)

    def cancel(self, message: str | None = None) -> None:
        """Ends the task as cancelled by a user or a program."""
        self.end("cancelled", "cancelled", message)

    def end(
        self,
        status: Status,
        end_reason: EndReason | None = None,
        message: str | None = None,
    ) -> None:
        """Ends the task. The first end counts; later ones are ignored.

        status: `succeeded`, `failed`, `cancelled` or `abandoned`; another value counts as `failed`.
        end_reason: the reason. Default `finished`, `ended_without_finish`, `cancelled` or
            `abandoned`, depending on the status.
        message: the agent's final message, or an error message.
        """
        self._recorder.end_task(self._state, status, end_reason, message)

    def _propose_end(self, end: End | None) -> None:
        """Sets how the task ends with its block, if nothing ends it before. The last call counts.

        A success does not count if an exception leaves the block. None: as without this call.
        """
        self._proposed_end = end

    def verdict(
        self,
        value: VerdictValue,
        *,
        evaluator: str,
        name: str = "success",
        version: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """Records an automatic verdict on this task, before or after its end.

        `Tracker.verdict` documents the parameters and the result.
        """
        return self._tracker.verdict(
            self.id, value, evaluator=evaluator, name=name, version=version, reason=reason
        )

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until everything recorded so far is written or counted as lost, for `timeout`
        seconds.

        Returns False after the timeout. Use `aflush` in asyncio.
        """
        return self._tracker.flush(timeout)

    async def aflush(self, timeout: float = 10.0) -> bool:
        """Like `flush`, without blocking the event loop."""
        import asyncio  # slow to import, and loaded already where this is called

        return await asyncio.to_thread(self._tracker.flush, timeout)

    @contextmanager
    def activate(self) -> Iterator[Self]:
        """Makes the task the current task of a block that does not end it.

        Use it in a thread that the task's own block starts, because the current task belongs to the
        thread or asyncio task of its block.
        """
        token = _current_task.set(self)
        try:
            yield self
        finally:
            _reset(_current_task, token)

    def __enter__(self) -> Self:
        self._tokens.append(_current_task.set(self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._tokens:
            _reset(_current_task, self._tokens.pop())
        end = self._proposed_end
        if end is not None and (error is None or end[0] != "succeeded"):
            self.end(*end)
        elif error is None:
            self.fail("the task ended without a result")
        elif isinstance(error, Exception):
            self.fail(error_text(error))
        else:  # KeyboardInterrupt, SystemExit, CancelledError or GeneratorExit
            self.cancel(error_text(error))

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __del__(self) -> None:
        """Ends a task that the program has discarded: the files of an open task stay open."""
        with suppress(Exception):  # at the end of the process, or if the constructor raised
            self._recorder.discard_task(self._state)

    def __repr__(self) -> str:
        return f"<steptrail.Task {self.id}>"


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
        problem: Exception | None = None
        try:
            path = _outbox_path(outbox)
        except (OSError, ValueError) as e:
            if require_outbox:
                raise
            path, problem = Path(os.devnull, "outbox"), e  # cannot be created
        self._agent = agent
        self._model = model
        self._device_id = device_id
        self._settings = Settings(
            outbox=path,
            durability=durability,
            durability_timeout=durability_timeout,
            max_queued_steps=max_queued_steps,
            max_queued_bytes=max_queued_bytes,
            max_outbox_bytes=max_outbox_bytes,
            redaction=Redaction(redact_text, redact_screenshot),
            record_model_calls=record_model_calls,
            close_timeout=close_timeout,
        )
        self._recorder = Recorder(self._settings)
        try:
            if create_outbox(path) and outbox and not os.path.isabs(os.path.expanduser(outbox)):
                # A program that starts in another folder records into another outbox.
                _log.warning("Created the outbox %s; ship this folder", path)
        except OSError as e:
            if require_outbox:
                raise
            problem = problem or e
        if problem is not None:
            self._recorder.ledger.warn("outbox_unwritable", str(problem))

    @property
    def outbox(self) -> Path:
        """The absolute path of the outbox."""
        return self._settings.outbox

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
        return self._settings.record_model_calls

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
        state = self._recorder.start_task(
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
        return Task(self, self._recorder, state)

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
        return self._recorder.record_verdict(task_id, value, evaluator, name, version, reason)

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until everything recorded so far is written or counted as lost.

        Returns False after `timeout` seconds. Blocks the calling thread; see `Task.aflush` for
        asyncio.
        """
        return self._recorder.flush(timeout)

    def stats(self) -> Stats:
        """Returns the counters of this tracker. Does not access the disk."""
        return self._recorder.stats()

    def close(self) -> None:
        """Ends open tasks as cancelled, and waits for the writer, for up to `close_timeout`
        seconds.

        Tasks that are started later are not recorded, and their steps are counted as `no_task`.
        """
        self._recorder.close("cancelled", "the tracker was closed")
        self._recorder.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<steptrail.Tracker {self.outbox}>"


def current_task() -> Task | None:
    """Returns the task whose `with` block this thread or asyncio task executes; None if none."""
    # Not a task that has ended with another block, such as that of a generator that is not closed.
    task = _current_task.get()
    return task if task is not None and (task.is_open or task._tokens) else None


def current_step() -> Step | None:
    """Returns the step whose `with` block this thread or asyncio task executes; None if none."""
    step = _current_step.get()
    return None if step is None or step.has_ended else step


@overload
def records(function: F, /) -> F: ...
@overload
def records(
    function: None = None,
    /,
    *,
    task: Task | None = None,
    action: str | None = None,
    before: Callable[[], ImageSource | None] | None = None,
    after: Callable[[], ImageSource | None] | None = None,
) -> Callable[[F], F]: ...
def records(
    function: F | None = None,
    /,
    *,
    task: Task | None = None,
    action: str | None = None,
    before: Callable[[], ImageSource | None] | None = None,
    after: Callable[[], ImageSource | None] | None = None,
) -> F | Callable[[F], F]:
    """Decorates a function that acts, or a coroutine function, so that each call is a step.

    The step has the function's name and arguments as its action (without `self` and `cls`), the
    result, the duration, and the exception as its error. An argument named `action` is recorded as
    `action_argument`. The call returns and raises what it would
    without the decorator. Without a task, calls are not recorded.

    task: the task to record into. Default the current task at the time of the call.
    action: the name of the action. Default the function's name.
    before, after: capture the screen before and after the call; the agent waits for them. If one
        raises, the step has no such screenshot, and the loss is counted as `not_captured`.

        @steptrail.records
        def tap(x: int, y: int) -> None: ...

        @steptrail.records(action="Tap", after=phone.screenshot)
        def tap(x: int, y: int) -> None: ...
    """

    def find() -> Callable[..., Step] | None:
        found = task or current_task()
        return None if found is None else found.begin_step

    return cast("F | Callable[[F], F]", decorate(function, find, action, before, after))


def _reset(variable: ContextVar[Any], token: Token[Any]) -> None:
    """Restores a context variable. Does nothing in another context, such as that of a generator
    that is closed by the garbage collector."""
    with suppress(ValueError):
        variable.reset(token)


def _outbox_path(outbox: str | os.PathLike[str] | None) -> Path:
    if outbox is None:
        path = default_outbox()
    elif isinstance(outbox, str) and not outbox.strip():
        raise ValueError("the outbox must not be an empty text; omit it for the default folder")
    else:
        path = Path(os.path.expanduser(outbox))
    return path.absolute()  # the program may change its working directory


def _require_number(name: str, value: object, minimum: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number, but is {value!r}")
    if not minimum <= value < math.inf:
        raise ValueError(f"{name} must be {minimum} or more, but is {value}")

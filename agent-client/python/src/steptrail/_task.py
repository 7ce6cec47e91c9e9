"""A task that is being recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from . import _step
from ._step import Step
from ._values import error_text

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._events import TaskState
    from ._recorder import Recorder
    from ._screenshots import ImageSource, Screenshot
    from ._tracker import Tracker
    from ._usage import ModelCall, Usage

Status = Literal["succeeded", "failed", "cancelled", "abandoned"]
EndReason = Literal[
    "finished",
    "ended_without_finish",
    "unparseable_reply",
    "max_steps",
    "model_error",
    "abandoned",
    "cancelled",
]
End = tuple[Status, EndReason | None, str | None]
"""The arguments of `Task.end`."""

VerdictValue = Literal["pass", "fail", "unclear"] | bool | int | float

F = TypeVar("F", bound=Callable[..., Any])

current: ContextVar[Task | None] = ContextVar("steptrail_task", default=None)


def find_current() -> Task | None:
    """Returns the task of the current block. None if it has ended with another block, such as that
    of a generator which has not been closed."""
    task = current.get()
    return task if task is not None and (task.is_open or task._tokens) else None


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
        from ._decorator import records

        decorate = records(task=self, action=action, before=before, after=after)
        return decorate if function is None else decorate(function)

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
        token = current.set(self)
        try:
            yield self
        finally:
            _step.reset(current, token)

    def __enter__(self) -> Self:
        self._tokens.append(current.set(self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._tokens:
            _step.reset(current, self._tokens.pop())
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

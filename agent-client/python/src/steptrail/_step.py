"""A step that is recorded at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar, Token
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ._screenshots import Role, capture
from ._usage import ModelCall, Usage, add_call
from ._values import ValueReader, error_text, is_a

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._screenshots import ImageSource, Screenshot
    from ._task import Task

current: ContextVar[Step | None] = ContextVar("steptrail_step", default=None)


class StepFields(TypedDict, total=False):
    """The arguments of `Task.step`, which documents them."""

    action: Mapping[str, Any] | str | object | None
    step_type: str | None
    thinking: str | None
    action_result: Mapping[str, Any] | object | None
    success: bool | None
    error_message: str | None
    before: ImageSource | None
    after: ImageSource | None
    screenshots: Sequence[ImageSource | Screenshot]
    sensitive: bool
    usage: Usage | Mapping[str, Any] | object | None
    model_call: ModelCall | Sequence[ModelCall] | None
    timings: Mapping[str, float | timedelta] | None
    resources: Mapping[str, float] | None
    current_app: str | None
    duration: float | timedelta | None


_JSON_FIELDS = ("action", "action_result", "thinking", "error_message", "current_app")
_SCREENSHOTS: dict[str, Role] = {"before": "before", "after": "after"}
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
            for name in _JSON_FIELDS:
                if name in copied:
                    copied[name] = self._reader.copy(copied[name])
            for name, role in _SCREENSHOTS.items():
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
        self._token = current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._token is not None:
            reset(current, self._token)
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


def reset(variable: ContextVar[Any], token: Token[Any]) -> None:
    """Restores a context variable. Does nothing in another context, such as that of a generator
    that is closed by the garbage collector."""
    with suppress(ValueError):
        variable.reset(token)

"""A decorator that records each call of a function as a step."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import _task

if TYPE_CHECKING:
    from ._screenshots import ImageSource
    from ._step import StepFields
    from ._task import Task

F = TypeVar("F", bound=Callable[..., Any])


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
    function: Callable[..., Any] | None = None,
    /,
    *,
    task: Task | None = None,
    action: str | None = None,
    before: Callable[[], ImageSource | None] | None = None,
    after: Callable[[], ImageSource | None] | None = None,
) -> Any:
    """Decorates a function that acts, or a coroutine function, so that each call is a step.

    The step has the function's name and arguments as its action (without `self` and `cls`), the
    result, the duration, and the exception as its error. The call returns and raises what it would
    without the decorator. Without a task, calls are not recorded.

    task: the task to record into. Default the current task at the time of the call.
    action: the name of the action. Default the function's name.
    before, after: capture the screen before and after the call; the agent waits for them.

        @steptrail.records
        def tap(x: int, y: int) -> None: ...

        @steptrail.records(action="Tap", after=phone.screenshot)
        def tap(x: int, y: int) -> None: ...
    """
    raise NotImplementedError

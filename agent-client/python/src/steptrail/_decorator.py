"""A decorator that records each call of a function as a step."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from . import _task

if TYPE_CHECKING:
    from ._screenshots import ImageSource
    from ._step import Step
    from ._task import Task

F = TypeVar("F", bound=Callable[..., Any])
Capture = Callable[[], Any]


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

    def decorate(function: F) -> F:
        call = _Call(function, action, before, after)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def acts_async(*args: Any, **kwargs: Any) -> Any:
                current = task or _task.find_current()
                if current is None:
                    return await function(*args, **kwargs)
                with call.begin(current, args, kwargs) as step:
                    return call.end(step, await function(*args, **kwargs))

            return cast(F, acts_async)

        @functools.wraps(function)
        def acts(*args: Any, **kwargs: Any) -> Any:
            current = task or _task.find_current()
            if current is None:
                return function(*args, **kwargs)
            with call.begin(current, args, kwargs) as step:
                return call.end(step, function(*args, **kwargs))

        return cast(F, acts)

    return decorate if function is None else decorate(function)


class _Call:
    """Converts calls of a function to steps."""

    def __init__(
        self,
        function: Callable[..., Any],
        action: str | None,
        before: Capture | None,
        after: Capture | None,
    ) -> None:
        self._name = action or getattr(function, "__name__", "call")
        self._before = before
        self._after = after
        try:
            self._signature: inspect.Signature | None = inspect.signature(function)
        except (TypeError, ValueError):  # some functions of extension modules have none
            self._signature = None

    def begin(self, task: Task, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step:
        before = None if self._before is None else _capture(self._before)
        return task.begin_step(action=self._action(args, kwargs), before=before)

    def end(self, step: Step, result: Any) -> Any:
        """Adds the result to the step, and returns it."""
        step.update(success=True, duration=step.elapsed)
        if result is not None:
            step.update(action_result=result)
        if self._after is not None:
            step.update(after=_capture(self._after))
        return result

    def _action(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        try:
            assert self._signature is not None
            arguments = dict(self._signature.bind(*args, **kwargs).arguments)
        except Exception:  # the call itself raises the TypeError
            arguments = {"args": list(args), **kwargs}
        first = next(iter(arguments), None)
        if first in ("self", "cls"):
            del arguments[first]
        if "action" in arguments:
            arguments["action_argument"] = arguments.pop("action")
        return {"action": self._name, **arguments}


def _capture(capture: Capture) -> Any:
    try:
        return capture()
    except Exception as e:
        return e

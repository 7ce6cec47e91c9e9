"""A decorator that records each call of a function as a step."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
Capture = Callable[[], Any]
BeginStep = Callable[..., Any]
"""`Task.begin_step`."""


def decorate(
    function: F | None,
    find: Callable[[], BeginStep | None],
    action: str | None,
    before: Capture | None,
    after: Capture | None,
) -> Any:
    """Decorates a function, or returns its decorator if there is no function yet. `records` of the
    package documents the effect.

    find: returns `begin_step` of the task of a call; None if the call is not recorded.
    """

    def decorated(function: F) -> F:
        call = _Call(function, action, before, after)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def acts_async(*args: Any, **kwargs: Any) -> Any:
                begin_step = find()
                if begin_step is None:
                    return await function(*args, **kwargs)
                with call.begin(begin_step, args, kwargs) as step:
                    return call.end(step, await function(*args, **kwargs))

            return cast(F, acts_async)

        @functools.wraps(function)
        def acts(*args: Any, **kwargs: Any) -> Any:
            begin_step = find()
            if begin_step is None:
                return function(*args, **kwargs)
            with call.begin(begin_step, args, kwargs) as step:
                return call.end(step, function(*args, **kwargs))

        return cast(F, acts)

    return decorated if function is None else decorated(function)


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

    def begin(self, begin_step: BeginStep, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Begins the step of a call, whose block is that of the call."""
        before = None if self._before is None else _capture(self._before)
        return begin_step(action=self._action(args, kwargs), before=before)

    def end(self, step: Any, result: Any) -> Any:
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

"""Replaces functions of other packages' objects by wrappers, and restores them."""

from __future__ import annotations

import functools
import inspect
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_log = logging.getLogger("steptrail")
_lock = threading.RLock()  # a signal handler may run while its thread holds it
_WRAPPING = "__steptrail_wrapping__"

failures: Counter[str] = Counter()
"""How often an integration failed to observe an agent, by place. The agent is not affected."""


def _replace_lock() -> None:
    """Another thread may have held the lock when the process was forked."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_replace_lock)


@contextmanager
def observing(place: str) -> Iterator[None]:
    """Runs a block that reads objects of an agent, so that its exceptions do not reach the agent.

    An exception is counted in `failures`, and logged the first time with its type only, because its
    message may contain content of a screen. KeyboardInterrupt and SystemExit are not caught.
    """
    try:
        yield
    except Exception as e:
        with _lock:
            failures[place] += 1
            first = failures[place] == 1
        if first:
            _log.warning("failed to observe %s: %s", place, type(e).__name__)


def attribute(target: object, path: str) -> Any:
    """Returns an attribute, such as `client.chat`; None if it does not exist or raises."""
    value: Any = target
    with observing(path):
        for name in path.split("."):
            value = getattr(value, name, None)
        return value
    return None


def message_of(error: BaseException) -> str:
    """Returns the message of an exception; its type if it has none."""
    with observing("the message of an exception"):
        return str(error) or type(error).__name__
    return type(error).__name__


@dataclass
class _Wrapping:
    replacement: Callable[..., Any]
    restore: Callable[[], None]
    references: int = 1


def wrap(target: Any, name: str, wrapper: Callable[..., Any]) -> Callable[[], None]:
    """Replaces the function `target.name`, and returns a function that restores it.

    target: an object or a module.
    wrapper: called with the original function and the arguments of the call. Its result is the
        result of the call; for a coroutine function, an awaitable.

    If `target.name` is already a replacement, because two agents share the target, it stays and is
    restored when the last reference is released. Thread-safe.
    """
    with _lock:
        function = getattr(target, name)
        wrapping = getattr(function, _WRAPPING, None)
        if wrapping is not None and wrapping.replacement is function:
            wrapping.references += 1
        else:
            wrapping = _replace(target, name, function, wrapper)
    return functools.partial(_release, target, name, wrapping)


def _replace(
    target: Any, name: str, function: Callable[..., Any], wrapper: Callable[..., Any]
) -> _Wrapping:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return wrapper(function, *args, **kwargs)

    @functools.wraps(function)
    async def call_and_await(*args: Any, **kwargs: Any) -> Any:
        return await wrapper(function, *args, **kwargs)

    replacement = call_and_await if inspect.iscoroutinefunction(function) else call
    if name in vars(target):
        restore = functools.partial(setattr, target, name, function)
    else:  # the function is a method of the class
        restore = functools.partial(delattr, target, name)
    wrapping = _Wrapping(replacement, restore)
    setattr(replacement, _WRAPPING, wrapping)
    setattr(target, name, replacement)
    return wrapping


def _release(target: Any, name: str, wrapping: _Wrapping) -> None:
    with _lock:
        wrapping.references -= 1
        # A replacement that another package has wrapped since stays, and observes nothing.
        if wrapping.references == 0 and vars(target).get(name) is wrapping.replacement:
            wrapping.restore()

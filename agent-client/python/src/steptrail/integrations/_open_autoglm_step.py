"""What the objects of an Open-AutoGLM agent return during a step."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .._screenshots import Screenshot
from .._task_record import EndReason, Status
from .._tracker import Step
from ._agents import values_of_result
from ._wrapping import attribute, message_of, observing


class ObservedStep:
    """What the agent's objects returned during one step."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.timings: dict[str, float] = {}
        self.capture: Callable[[], Any] | None = None
        self.screenshot: Any = None
        self.current_app: Any = None
        self.response: Any = None
        self.action: Any = None
        self.action_result: Any = None
        self.confirmed: bool | None = None
        self.error: str | None = None
        self.model_failed = False
        self.finished = False

    def fail(self, error: BaseException) -> None:
        """Keeps the first error, which is closest to the cause."""
        self.error = self.error or message_of(error)

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        started_at = time.monotonic()
        try:
            yield
        finally:
            self.timings.setdefault(name, time.monotonic() - started_at)

    def update_step(self, result: Any) -> None:
        with observing("a step"):
            self.finished = bool(attribute(result, "finished"))
        with observing("a step"):
            action = attribute(result, "action")
            action = self.action if action is None else action
            finish = isinstance(action, dict) and action.get("_metadata") == "finish"
            failed = action is None or self._is_unparseable(action)
            success, error = self._outcome(result)
            self.step.update(
                step_type="error" if failed else "completion" if finish else "action",
                thinking=attribute(result, "thinking") or attribute(self.response, "thinking"),
                action=action,
                action_result=values_of_result(self.action_result, self.confirmed),
                success=success,
                error_message=error,
                timings=self._timings(),
                current_app=self.current_app,
            )
            if self.screenshot is not None:
                self.step.update(before=_copy_screenshot(self.screenshot))

    def capture_after(self) -> None:
        """Captures the screen by the agent's own call, whose arguments depend on the phone."""
        with observing("the screen after an action"):
            if self.capture is not None:
                self.step.update(after=_copy_screenshot(self.capture()))

    def end(self, result: Any) -> tuple[Status, EndReason, str | None]:
        """Returns how the task ends if this is its last step."""
        message = attribute(result, "message")
        action = attribute(result, "action")
        if self.model_failed:
            return "failed", "model_error", message
        if self._is_unparseable(action):
            return "failed", "unparseable_reply", message
        if self.confirmed is False:
            return "cancelled", "cancelled", message
        if self.error is None and isinstance(action, dict) and action.get("_metadata") == "finish":
            return "succeeded", "finished", message
        return "failed", "ended_without_finish", message

    def _is_unparseable(self, action: Any) -> bool:
        """Whether the agent turned the reply into a `finish` with the reply as its message."""
        reply = attribute(self.response, "action")
        return (
            isinstance(action, dict)
            and action.get("_metadata") == "finish"
            and isinstance(reply, str)
            and action.get("message") == reply
        )

    def _outcome(self, result: Any) -> tuple[bool, str | None]:
        if self.error is not None:
            return False, self.error
        if self._is_unparseable(attribute(result, "action")):
            return False, "the model's reply could not be parsed"
        outcome = result if self.action_result is None else self.action_result
        if attribute(outcome, "success"):
            return True, None
        return False, attribute(outcome, "message") or "no error message"

    def _timings(self) -> dict[str, float]:
        thinking_end = attribute(self.response, "time_to_thinking_end")
        if isinstance(thinking_end, (int, float)):
            return {**self.timings, "time_to_thinking_end": thinking_end}
        return self.timings


observed_step: ContextVar[ObservedStep | None] = ContextVar("steptrail_open_autoglm", default=None)


# Wrappers of what a step calls. Outside of a tracked step, they only call the original.


def observe_device_factory(
    get_device_factory: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    factory = get_device_factory(*args, **kwargs)
    return factory if observed_step.get() is None else _DeviceFactory(factory)


class _DeviceFactory:
    """The agent's device factory, whose screenshots are observed."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._factory, name)

    def get_screenshot(self, *args: Any, **kwargs: Any) -> Any:
        return observe_screenshot(self._factory.get_screenshot, *args, **kwargs)

    def get_current_app(self, *args: Any, **kwargs: Any) -> Any:
        return observe_current_app(self._factory.get_current_app, *args, **kwargs)


def observe_screenshot(get_screenshot: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = observed_step.get()
    if observed is None:
        return get_screenshot(*args, **kwargs)
    with observed.timing("screenshot"):
        observed.screenshot = get_screenshot(*args, **kwargs)
    observed.capture = functools.partial(get_screenshot, *args, **kwargs)
    return observed.screenshot


def observe_current_app(get_current_app: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    app = get_current_app(*args, **kwargs)
    observed = observed_step.get()
    if observed is not None:
        observed.current_app = app
    return app


def observe_request(request: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = observed_step.get()
    if observed is None:
        return request(*args, **kwargs)
    try:
        observed.response = request(*args, **kwargs)
    except BaseException as e:
        observed.model_failed = True
        observed.fail(e)
        raise
    return observed.response


def observe_execute(execute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = observed_step.get()
    if observed is None:
        return execute(*args, **kwargs)
    if observed.action is None:
        observed.action = args[0] if args else kwargs.get("action")
    try:
        with observed.timing("action"):
            result = execute(*args, **kwargs)
    except BaseException as e:
        observed.fail(e)
        raise
    if observed.error is None:  # after an error, the agent executes a `finish`
        observed.action_result = result
    return result


def observe_answer(name: str, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Observes how long a person took to answer, and whether they allowed a sensitive action."""
    observed = observed_step.get()
    if observed is None:
        return callback(*args, **kwargs)
    is_takeover = name == "takeover_callback"
    with observed.timing("take_over" if is_takeover else "confirmation"):
        answer = callback(*args, **kwargs)
    if not is_takeover:
        with observing("the answer of a person"):
            observed.confirmed = bool(answer)
    return answer


def _copy_screenshot(screenshot: Any) -> Screenshot:
    # If the flag cannot be read, the screenshot counts as sensitive.
    sensitive = True
    with observing("the sensitive flag of a screenshot"):
        sensitive = bool(getattr(screenshot, "is_sensitive", False))
    return Screenshot.from_base64(attribute(screenshot, "base64_data"), sensitive=sensitive)

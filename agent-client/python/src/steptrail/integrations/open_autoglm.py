"""Records what an Open-AutoGLM agent does.

    from phone_agent import PhoneAgent
    from steptrail.integrations.open_autoglm import track

    agent = track(PhoneAgent(model_config))
    agent.run("Turn the volume up")

It works with `PhoneAgent`, `IOSPhoneAgent` and their subclasses, and depends on these parts of
them: `run`, `reset`, `_execute_step`, `model_client.request`, `action_handler.execute`, the
callbacks of the action handler, and the names `get_device_factory`, `get_screenshot` and
`get_current_app` in the module of `_execute_step`. It also reads `agent_config`, `model_config`,
`step_count` and `model_client.client`, which may be missing.
"""

from __future__ import annotations

import functools
import sys
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from .._default import default_tracker
from .._screenshots import Screenshot
from .._step import Step
from .._task import EndReason, Status, Task
from .._tracker import Tracker
from . import openai
from ._tasks import start_task, without_secrets
from ._wrapping import attribute, message_of, observing, wrap

__all__ = ["track", "untrack"]

Agent = TypeVar("Agent")

_RECORDING = "_steptrail_recording"
_METHODS = ("run", "reset", "_execute_step", "model_client.request", "action_handler.execute")
_CALLBACKS = ("takeover_callback", "confirmation_callback")


def track(
    agent: Agent,
    tracker: Tracker | None = None,
    *,
    after_screenshots: bool = False,
    include_usage: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> Agent:
    """Records what `agent` does from now on, and returns `agent`.

    Each `run` is a task, and so are the steps from the first `step` to the one that finishes.
    Within a block of `steptrail.task`, the steps belong to the task of the block, and their end
    ends it. A step has the screenshot that the agent took, with its sensitive flag. What the agent
    returns and raises, and its requests, are unchanged. If the agent reports success although the
    model failed, a reply could not be parsed or an action raised an exception, the recorded task
    has failed.

    tracker: the tracker to record with. Default: that of `steptrail.task`. With
        `record_model_calls=True`, it also records the messages and the text of the reply.
    after_screenshots: also record the screen after each action. The agent waits for one more
        capture in each step. Default False.
    include_usage: ask the model's server to report tokens, which changes the requests;
        `steptrail.integrations.openai.track` describes how. Default False.
    metadata: recorded with each task, in addition to the agent's settings.

    Raises TypeError if `agent` is not an Open-AutoGLM agent, ValueError if it is already tracked.
    """
    missing = [path for path in _METHODS if not callable(attribute(agent, path))]
    if missing:
        raise TypeError(
            f"{type(agent).__name__} is not an Open-AutoGLM agent: it has no {', '.join(missing)}"
        )
    if attribute(agent, _RECORDING) is not None:
        raise ValueError("the agent is already tracked")
    recording = _Recording(agent, tracker or default_tracker(), after_screenshots, metadata)
    recording.wrap_agent(agent, include_usage)
    setattr(agent, _RECORDING, recording)
    return agent


def untrack(agent: Agent) -> Agent:
    """Stops recording, restores the methods of `agent`, and returns it. Cancels an open task."""
    recording: _Recording[Agent] | None = attribute(agent, _RECORDING)
    if recording is not None:
        delattr(agent, _RECORDING)
        recording.restore()
    return agent


class _Recording(Generic[Agent]):
    """The recording of one agent, which runs on one thread at a time."""

    def __init__(
        self,
        agent: Agent,
        tracker: Tracker,
        after_screenshots: bool,
        metadata: Mapping[str, Any] | None,
    ) -> None:
        self._agent = weakref.ref(agent)
        self._tracker = tracker
        self._after_screenshots = after_screenshots
        self._metadata = dict(metadata or {})
        self._restores: list[Callable[[], Any]] = []
        self._tasks = _Tasks()

    def wrap_agent(self, agent: Any, include_usage: bool) -> None:
        client = attribute(agent, "model_client.client")
        self._restores += openai.wrap_client(client, include_usage)
        self._wrap(agent, "run", self._run)
        self._wrap(agent, "reset", self._reset)
        self._wrap(agent, "_execute_step", self._execute_step)
        self._wrap(agent.model_client, "request", _request)
        self._wrap(agent.action_handler, "execute", _execute)
        for name in _CALLBACKS:
            self._wrap(agent.action_handler, name, functools.partial(_ask_person, name))
        for owner in type(agent).__mro__:
            if "_execute_step" in vars(owner):
                module = sys.modules.get(owner.__module__)
                self._wrap(module, "get_device_factory", _get_device_factory)
                self._wrap(module, "get_screenshot", _get_screenshot)
                self._wrap(module, "get_current_app", _get_current_app)
        # The task of an agent that is discarded cannot end otherwise. The recording refers to the
        # agent, and must therefore not be referred to here.
        weakref.finalize(agent, self._tasks.abandon).atexit = False

    def _wrap(self, target: Any, name: str, wrapper: Callable[..., Any]) -> None:
        if callable(attribute(target, name)):
            self._restores.append(wrap(target, name, wrapper))

    def restore(self) -> None:
        for restore in self._restores:
            restore()
        self._tasks.end("cancelled", "cancelled", "the agent is no longer tracked")

    # Wrappers of the agent's methods.

    def _run(self, run: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            result = run(*args, **kwargs)
        except BaseException as e:
            self._end_after_exception(e)
            raise
        self._end_after_return(result)
        return result

    def _reset(self, reset: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._tasks.end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    def _execute_step(self, execute_step: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        task = self._task_of_step(*args, **kwargs)
        if task is None:
            return execute_step(*args, **kwargs)
        with task.begin_step() as step:
            observed = _ObservedStep(step)
            token = _observed.set(observed)
            try:
                result = execute_step(*args, **kwargs)
            except BaseException as e:
                observed.fail(e)
                observed.update_step(None)
                raise
            finally:
                _observed.reset(token)
            observed.update_step(result)
            if self._after_screenshots and not observed.finished:
                observed.capture_after()
        if observed.finished:
            with observing("the end of a task"):
                self._tasks.end(*observed.end(result))
        return result

    # Starts and ends of tasks.

    def _task_of_step(
        self, user_prompt: Any = None, is_first: Any = False, *_: Any, **__: Any
    ) -> Task | None:
        """Returns the task of the step that starts; None if it cannot be determined."""
        with observing("the start of a step"):
            if is_first:
                self._tasks.end("cancelled", "cancelled", "the agent started another task")
            last = self._tasks.last
            if last is not None and last.is_open:
                return last
            # A step after the end continues the same conversation in a new task.
            previous = None if is_first else last
            instruction = user_prompt or (self._tasks.instruction if previous else None)
            return self._start_task(instruction, previous)
        return None

    def _start_task(self, instruction: str | None, previous: Task | None) -> Task:
        agent = self._agent()
        config, model = attribute(agent, "agent_config"), attribute(agent, "model_config")
        settings = {
            "max_steps": attribute(config, "max_steps"),
            "lang": attribute(config, "lang"),
            "base_url": without_secrets(attribute(model, "base_url")),
        }
        task = start_task(
            self._tracker,
            instruction,
            agent="Open-AutoGLM",
            model=attribute(model, "model_name"),
            device_id=attribute(config, "device_id"),
            metadata={**{k: v for k, v in settings.items() if v is not None}, **self._metadata},
            previous_task_id=previous.id if previous else None,
        )
        self._tasks.last, self._tasks.instruction = task, instruction
        return task

    def _end_after_return(self, result: Any) -> None:
        """Ends the task unless its last step has."""
        with observing("the result of a run"):
            agent = self._agent()
            steps, limit = (
                attribute(agent, "step_count"),
                attribute(agent, "agent_config.max_steps"),
            )
            reached = isinstance(steps, int) and isinstance(limit, (int, float)) and steps >= limit
            message = result if isinstance(result, str) else None
            self._tasks.end("failed", "max_steps" if reached else "ended_without_finish", message)

    def _end_after_exception(self, error: BaseException) -> None:
        if isinstance(error, Exception):
            self._tasks.end("failed", "ended_without_finish", message_of(error))
        else:  # KeyboardInterrupt or SystemExit
            self._tasks.end("cancelled", "cancelled", message_of(error))


class _Tasks:
    """The last task of an agent, and its instruction."""

    def __init__(self) -> None:
        self.last: Task | None = None
        self.instruction: str | None = None

    def end(self, status: Status, reason: EndReason, message: str | None) -> None:
        if self.last is not None:
            self.last.end(status, reason, message)

    def abandon(self) -> None:
        self.end("abandoned", "abandoned", "the agent was discarded before the task ended")


class _ObservedStep:
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
                action_result=self._action_result(),
                success=success,
                error_message=error,
                timings=self._timings(),
                current_app=self.current_app,
            )
            if self.screenshot is not None:
                self.step.update(before=_screenshot(self.screenshot))

    def capture_after(self) -> None:
        """Captures the screen by the agent's own call, whose arguments depend on the phone."""
        with observing("the screen after an action"):
            if self.capture is not None:
                self.step.update(after=_screenshot(self.capture()))

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

    def _action_result(self) -> dict[str, Any] | None:
        if self.action_result is None:
            return None
        names = ("success", "should_finish", "message")
        values = {name: attribute(self.action_result, name) for name in names}
        values["confirmed"] = self.confirmed
        return {name: value for name, value in values.items() if value is not None}

    def _timings(self) -> dict[str, float]:
        thinking_end = attribute(self.response, "time_to_thinking_end")
        if isinstance(thinking_end, (int, float)):
            return {**self.timings, "time_to_thinking_end": thinking_end}
        return self.timings


_observed: ContextVar[_ObservedStep | None] = ContextVar("steptrail_open_autoglm", default=None)


# Wrappers of what a step calls. Outside of a tracked step, they only call the original.


def _get_device_factory(get_device_factory: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    factory = get_device_factory(*args, **kwargs)
    return factory if _observed.get() is None else _DeviceFactory(factory)


class _DeviceFactory:
    """The agent's device factory, whose screenshots are observed."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._factory, name)

    def get_screenshot(self, *args: Any, **kwargs: Any) -> Any:
        return _get_screenshot(self._factory.get_screenshot, *args, **kwargs)

    def get_current_app(self, *args: Any, **kwargs: Any) -> Any:
        return _get_current_app(self._factory.get_current_app, *args, **kwargs)


def _get_screenshot(get_screenshot: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = _observed.get()
    if observed is None:
        return get_screenshot(*args, **kwargs)
    with observed.timing("screenshot"):
        observed.screenshot = get_screenshot(*args, **kwargs)
    observed.capture = functools.partial(get_screenshot, *args, **kwargs)
    return observed.screenshot


def _get_current_app(get_current_app: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    app = get_current_app(*args, **kwargs)
    observed = _observed.get()
    if observed is not None:
        observed.current_app = app
    return app


def _request(request: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = _observed.get()
    if observed is None:
        return request(*args, **kwargs)
    try:
        observed.response = request(*args, **kwargs)
    except BaseException as e:
        observed.model_failed = True
        observed.fail(e)
        raise
    return observed.response


def _execute(execute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    observed = _observed.get()
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


def _ask_person(name: str, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Observes how long a person took to answer, and whether they allowed a sensitive action."""
    observed = _observed.get()
    if observed is None:
        return callback(*args, **kwargs)
    is_takeover = name == "takeover_callback"
    with observed.timing("take_over" if is_takeover else "confirmation"):
        answer = callback(*args, **kwargs)
    if not is_takeover:
        with observing("the answer of a person"):
            observed.confirmed = bool(answer)
    return answer


def _screenshot(screenshot: Any) -> Screenshot:
    # If the flag cannot be read, the screenshot counts as sensitive.
    sensitive = True
    with observing("the sensitive flag of a screenshot"):
        sensitive = bool(getattr(screenshot, "is_sensitive", False))
    return Screenshot.from_base64(attribute(screenshot, "base64_data"), sensitive=sensitive)

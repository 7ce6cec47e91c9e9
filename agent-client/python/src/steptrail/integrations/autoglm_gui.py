"""Records what the agents of AutoGLM-GUI do.

    from AutoGLM_GUI.agents import create_agent
    from steptrail.integrations.autoglm_gui import track

    agent = track(create_agent("glm-async", model_config, agent_config, {}, device))
    async for event in agent.stream("Turn the volume up"):
        …

To record every agent of the web application, call `track_all` before its server starts. Each agent
that has `stream` is recorded from its events. Of agents that derive from `AsyncAgentBase`, the
screenshots of the device, the requests to the model, the parser and the actions are observed, too.
"""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import nullcontext
from typing import Any, TypeVar

from .._screenshots import Screenshot
from .._task_record import EndReason
from .._tracker import Tracker
from . import openai
from ._agents import (
    AgentRecording,
    untrack,
    values_of_result,
    without_secrets,
)
from ._wrapping import attribute, observing

__all__ = ["track", "track_all", "untrack", "untrack_all"]

Agent = TypeVar("Agent")

_CREATES = "__steptrail_creates__"
_UNPARSEABLE = "the model's reply could not be parsed"


def track(
    agent: Agent,
    tracker: Tracker | None = None,
    *,
    include_usage: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> Agent:
    """Records what `agent` does from now on, and returns `agent`.

    Each `stream` or `run` is a task; within a block of `steptrail.task` or
    `steptrail.integrations.task`, its steps belong to the task of the block, which ends with the
    block as the last run did. A stream that waits for a person does not end the task: the stream
    that continues it adds to the same task. Events, results, exceptions and requests are unchanged.
    A reply that could not be parsed is recorded as a failure, although the agent reports success.
    Tracking a tracked agent again does nothing.

    tracker: the tracker to record with. Default: that of `steptrail.task` when a task starts. With
        `record_model_calls=True`, it also records the messages and the text of the reply.
    include_usage: ask the model's server to report tokens, which changes the requests;
        `steptrail.integrations.openai.track` describes how. Default False.
    metadata: recorded with each task, in addition to the agent's settings.

    Raises TypeError if `agent` has no `stream`.
    """
    return _Recording(tracker, metadata, include_usage).track(agent)


def track_all(
    tracker: Tracker | None = None,
    *,
    include_usage: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Records every agent that AutoGLM-GUI creates from now on; `track` documents the arguments."""
    untrack_all()

    def create_tracked(create: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        agent = create(*args, **kwargs)
        return track(agent, tracker, include_usage=include_usage, metadata=metadata)

    registry = _registry()
    for name, create in registry.items():
        registry[name] = functools.partial(create_tracked, create)
        setattr(registry[name], _CREATES, create)


def untrack_all() -> None:
    """Stops recording agents that are created later. Existing agents remain tracked."""
    registry = _registry()
    for name, create in registry.items():
        registry[name] = getattr(create, _CREATES, create)


def _registry() -> dict[str, Callable[..., Any]]:
    """Returns the functions that create agents, by the type of the agent."""
    from AutoGLM_GUI.agents import factory  # type: ignore[import-not-found, unused-ignore]

    registry: dict[str, Callable[..., Any]] = factory.AGENT_REGISTRY
    return registry


class _Recording(AgentRecording):
    """The recording of one agent, which runs one stream at a time."""

    framework = "AutoGLM-GUI"
    methods = ("stream",)

    def __init__(
        self, tracker: Tracker | None, metadata: Mapping[str, Any] | None, include_usage: bool
    ) -> None:
        super().__init__(tracker, metadata)
        self._include_usage = include_usage
        self._begin_step()

    def _wrap_agent(self, agent: Any) -> None:
        device, parser, handler = (
            attribute(agent, name) for name in ("device", "parser", "action_handler")
        )
        self._wrap(agent, "stream", self._stream)
        self._wrap(agent, "reset", self._reset)
        self._wrap(agent, "_call_llm_with_tools", self._call_tools)
        self._wrap(device, "get_screenshot", self._get_screenshot)
        self._wrap(device, "get_current_app", self._get_current_app)
        self._wrap(parser, "parse", self._parse)
        self._wrap(parser, "parse_with_thinking", self._parse)
        self._wrap(handler, "execute", self._execute)
        self._wrap(handler, "confirmation_callback", self._confirm)
        client = attribute(agent, "openai_client")
        self._restores += openai.wrap_client(client, self._include_usage)

    def _describe(self) -> dict[str, Any]:
        agent = self._agent
        return {
            "model": attribute(agent, "model_config.model_name"),
            "device_id": attribute(agent, "device.device_id")
            or attribute(agent, "agent_config.device_id"),
            "metadata": {
                "agent_type": type(agent).__name__,
                "max_steps": attribute(agent, "agent_config.max_steps"),
                "lang": attribute(agent, "agent_config.lang"),
                "base_url": without_secrets(attribute(agent, "model_config.base_url")),
            },
        }

    def _begin_step(self) -> None:
        self._started_at = time.monotonic()
        self._timings: dict[str, float] = {}
        self._screenshot: Any = None
        self._current_app: Any = None
        self._action_result: Any = None
        self._decided = False
        self._unparseable = False
        self._confirmed: bool | None = None

    # The stream.

    async def _stream(
        self, stream: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> AsyncIterator[Any]:
        """Yields the events of the agent's stream."""
        run = _Run()
        with observing("the start of a stream"):
            self._start_run(*args, **kwargs)
        events = stream(*args, **kwargs)
        try:
            while True:
                with self._last.task.activate() if self._last else nullcontext():
                    try:
                        event = await anext(events)
                    except StopAsyncIteration:
                        break
                with observing("an event"):
                    self._handle(run, event)
                yield event
            self._end_stream(run)
        except BaseException as e:
            self._end_after_exception(e)
            raise
        finally:
            # If the program stops reading, the agent's stream is closed as well.
            if hasattr(events, "aclose"):
                await events.aclose()

    def _start_run(self, task: Any, *, continue_with: Any = None) -> None:
        if continue_with is not None and self._last is not None and self._last.is_open:
            return
        self._end("cancelled", "cancelled", "the agent started another task")
        self._start_task(task)
        self._begin_step()

    def _handle(self, run: _Run, event: Any) -> None:
        kind, data = event["type"], event["data"]
        if kind == "thinking":
            run.thinking.append(data["chunk"])
        elif kind == "step":
            self._record_step(run, data)
        elif kind == "error":
            run.error = data.get("message")
            run.model_failed = "error_details" in data or str(run.error).startswith("Model error")
        elif kind == "takeover":
            run.waits_for_person = True
        elif kind == "done":
            self._end_after_done(run, data)
        elif kind == "cancelled":
            self._end("cancelled", "cancelled", data.get("message"))

    def _record_step(self, run: _Run, data: Any) -> None:
        action = data.get("action")
        success = bool(data.get("success")) and not self._unparseable
        error = _UNPARSEABLE if self._unparseable else data.get("message") or run.error
        run.unparseable = self._unparseable
        run.refused = self._confirmed is False
        finish = isinstance(action, dict) and action.get("_metadata") == "finish"
        failed = action is None or self._unparseable
        if self._last is not None:
            self._last.task.step(
                action,
                step_type="error" if failed else "completion" if finish else "action",
                thinking=data.get("thinking") or "".join(run.thinking) or None,
                action_result=values_of_result(self._action_result, self._confirmed),
                success=success,
                error_message=None if success else error or "no error message",
                before=self._before(data),
                timings=self._timings,
                current_app=self._current_app,
                duration=time.monotonic() - self._started_at,
            )
        run.thinking.clear()
        self._begin_step()

    def _before(self, data: Any) -> Screenshot | None:
        image = attribute(self._screenshot, "base64_data") or data.get("screenshot")
        if not image:
            return None
        sensitive = bool(attribute(self._screenshot, "is_sensitive"))
        return Screenshot.from_base64(image, sensitive=sensitive)

    # The end of a task.

    def _end_after_done(self, run: _Run, data: Any) -> None:
        message = data.get("message")
        if run.model_failed:
            self._end("failed", "model_error", message)
        elif run.unparseable:
            self._end("failed", "unparseable_reply", message)
        elif run.refused:
            self._end("cancelled", "cancelled", message)
        elif data.get("success"):
            self._end("succeeded", "finished", message)
        elif data.get("stop_reason") == "max_steps_reached":
            self._end("failed", "max_steps", message)
        else:
            self._end("failed", "ended_without_finish", message)

    def _end_stream(self, run: _Run) -> None:
        if not run.waits_for_person:
            reason: EndReason = "model_error" if run.model_failed else "ended_without_finish"
            self._end("failed", reason, run.error)

    def _end_after_exception(self, error: BaseException) -> None:
        if isinstance(error, GeneratorExit):
            self._end("cancelled", "cancelled", "the program stopped reading the stream")
        else:
            super()._end_after_exception(error)

    # Wrappers of what the agent calls.

    def _reset(self, reset: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    async def _get_screenshot(
        self, get_screenshot: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        started_at = time.monotonic()
        screenshot = await get_screenshot(*args, **kwargs)
        if not self._decided:  # some agents capture the screen again before the action
            self._screenshot = screenshot
            self._timings["screenshot"] = time.monotonic() - started_at
        return screenshot

    async def _get_current_app(
        self, get_current_app: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        self._current_app = await get_current_app(*args, **kwargs)
        return self._current_app

    def _parse(self, parse: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            result = parse(*args, **kwargs)
        except Exception:
            self._unparseable = True
            raise
        self._unparseable = False  # an agent may ask the model again
        return result

    async def _call_tools(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The agents for general vision models finish if the model calls no tool."""
        result = await call(*args, **kwargs)
        with observing("the tool that a model called"):
            self._decided = True
            thinking, _, tool, arguments = result
            message = thinking or "No action returned"
            self._unparseable = tool == "finish" and arguments == {"message": message}
        return result

    async def _execute(self, execute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started_at = time.monotonic()
        try:
            self._action_result = await execute(*args, **kwargs)
        finally:
            self._timings["action"] = time.monotonic() - started_at
        return self._action_result

    def _confirm(self, confirm: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = confirm(*args, **kwargs)
        with observing("the answer of a person"):
            self._confirmed = bool(answer)
        return answer


class _Run:
    """What was observed of one stream."""

    def __init__(self) -> None:
        self.thinking: list[str] = []
        self.error: str | None = None
        self.model_failed = False
        self.unparseable = False
        self.refused = False
        self.waits_for_person = False

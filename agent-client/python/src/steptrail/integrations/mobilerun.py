"""Records what a mobilerun agent does.

    from mobilerun import MobileAgent
    from steptrail.integrations.mobilerun import track

    agent = track(MobileAgent("Turn the volume up", config))
    result = await agent.run()

It works with `MobileAgent` of mobilerun 0.7, with and without reasoning. It observes the events
that pass through `handle_stream_event`, the methods of the driver, and the result of `run`. The
event stream of `run` remains free for the program.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from .._task_record import EndReason, Status
from .._tracker import Tracker
from .._usage import ModelCall, Usage
from ._agents import AgentRecording, RunTask, untrack
from ._wrapping import attribute, message_of, observing, wrap

__all__ = ["track", "untrack"]

Agent = TypeVar("Agent")

_ACTIONS = (
    *("tap", "swipe", "drag", "input_text", "press_button", "press_key_code"),
    *("start_app", "stop_app", "open_deep_link", "set_clipboard"),
)
_MALFORMED = "the model's reply could not be parsed"
_NO_TOOL_CALL = "the model's reply contains no tool call"


def track(
    agent: Agent,
    tracker: Tracker | None = None,
    *,
    capture_screenshots: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> Agent:
    """Records what `agent` does from now on, and returns `agent`.

    Each `run` is a task; within a block of `steptrail.task` or `steptrail.integrations.task`, its
    steps belong to the task of the block, which ends with the block as the last run did. Each reply
    of the model is a step, with the tools that it called and the tokens that mobilerun reports.
    With reasoning, a plan of the manager is a step, too. A step has the screenshot that the agent
    took last. What the agent returns and raises, its requests and its event stream are unchanged.
    Tracking a tracked agent again does nothing.

    tracker: the tracker to record with. Default: that of `steptrail.task` when a task starts.
    capture_screenshots: capture the screen in steps in which the agent does not, which are all
        steps without vision. The agent waits for the capture. The first step of a run has no
        screenshot if the agent creates its driver itself. Default False.
    metadata: recorded with each task, in addition to the agent's settings.

    Raises TypeError if `agent` is not a mobilerun agent.
    """
    return _Recording(tracker, metadata, capture_screenshots).track(agent)


class _Recording(AgentRecording):
    """The recording of one agent."""

    framework = "mobilerun"
    methods = ("run", "handle_stream_event")

    def __init__(
        self, tracker: Tracker | None, metadata: Mapping[str, Any] | None, capture_screenshots: bool
    ) -> None:
        super().__init__(tracker, metadata)
        self._capture_screenshots = capture_screenshots
        self._run: _Run | None = None
        self._driver: Any = None
        self._driver_restores: list[Callable[[], None]] = []

    def _wrap_agent(self, agent: Any) -> None:
        self._wrap(agent, "run", self._start_run)
        self._wrap(agent, "handle_stream_event", self._handle_stream_event)

    def restore(self) -> None:
        for restore in self._driver_restores:
            restore()
        super().restore()

    def _describe(self) -> dict[str, Any]:
        agent = self._agent
        model = attribute(agent, "fast_agent_llm") or attribute(agent, "executor_llm")
        return {
            "instruction": attribute(agent, "shared_state.instruction"),
            "model": attribute(model, "model"),
            "device_id": attribute(agent, "resolved_device_config.serial"),
            "metadata": {
                "max_steps": attribute(agent, "config.agent.max_steps"),
                "reasoning": attribute(agent, "config.agent.reasoning"),
            },
        }

    def _end(self, status: Status, reason: EndReason, message: str | None) -> None:
        if self._run is not None:
            self._run.end(status, reason, message)

    def _start_run(self, run: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        current: _Run | None = None
        with observing("the start of a run"):
            self._end("cancelled", "cancelled", "the agent started another run")
            description = self._describe()
            task = self._start_task(description["instruction"])
            current = self._run = _Run(self._agent, task, description["model"])
            self._wrap_driver(attribute(self._agent, "_injected_driver"))
        try:
            handler = run(*args, **kwargs)
        except BaseException as e:
            if current is not None:
                current.end_after_exception(e)
            raise
        with observing("the result of a run"):
            if current is not None:
                handler._result_task.add_done_callback(current.end_after_result)
        return handler

    def _handle_stream_event(self, handle: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with observing("an event"):
            self._wrap_driver(attribute(self._agent, "driver"))
            if self._run is not None:
                self._run.handle(args[0] if args else kwargs["ev"])
        return handle(*args, **kwargs)

    # The driver.

    def _wrap_driver(self, driver: Any) -> None:
        """Wraps the methods of the driver that the agent uses, once for each driver."""
        if driver is None or driver is self._driver:
            return
        for restore in self._driver_restores:
            restore()
        self._driver = driver
        self._driver_restores = [
            wrap(driver, name, wrapper)
            for names, wrapper in (
                (("screenshot",), self._screenshot),
                (("get_ui_tree",), self._get_ui_tree),
                (_ACTIONS, self._act),
            )
            for name in names
            if callable(attribute(driver, name))
        ]

    async def _screenshot(self, capture: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started_at = time.monotonic()
        image = await capture(*args, **kwargs)
        if self._run is not None:
            self._run.add_screenshot(image, time.monotonic() - started_at)
        return image

    async def _get_ui_tree(self, read: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        tree = await read(*args, **kwargs)
        if self._capture_screenshots and self._run is not None and not self._run.has_screenshot:
            with observing("the screen"):
                await self._driver.screenshot()
        return tree

    async def _act(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started_at = time.monotonic()
        try:
            return await act(*args, **kwargs)
        finally:
            if self._run is not None:
                self._run.add_timing("action", time.monotonic() - started_at)


class _Run:
    """One run of an agent: a task, and its step in progress."""

    def __init__(self, agent: Any, task: RunTask, model: str | None) -> None:
        self._agent = agent
        self._task = task
        self._model = model
        self._image: Any = None
        self._begin_step()
        self._unparseable = False

    def _begin_step(self) -> None:
        self._started_at = self._waits_since = time.monotonic()
        self._waits_for_model = False
        self._captured = False
        self._thinking: str | None = None
        self._model_call: ModelCall | None = None
        self._tool_calls: list[Any] = []
        self._timings: dict[str, float] = {}

    @property
    def has_screenshot(self) -> bool:
        """Whether the screen was captured in the step in progress."""
        return self._captured

    def add_screenshot(self, image: Any, seconds: float) -> None:
        self._image, self._captured = image, True
        self._timings["screenshot"] = seconds

    def add_timing(self, name: str, seconds: float) -> None:
        self._timings[name] = self._timings.get(name, 0.0) + seconds

    # Events. The class of an event determines its handler, so that mobilerun is not imported.

    def handle(self, event: Any) -> None:
        handler = self._HANDLERS.get(type(event).__name__)
        if handler is not None and self._task.is_open:
            handler(self, event)

    def _on_context(self, event: Any) -> None:
        """The last of these events precedes the request to the model."""
        self._waits_for_model = True
        self._waits_since = time.monotonic()

    def _on_screenshot(self, event: Any) -> None:
        """The driver was not wrapped yet if it has not seen this screenshot."""
        if not self._captured:
            self._image, self._captured = event.screenshot, True
        self._on_context(event)

    def _on_response(self, event: Any) -> None:
        usage = attribute(event, "usage")
        self._waits_for_model = False
        self._model_call = ModelCall(
            model=self._model,
            usage=Usage(usage.request_tokens, None, usage.response_tokens) if usage else None,
            duration=time.monotonic() - self._waits_since,
            output=attribute(event, "response"),
        )

    def _on_fast_agent_response(self, event: Any) -> None:
        self._on_response(event)
        self._thinking = event.thought or None
        self._unparseable = str(attribute(event, "tool_call_status.value")).lower() == "malformed"
        if event.code is None:  # the agent asks the model again
            error = _MALFORMED if self._unparseable else _NO_TOOL_CALL
            self._record(step_type="error", success=False, error_message=error)

    def _on_tool_call(self, event: Any) -> None:
        self._tool_calls.append(event)

    def _on_fast_agent_output(self, event: Any) -> None:
        calls = self._tool_calls
        failed = next((call for call in calls if not call.success), None)
        self._record(
            step_type="completion" if any(c.tool_name == "complete" for c in calls) else "action",
            action=_action(calls),
            action_result={"output": attribute(event, "output") or calls[-1].summary},
            success=failed is None,
            error_message=failed.summary if failed is not None else None,
        )
        self._image = None

    def _on_fast_agent_end(self, event: Any) -> None:
        """Occurs twice at the end of a run, which did not wait for the model then."""
        self._waits_for_model = False
        if self._tool_calls:
            self._on_fast_agent_output(event)

    def _on_plan(self, event: Any) -> None:
        self._thinking = event.thought or None
        values = {"plan": event.plan, "subgoal": event.subgoal, "answer": event.answer}
        self._record(
            step_type="completion" if event.answer else "thinking",
            action={"action": "plan", **{k: v for k, v in values.items() if v}},
            success=event.success,
        )

    def _on_executor_action(self, event: Any) -> None:
        self._thinking = event.thought or None

    def _on_executor_result(self, event: Any) -> None:
        self._record(
            step_type="action",
            action=event.action,
            action_result={"summary": event.summary},
            success=event.success,
            error_message=event.error or None,
        )
        self._image = None

    _HANDLERS: ClassVar[dict[str, Callable[[_Run, Any], None]]] = {
        "FastAgentInputEvent": _on_context,
        "ManagerContextEvent": _on_context,
        "ExecutorContextEvent": _on_context,
        "RecordUIStateEvent": _on_context,
        "ScreenshotEvent": _on_screenshot,
        "FastAgentResponseEvent": _on_fast_agent_response,
        "ToolExecutionEvent": _on_tool_call,
        "FastAgentOutputEvent": _on_fast_agent_output,
        "FastAgentEndEvent": _on_fast_agent_end,
        "ManagerResponseEvent": _on_response,
        "ManagerPlanDetailsEvent": _on_plan,
        "ExecutorResponseEvent": _on_response,
        "ExecutorActionEvent": _on_executor_action,
        "ExecutorActionResultEvent": _on_executor_result,
    }

    def _record(self, **fields: Any) -> None:
        self._task.task.step(
            thinking=self._thinking,
            before=self._image,
            model_call=self._model_call,
            timings=self._timings,
            current_app=attribute(self._agent, "shared_state.current_package_name") or None,
            duration=time.monotonic() - self._started_at,
            **fields,
        )
        self._begin_step()

    # The end.

    def end_after_result(self, result: asyncio.Future[Any]) -> None:
        """Called when the workflow has ended."""
        with observing("the result of a run"):
            if result.cancelled():
                self.end("cancelled", "cancelled", "the run was cancelled")
            elif (error := result.exception()) is not None:
                self.end_after_exception(error)
            else:
                event = result.result()
                self._end_after_event(bool(attribute(event, "success")), event)

    def end_after_exception(self, error: BaseException) -> None:
        cancelled = (
            not isinstance(error, Exception) or type(error).__name__ == "WorkflowCancelledByUser"
        )
        if cancelled:
            self.end("cancelled", "cancelled", message_of(error))
        else:
            self._fail(message_of(error))

    def _end_after_event(self, success: bool, event: Any) -> None:
        reason = attribute(event, "reason")
        if type(event).__name__ == "WorkflowCancelledEvent":
            self.end("cancelled", "cancelled", "the run was cancelled")
        elif success:
            self.end("succeeded", "finished", reason)
        else:
            self._fail(reason)

    def _fail(self, message: str | None) -> None:
        steps = attribute(self._agent, "shared_state.step_number")
        limit = attribute(self._agent, "config.agent.max_steps")
        reason: EndReason = "ended_without_finish"
        if attribute(self._agent, "shared_state.success") is False:
            reason = "finished"  # the agent reported that it cannot complete the instruction
        elif self._waits_for_model and "Device disconnected" not in (message or ""):
            reason = "model_error"
        elif self._unparseable:
            reason = "unparseable_reply"
        elif isinstance(steps, int) and isinstance(limit, int) and steps >= limit:
            reason = "max_steps"
        self.end("failed", reason, message)

    def end(self, status: Status, reason: EndReason, message: str | None) -> None:
        """Ends the task, unless it has ended. A step in progress is recorded as failed."""
        if not self._task.is_open:
            return
        if reason != "max_steps" and (self._waits_for_model or self._model_call is not None):
            self._record(
                step_type="error",
                action=_action(self._tool_calls) if self._tool_calls else None,
                success=False,
                error_message=message,
            )
        self._task.end(status, reason, message)


def _action(calls: list[Any]) -> dict[str, Any]:
    """Returns the action of a step: one tool call, or several."""
    actions = [{**call.tool_args, "action": call.tool_name} for call in calls]
    if len(actions) == 1:
        return actions[0]
    return {"action": ", ".join(action["action"] for action in actions), "calls": actions}

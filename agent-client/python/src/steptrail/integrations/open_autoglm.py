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
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .._tracker import Task, Tracker
from . import openai
from ._agents import AgentRecording, untrack, without_secrets
from ._open_autoglm_step import (
    ObservedStep,
    observe_answer,
    observe_current_app,
    observe_device_factory,
    observe_execute,
    observe_request,
    observe_screenshot,
    observed_step,
)
from ._wrapping import attribute, observing

__all__ = ["track", "untrack"]

Agent = TypeVar("Agent")


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
    Within a block of `steptrail.task` or `steptrail.integrations.task`, the steps belong to the
    task of the block, which ends with the block as the last run did. A step has the screenshot that
    the agent took, with its sensitive flag. What the agent returns and raises, and its requests,
    are unchanged. If the agent reports success although the model failed, a reply could not be
    parsed or an action raised an exception, the recorded task has failed. Tracking a tracked agent
    again does nothing.

    tracker: the tracker to record with. Default: that of `steptrail.task` when a task starts. With
        `record_model_calls=True`, it also records the messages and the text of the reply.
    after_screenshots: also record the screen after each action. The agent waits for one more
        capture in each step. Default False.
    include_usage: ask the model's server to report tokens, which changes the requests;
        `steptrail.integrations.openai.track` describes how. Default False.
    metadata: recorded with each task, in addition to the agent's settings.

    Raises TypeError if `agent` is not an Open-AutoGLM agent.
    """
    return _Recording(tracker, metadata, after_screenshots, include_usage).track(agent)


class _Recording(AgentRecording):
    """The recording of one agent, which runs on one thread at a time."""

    framework = "Open-AutoGLM"
    methods = ("run", "reset", "_execute_step", "model_client.request", "action_handler.execute")

    def __init__(
        self,
        tracker: Tracker | None,
        metadata: Mapping[str, Any] | None,
        after_screenshots: bool,
        include_usage: bool,
    ) -> None:
        super().__init__(tracker, metadata)
        self._after_screenshots = after_screenshots
        self._include_usage = include_usage
        self._instruction: str | None = None  # of the last run

    def _wrap_agent(self, agent: Any) -> None:
        client = attribute(agent, "model_client.client")
        self._restores += openai.wrap_client(client, self._include_usage)
        self._wrap(agent, "run", self._run)
        self._wrap(agent, "reset", self._reset)
        self._wrap(agent, "_execute_step", self._execute_step)
        self._wrap(agent.model_client, "request", observe_request)
        self._wrap(agent.action_handler, "execute", observe_execute)
        for name in ("takeover_callback", "confirmation_callback"):
            self._wrap(agent.action_handler, name, functools.partial(observe_answer, name))
        for owner in type(agent).__mro__:
            if "_execute_step" in vars(owner):
                module = sys.modules.get(owner.__module__)
                self._wrap(module, "get_device_factory", observe_device_factory)
                self._wrap(module, "get_screenshot", observe_screenshot)
                self._wrap(module, "get_current_app", observe_current_app)

    def _describe(self) -> dict[str, Any]:
        config = attribute(self._agent, "agent_config")
        model = attribute(self._agent, "model_config")
        return {
            "model": attribute(model, "model_name"),
            "device_id": attribute(config, "device_id"),
            "metadata": {
                "max_steps": attribute(config, "max_steps"),
                "lang": attribute(config, "lang"),
                "base_url": without_secrets(attribute(model, "base_url")),
            },
        }

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
        self._end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    def _execute_step(self, execute_step: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        task = self._task_of_step(*args, **kwargs)
        if task is None:
            return execute_step(*args, **kwargs)
        with task.begin_step() as step:
            observed = ObservedStep(step)
            token = observed_step.set(observed)
            try:
                result = execute_step(*args, **kwargs)
            except BaseException as e:
                observed.fail(e)
                observed.update_step(None)
                raise
            finally:
                observed_step.reset(token)
            observed.update_step(result)
            if self._after_screenshots and not observed.finished:
                observed.capture_after()
        if observed.finished:
            with observing("the end of a task"):
                self._end(*observed.end(result))
        return result

    # Starts and ends of tasks.

    def _task_of_step(
        self, user_prompt: Any = None, is_first: Any = False, *_: Any, **__: Any
    ) -> Task | None:
        """Returns the task of the step that starts; None if it cannot be determined."""
        with observing("the start of a step"):
            if is_first:
                self._end("cancelled", "cancelled", "the agent started another task")
            last = self._last
            if last is not None and last.is_open:
                return last.task
            # A step after the end continues the same conversation in a new task.
            previous = None if is_first or last is None else last.task
            if previous is None or user_prompt:
                self._instruction = user_prompt
            return self._start_task(self._instruction, previous).task
        return None

    def _end_after_return(self, result: Any) -> None:
        """Ends the task unless its last step has."""
        with observing("the result of a run"):
            steps = attribute(self._agent, "step_count")
            limit = attribute(self._agent, "agent_config.max_steps")
            reached = isinstance(steps, int) and isinstance(limit, (int, float)) and steps >= limit
            message = result if isinstance(result, str) else None
            self._end("failed", "max_steps" if reached else "ended_without_finish", message)

"""Runs a scenario of the real Open-AutoGLM: python open_autoglm.py REQUESTS ANSWERS

The request has `url` of the server, `wda_url`, `agent` (`ios` or a key of `AGENTS`), `play`,
`max_steps`, `confirms`, `outbox` (null: without tracking), `tracker` and `track` (further arguments
of them), `block` (arguments of a task of the agent around the play), `untrack` and `discard`. The
answer has the results and exceptions of the agent's methods, and its conversation at the end.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from typing import Any

from phone_agent import PhoneAgent  # type: ignore[import-not-found, unused-ignore]
from phone_agent.agent import AgentConfig  # type: ignore[import-not-found, unused-ignore]
from phone_agent.agent_ios import (  # type: ignore[import-not-found, unused-ignore]
    IOSAgentConfig,
    IOSPhoneAgent,
)
from phone_agent.model import ModelConfig  # type: ignore[import-not-found, unused-ignore]
from scenario_runner import run_scenarios  # type: ignore[import-not-found, unused-ignore]

TASK = "打开设置 and turn the volume up"


class ReturnsEarly(PhoneAgent):  # type: ignore[misc, unused-ignore]
    def run(self, task: str) -> str:
        self._execute_step(task, is_first=True)
        self._execute_step()
        return "That is enough"


class Unreadable:
    """A result of which only `finished` can be read."""

    finished = True

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("a secret")


class ReturnsUnreadable(PhoneAgent):  # type: ignore[misc, unused-ignore]
    def _execute_step(self, *args: Any, **kwargs: Any) -> Any:
        super()._execute_step(*args, **kwargs)
        return Unreadable()


def run(agent: Any, log: Any) -> None:
    log(agent.run, TASK)


def one_step(agent: Any, log: Any) -> None:
    log(lambda: type(agent.step(TASK)).__name__)


def run_twice(agent: Any, log: Any) -> None:
    run(agent, log)
    run(agent, log)


def step_by_step(agent: Any, log: Any) -> None:
    log(agent.step)  # raises, because the first step needs a task
    log(agent.step, TASK)
    log(agent.step)
    log(agent.reset)
    log(agent.step, "another task")
    log(agent.step)  # finishes
    log(agent.step)  # continues the same conversation
    log(lambda: agent.step_count)


AGENTS = {
    "android": PhoneAgent,
    "returns_early": ReturnsEarly,
    "returns_unreadable": ReturnsUnreadable,
}


def run_twin(agent: Any, log: Any) -> None:
    """Runs a second agent with the same model client at the same time, on another thread."""
    twin = PhoneAgent(agent.model_config, agent.agent_config)
    twin.model_client = agent.model_client
    recording = getattr(agent, "_steptrail_recording", None)
    if recording is not None:
        from steptrail.integrations.open_autoglm import track

        track(twin, recording._tracker)
    thread = threading.Thread(target=log, args=(twin.run, "twin"))
    thread.start()
    run(agent, log)
    thread.join()


PLAYS = {
    "run_twin": run_twin,
    "run": run,
    "run_twice": run_twice,
    "one_step": one_step,
    "step_by_step": step_by_step,
}


def main(request: dict[str, Any]) -> dict[str, Any]:
    asked: list[str] = []

    def confirm(message: str) -> bool:
        asked.append(message)
        return bool(request.get("confirms", True))

    model = ModelConfig(base_url=request["url"], api_key="sk-secret", model_name="autoglm-phone-9b")
    callbacks = {"confirmation_callback": confirm, "takeover_callback": asked.append}
    max_steps = request.get("max_steps", 100)
    if request["agent"] == "ios":
        ios = IOSAgentConfig(wda_url=request["wda_url"], max_steps=max_steps, lang="en")
        agent: Any = IOSPhoneAgent(model, ios, **callbacks)
    else:
        kind = AGENTS[request["agent"]]
        agent = kind(
            model,
            AgentConfig(device_id="emulator-5554", max_steps=max_steps, lang="en"),
            **callbacks,
        )
    attributes = sorted(vars(agent))
    if request["outbox"]:
        import steptrail
        from steptrail.integrations import open_autoglm

        tracker = steptrail.Tracker(outbox=request["outbox"], **request.get("tracker", {}))
        open_autoglm.track(agent, tracker, **request.get("track", {}))

    outcomes: list[str] = []

    def log(method: Any, *arguments: Any) -> None:
        try:
            outcomes.append(repr(method(*arguments)))
        except BaseException as e:
            outcomes.append(f"raised {type(e).__name__} {e.args}")

    play = PLAYS[request.get("play", "run")]
    if request["outbox"] and request.get("block"):
        from steptrail.integrations import task as task_of

        with task_of(agent, **request["block"]):
            play(agent, log)
    else:
        play(agent, log)
    answer: dict[str, Any] = {"outcomes": outcomes, "asked": asked, "context": agent.context}
    if request["outbox"]:
        from steptrail.integrations import failures

        answer["flushed"] = tracker.flush(30)
        answer["failures"] = dict(failures)
        if request.get("discard"):
            reference = weakref.ref(agent)
            del agent
            gc.collect()
            answer["discarded"] = reference() is None
            answer["flushed"] = tracker.flush(30)
        if request.get("untrack"):
            open_autoglm.untrack(agent)
            answer["restored"] = sorted(vars(agent)) == attributes and not any(
                hasattr(function, "__steptrail_wrapping__")
                for module in ("phone_agent.agent", "phone_agent.agent_ios")
                for function in vars(sys.modules[module]).values()
            )
            run(agent, log)
            answer["flushed"] = tracker.flush(30)
    return answer


if __name__ == "__main__":
    run_scenarios(main)

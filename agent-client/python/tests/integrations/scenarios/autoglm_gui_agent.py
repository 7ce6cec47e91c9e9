"""Runs a scenario of the real AutoGLM-GUI: python autoglm_gui_agent.py REQUESTS ANSWERS

The request has `url` of the model's server, `agent` (a registered type), `play`, `max_steps`,
`confirms`, `phone` (arguments of `StateMachine`), `outbox` (null: without tracking), `tracker` and
`track` (further arguments of them), and `all` (true: with `track_all`). The answer has the events
or the exception of the agent, and the calls of the phone.
"""

from __future__ import annotations

import asyncio
import base64
import signal
import types
from typing import Any

from AutoGLM_GUI.agents import create_agent  # type: ignore[import-not-found, unused-ignore]
from AutoGLM_GUI.config import (  # type: ignore[import-not-found, unused-ignore]
    AgentConfig,
    ModelConfig,
)
from AutoGLM_GUI.devices import MockDevice  # type: ignore[import-not-found, unused-ignore]
from phones import HEIGHT, WIDTH, png  # type: ignore[import-not-found, unused-ignore]
from scenario_runner import run_scenarios  # type: ignore[import-not-found, unused-ignore]

TASK = "打开设置 and turn the volume up"


class StateMachine:
    """The phone behind `MockDevice`.

    tap: what a tap does: `works`, `raises`, or `interrupts` like Ctrl+C.
    away_at: the number of the capture at which the phone is disconnected.
    """

    current_state = types.SimpleNamespace(current_app="Settings")

    def __init__(self, tap: str = "works", away_at: int = 0) -> None:
        self.calls: list[str] = []
        self._tap = tap
        self._away_at = away_at

    def get_current_screenshot(self) -> Any:
        self.calls.append("screenshot")
        number = self.calls.count("screenshot")
        if number == self._away_at:
            raise ConnectionError("no device")
        data = base64.b64encode(png(number)).decode()
        return types.SimpleNamespace(base64_data=data, width=WIDTH, height=HEIGHT)

    def handle_tap(self, x: int, y: int) -> None:
        self.calls.append(f"tap {x} {y}")
        if self._tap == "raises":
            raise RuntimeError("the screen is locked")
        if self._tap == "interrupts":
            signal.raise_signal(signal.SIGINT)

    def handle_swipe(self, *where: int) -> None:
        self.calls.append(f"swipe {where}")


async def stream(agent: Any, log: Any) -> None:
    async for event in agent.stream(TASK):
        log(event)


async def run(agent: Any, log: Any) -> None:
    log(await agent.run(TASK))


async def stop_reading(agent: Any, log: Any) -> None:
    async for event in agent.stream(TASK):
        log(event)
        if event["type"] == "step":
            break
    await asyncio.sleep(0.1)
    log(agent.is_running)


async def continue_after_person(agent: Any, log: Any) -> None:
    await stream(agent, log)
    async for event in agent.stream(TASK, continue_with="I have signed in"):
        log(event)


async def reset_after_person(agent: Any, log: Any) -> None:
    await stream(agent, log)
    agent.reset()
    await stream(agent, log)


async def cancel(agent: Any, log: Any) -> None:
    """Calls `cancel` while the model answers."""
    async for event in agent.stream(TASK):
        log(event)
        if event["type"] == "thinking":
            await agent.cancel()


async def cancel_task(agent: Any, log: Any) -> None:
    """Cancels the asyncio task while the model answers."""
    started = asyncio.Event()

    def log_and_start(event: Any) -> None:
        log(event)
        if event["type"] == "thinking":
            started.set()

    task = asyncio.create_task(stream(agent, log_and_start))
    await started.wait()
    await asyncio.sleep(0.1)
    task.cancel()
    await task


PLAYS = {
    function.__name__: function
    for function in (
        stream,
        run,
        stop_reading,
        continue_after_person,
        reset_after_person,
        cancel,
        cancel_task,
    )
}


def main(request: dict[str, Any]) -> dict[str, Any]:
    machine = StateMachine(**request.get("phone", {}))
    if request["outbox"]:
        import steptrail
        from steptrail.integrations import autoglm_gui, failures

        tracker = steptrail.Tracker(outbox=request["outbox"], **request.get("tracker", {}))
        if request.get("all"):
            autoglm_gui.track_all(tracker)
    agent = create_agent(
        request.get("agent", "glm-async"),
        ModelConfig(base_url=request["url"], api_key="sk-secret", model_name="autoglm-phone-9b"),
        AgentConfig(max_steps=request.get("max_steps", 100), lang="en", verbose=False),
        {},
        MockDevice("mock-1", machine),
        takeover_callback=lambda message: None,
        confirmation_callback=lambda message: request.get("confirms", True),
    )
    if request["outbox"] and not request.get("all"):
        assert autoglm_gui.track(agent, tracker, **request.get("track", {})) is agent

    events: list[Any] = []
    try:
        asyncio.run(PLAYS[request.get("play", "stream")](agent, events.append))
        outcome = "returned"
    except BaseException as e:
        outcome = f"raised {type(e).__name__} {e.args}"
    answer: dict[str, Any] = {"outcome": outcome, "events": events, "phone": machine.calls}
    if request["outbox"]:
        autoglm_gui.untrack(agent)
        autoglm_gui.untrack_all()
        tracked = {"stream", "reset"} & set(vars(agent)) | {"get_screenshot"} & set(
            vars(agent.device)
        )
        answer |= {
            "flushed": tracker.flush(30),
            "failures": dict(failures),
            "restored": not tracked,
        }
    return answer


if __name__ == "__main__":
    run_scenarios(main)

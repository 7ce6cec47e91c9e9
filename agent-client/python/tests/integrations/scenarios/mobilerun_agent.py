"""Runs a scenario of the real mobilerun: python mobilerun_agent.py REQUESTS ANSWERS

The request has `url` of the model's server, `play`, `driver` (arguments of `Driver`), `agent`
(settings of the agent), `vision`, `outbox` (null: without tracking), `track` (arguments of `track`)
and `block` (arguments of a task of the agent around the play). The answer has the result or
exception of the run, the events of its stream, and the calls of the driver.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from mobilerun import (  # type: ignore[import-not-found, unused-ignore]
    AgentConfig,
    DeviceConfig,
    DeviceDriver,
    MobileAgent,
    MobileConfig,
    TelemetryConfig,
    load_llm,
)
from mobilerun_core_local.driver.base import (  # type: ignore[import-not-found, unused-ignore]
    DeviceDisconnectedError,
)
from phones import HEIGHT, WIDTH, png  # type: ignore[import-not-found, unused-ignore]
from scenario_runner import run_scenarios  # type: ignore[import-not-found, unused-ignore]

TASK = "打开设置 and turn the volume up"


class Driver(DeviceDriver):  # type: ignore[misc, unused-ignore]
    """A fake phone with one button.

    tap: what a tap does: `works`, `raises`, or `interrupts` like Ctrl+C.
    away_at: the number of the screenshot at which the phone is disconnected.
    """

    platform = "Android"
    supported = frozenset({"tap", "swipe", "input_text", "start_app", "screenshot", "get_ui_tree"})
    supported_buttons = frozenset({"back", "home"})

    def __init__(self, tap: str = "works", away_at: int = 0) -> None:
        self.calls: list[str] = []
        self._tap = tap
        self._away_at = away_at

    async def tap(self, x: int, y: int) -> None:
        self.calls.append(f"tap {x} {y}")
        if self._tap == "raises":
            raise RuntimeError("the screen is locked")
        if self._tap == "interrupts":
            signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)

    async def screenshot(self, hide_overlay: bool = True) -> bytes:
        self.calls.append("screenshot")
        number = self.calls.count("screenshot")
        if number == self._away_at:
            raise DeviceDisconnectedError("no device")
        return bytes(png(number))

    async def get_ui_tree(self, filter: bool = True) -> dict[str, Any]:
        self.calls.append("get_ui_tree")
        bounds = {"left": 10, "top": 20, "right": 90, "bottom": 60}
        button = {"className": "Button", "text": "Volume", "boundsInScreen": bounds, "children": []}
        screen = {"left": 0, "top": 0, "right": WIDTH, "bottom": HEIGHT}
        return {
            "a11y_tree": {"className": "Frame", "boundsInScreen": screen, "children": [button]},
            "phone_state": {"currentApp": "Settings", "packageName": "com.android.settings"},
            "device_context": {"screen_bounds": {"width": WIDTH, "height": HEIGHT}},
        }

    async def get_date(self) -> str:
        return "2026-01-01"


async def run(agent: Any, events: list[str]) -> Any:
    handler = agent.run()
    async for event in handler.stream_events():
        events.append(type(event).__name__)
    return await handler


async def run_without_stream(agent: Any, events: list[str]) -> Any:
    return await agent.run()


async def run_twice(agent: Any, events: list[str]) -> Any:
    first = await run(agent, events)
    agent.shared_state.step_number = 0
    return [repr(first), repr(await run(agent, events))]


async def cancel(agent: Any, events: list[str]) -> Any:
    """Cancels the run while the model is asked for the second time."""
    handler = agent.run()
    async for event in handler.stream_events():
        events.append(type(event).__name__)
        if events.count("RecordUIStateEvent") == 2:
            await asyncio.sleep(1)
            await handler.cancel_run()
            break
    return await handler


async def cancel_task(agent: Any, events: list[str]) -> Any:
    """Cancels the asyncio task that waits for the run."""
    task = asyncio.create_task(run(agent, events))
    while events.count("RecordUIStateEvent") < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    task.cancel()
    return await task


PLAYS = {
    function.__name__: function
    for function in (run, run_without_stream, run_twice, cancel, cancel_task)
}


def main(request: dict[str, Any]) -> dict[str, Any]:
    config = MobileConfig(
        agent=AgentConfig(after_sleep_action=0, **request.get("agent", {})),
        device=DeviceConfig(serial="emulator-5554"),
        telemetry=TelemetryConfig(enabled=False),
    )
    vision = request.get("vision", True)
    config.agent.fast_agent.vision = config.agent.manager.vision = vision
    llm = load_llm("OpenAILike", model="test-model", api_base=request["url"], api_key="sk-secret")
    driver = Driver(**request.get("driver", {}))
    agent = MobileAgent(TASK, config, llm, driver=driver)
    if request["outbox"]:
        import steptrail
        from steptrail.integrations import mobilerun

        tracker = steptrail.Tracker(outbox=request["outbox"])
        assert mobilerun.track(agent, tracker, **request.get("track", {})) is agent

    async def play() -> Any:
        playing = PLAYS[request.get("play", "run")]
        if request["outbox"] and request.get("block"):
            from steptrail.integrations import task as task_of

            async with task_of(agent, **request["block"]):
                return await playing(agent, events)
        return await playing(agent, events)

    events: list[str] = []
    try:
        outcome = repr(asyncio.run(play()))
    except BaseException as e:
        outcome = f"raised {type(e).__name__} {e.args}"
    answer: dict[str, Any] = {"outcome": outcome, "events": events, "driver": driver.calls}
    if request["outbox"]:
        from steptrail.integrations import failures

        mobilerun.untrack(agent)
        answer |= {
            "flushed": tracker.flush(30),
            "failures": dict(failures),
            "restored": not {"run", "handle_stream_event"} & set(vars(agent))
            and not {"tap", "screenshot", "get_ui_tree"} & set(vars(driver)),
        }
    return answer


if __name__ == "__main__":
    run_scenarios(main)

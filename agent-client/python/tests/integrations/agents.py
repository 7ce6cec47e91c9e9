"""Agents with the structure of the real ones, whose models and phones are scripted."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

from steptrail import Task, current_task

from .phones import png

TAP = {"_metadata": "do", "action": "Tap", "element": [1, 2]}
FINISH = {"_metadata": "finish", "message": "The volume is 7"}


class Protected:
    """A screenshot whose sensitive flag cannot be read."""

    base64_data = base64.b64encode(png(1)).decode()
    width, height = 108, 240

    @property
    def is_sensitive(self) -> bool:
        raise RuntimeError("a secret")


class Screenshot(Protected):
    is_sensitive = False


class DeviceFactory:
    def get_screenshot(self, device_id: str) -> Any:
        return Screenshot()

    def get_current_app(self, device_id: str) -> str:
        return "Settings"


def get_device_factory() -> DeviceFactory:
    return DeviceFactory()


class PhoneAgent:
    """Like `phone_agent.PhoneAgent` of Open-AutoGLM.

    script: what each step decides: an action, or the exception that its request raises.
    execute: executes an action.
    """

    def __init__(
        self, *script: dict[str, Any] | Exception, execute: Callable[[Any], Any] | None = None
    ) -> None:
        self.model_config = SimpleNamespace(model_name="autoglm-phone-9b", base_url="http://lab/v1")
        self.agent_config = SimpleNamespace(device_id="emulator-5554", max_steps=3, lang=None)
        self.model_client = SimpleNamespace(request=self._request)
        self.action_handler = SimpleNamespace(execute=execute or self._execute)
        self.step_count = 0
        self._script = list(script)

    def _request(self, context: list[Any]) -> Any:
        decision = self._script.pop(0)
        if isinstance(decision, Exception):
            raise decision
        return SimpleNamespace(thinking="I look.", action=repr(decision), decision=decision)

    @staticmethod
    def _execute(action: dict[str, Any], *size: int) -> Any:
        message = action.get("message")
        finishes = action["_metadata"] == "finish"
        return SimpleNamespace(success=True, should_finish=finishes, message=message)

    def run(self, task: str) -> str:
        self.step_count = 0
        result = self._execute_step(task, is_first=True)
        while not result.finished and self.step_count < self.agent_config.max_steps:
            result = self._execute_step()
        return str(result.message) if result.finished else "Max steps reached"

    def reset(self) -> None:
        self.step_count = 0

    def _execute_step(self, user_prompt: str | None = None, is_first: bool = False) -> Any:
        self.step_count += 1
        factory = get_device_factory()
        screenshot = factory.get_screenshot(self.agent_config.device_id)
        factory.get_current_app(self.agent_config.device_id)
        try:
            decision = self.model_client.request([]).decision
        except ConnectionError as e:
            return SimpleNamespace(
                success=False, finished=True, action=None, thinking="", message=f"Model error: {e}"
            )
        size = screenshot.width, screenshot.height
        try:
            result = self.action_handler.execute(decision, *size)
        except RuntimeError as e:
            finish = {"_metadata": "finish", "message": str(e)}
            result = self.action_handler.execute(finish, *size)
        return SimpleNamespace(
            success=result.success,
            finished=result.should_finish,
            action=decision,
            thinking="I look.",
            message=result.message,
        )


class StreamAgent:
    """Like an agent of AutoGLM-GUI.

    script: the actions of each stream. The agent finishes after the last one.
    """

    def __init__(self, *script: list[dict[str, Any]]) -> None:
        self.model_config = SimpleNamespace(model_name="autoglm-phone-9b", base_url="http://lab/v1")
        self.agent_config = SimpleNamespace(device_id="emulator-5554", max_steps=3, lang="en")
        self.device = SimpleNamespace(get_screenshot=self._get_screenshot)
        self.closed = 0
        self.current_tasks: list[Task | None] = []
        self._script = list(script)

    async def _get_screenshot(self) -> Any:
        data = base64.b64encode(png(1)).decode()
        return SimpleNamespace(base64_data=data, is_sensitive=True)

    async def stream(self, task: str) -> AsyncIterator[Any]:
        try:
            for action in self._script.pop(0):
                await self.device.get_screenshot()
                self.current_tasks.append(current_task())
                yield {"type": "step", "data": {"action": action, "success": True}}
            yield {"type": "done", "data": {"success": True, "message": "The volume is 7"}}
        finally:
            self.closed += 1


class Driver:
    async def screenshot(self) -> bytes:
        return png(1)


class MobileAgent:
    """Like `MobileAgent` of mobilerun: each run is one reply that completes the instruction."""

    resolved_device_config = SimpleNamespace(serial="emulator-5554")
    fast_agent_llm = SimpleNamespace(model="autoglm-phone-9b")
    config = SimpleNamespace(agent=SimpleNamespace(max_steps=3, reasoning=False))
    shared_state = SimpleNamespace(instruction="Turn the volume up", current_package_name="")

    def __init__(self) -> None:
        self.driver = Driver()

    def run(self) -> Any:
        return SimpleNamespace(_result_task=asyncio.ensure_future(self._play()))

    async def _play(self) -> Any:
        call = SimpleNamespace(
            tool_name="complete", tool_args={}, success=True, summary="The volume is 7"
        )
        await self.driver.screenshot()
        for name, fields in (
            ("FastAgentResponseEvent", {"thought": "I look.", "code": "complete()"}),
            ("ToolExecutionEvent", vars(call)),
            ("FastAgentOutputEvent", {"output": "done"}),
        ):
            self.handle_stream_event(type(name, (SimpleNamespace,), {})(**fields))
        return SimpleNamespace(success=True, reason="The volume is 7")

    def handle_stream_event(self, ev: Any) -> None:
        pass

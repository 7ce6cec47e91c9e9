import ast
from dataclasses import dataclass
from typing import Any

from phone_agent.device_factory import get_device_factory


@dataclass
class AgentConfig:
    max_steps: int = 100
    device_id: str | None = "emulator-5554"
    lang: str = "cn"


@dataclass
class ModelConfig:
    base_url: str = "http://localhost:8000/v1"
    api_key: str = "a-secret-key"
    model_name: str = "autoglm-phone-9b"


@dataclass
class ModelResponse:
    thinking: str
    action: str
    raw_content: str = ""
    time_to_first_token: float | None = None
    time_to_thinking_end: float | None = None
    total_time: float | None = None


@dataclass
class StepResult:
    success: bool
    finished: bool
    action: dict[str, Any] | None
    thinking: str
    message: str | None = None


@dataclass
class ActionResult:
    success: bool
    should_finish: bool
    message: str | None = None
    requires_confirmation: bool = False


class ModelClient:
    """Returns scripted replies, one per request; raises a reply that is an exception."""

    def __init__(self, replies):
        self.replies = iter(replies)

    def request(self, messages):
        reply = next(self.replies)
        if isinstance(reply, BaseException):
            raise reply
        return reply


class ActionHandler:
    def __init__(self, confirmation_callback=None, takeover_callback=None):
        self.confirmation_callback = confirmation_callback or (lambda message: True)
        self.takeover_callback = takeover_callback or (lambda message: None)

    def execute(self, action, screen_width, screen_height):
        if action.get("_metadata") == "finish":
            return ActionResult(True, True, action.get("message"))
        name = action.get("action")
        get_device_factory().calls.append(name)
        if name == "Launch" and action.get("app") == "天气":
            return ActionResult(False, False, "App not found: 天气")
        if name == "Tap" and "message" in action and not self.confirmation_callback(action["message"]):
            return ActionResult(False, True, "User cancelled sensitive operation")
        if name == "Take_over":
            self.takeover_callback(action.get("message"))
        if name == "Explode":
            raise RuntimeError("adb: device offline")
        if name == "Interrupt":
            raise KeyboardInterrupt
        return ActionResult(True, False)


class PhoneAgent:
    def __init__(self, model_client, agent_config=None, action_handler=None):
        self.model_config = ModelConfig()
        self.agent_config = agent_config or AgentConfig()
        self.model_client = model_client
        self.action_handler = action_handler or ActionHandler()
        self._context = []
        self._step_count = 0

    def run(self, task):
        self.reset_context()
        result = self._execute_step(task, is_first=True)
        while not result.finished:
            if self._step_count >= self.agent_config.max_steps:
                return "Max steps reached"
            result = self._execute_step(is_first=False)
        return result.message or "Task completed"

    def step(self, task=None):
        is_first = not self._context
        if is_first and not task:
            raise ValueError("Task is required for the first step")
        return self._execute_step(task, is_first)

    def reset(self):
        self.reset_context()

    def reset_context(self):
        self._context = []
        self._step_count = 0

    @property
    def step_count(self):
        return self._step_count

    def user_message(self, text, screenshot):
        return {"role": "user", "content": text}

    def _execute_step(self, user_prompt=None, is_first=False):
        self._step_count += 1
        factory = get_device_factory()
        screenshot = factory.get_screenshot(self.agent_config.device_id)
        self._context.append(self.user_message(f"{user_prompt} {factory.get_current_app()}", screenshot))
        try:
            response = self.model_client.request(self._context)
        except Exception as e:
            return StepResult(False, True, None, "", f"Model error: {e}")
        try:
            action = parse_action(response.action)
        except ValueError:
            action = {"_metadata": "finish", "message": response.action}
        try:
            result = self.action_handler.execute(action, screenshot.width, screenshot.height)
        except Exception as e:
            finish = {"_metadata": "finish", "message": str(e)}
            result = self.action_handler.execute(finish, screenshot.width, screenshot.height)
        finished = action.get("_metadata") == "finish" or result.should_finish
        return StepResult(result.success, finished, action, response.thinking, result.message or action.get("message"))


def parse_action(reply):
    """Parses do(action="Tap", element=[1, 2]) and finish(message="…"). Raises ValueError for other replies."""
    try:
        call = ast.parse(reply, mode="eval").body
        return {"_metadata": call.func.id, **{k.arg: ast.literal_eval(k.value) for k in call.keywords}}
    except (SyntaxError, AttributeError) as e:
        raise ValueError(f"no action: {reply}") from e

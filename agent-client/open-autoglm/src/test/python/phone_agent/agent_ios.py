from phone_agent import device_factory
from phone_agent.agent import PhoneAgent, StepResult, parse_action


def get_screenshot(wda_url, session_id=None, device_id=None, timeout=10):
    device_factory.phone.calls.append([wda_url, session_id, device_id])
    return device_factory.phone.get_screenshot(device_id, timeout)


class IOSPhoneAgent(PhoneAgent):
    """Captures the screen by a function in its module's globals, with the phone's address as arguments."""

    def _execute_step(self, user_prompt=None, is_first=False):
        self._step_count += 1
        screenshot = get_screenshot(
            wda_url="http://phone:8100", session_id="session", device_id=self.agent_config.device_id
        )
        self._context.append({"role": "user", "content": user_prompt})
        response = self.model_client.request(self._context)
        action = parse_action(response.action)
        result = self.action_handler.execute(action, screenshot.width, screenshot.height)
        finished = action.get("_metadata") == "finish" or result.should_finish
        return StepResult(result.success, finished, action, response.thinking, result.message or action.get("message"))

"""Runs the real AutoGLM-GUI with its mock device and a fake model, with and without tracking."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from .bench import CANCELLED, NO_FINISH, SUCCEEDED, Bench, Run, Scenario, assert_same, frame_of
from .environments import Environment, make_environment
from .model_server import USAGE, ModelServer, Reply

pytestmark = pytest.mark.frameworks

TAP = Reply('I tap the switch.\ndo(action="Tap", element=[500, 250])', usage=USAGE)
PAY = Reply('I pay.\ndo(action="Tap", element=[1, 2], message="Pay 5 yuan?")', usage=USAGE)
TAKE_OVER = Reply('I ask.\ndo(action="Take_over", message="Please sign in")', usage=USAGE)
FINISH = Reply('All is done.\nfinish(message="The volume is 7")', usage=USAGE)
UNPARSEABLE = Reply("我不知道该怎么办")
REJECTED = Reply("the model is away", status=400)
HANGS = Reply("I think for a very long time about it", hangs=True)


TOOL_TAP = Reply("I tap.", usage=USAGE, tool=("tap", {"x": 500, "y": 250}))
TOOL_FINISH = Reply("Done.", usage=USAGE, tool=("finish", {"message": "The volume is 7"}))
NO_TOOL = Reply("I do not know.")


def mai(**arguments: Any) -> Reply:
    call = json.dumps({"name": "mobile_use", "arguments": arguments})
    return Reply(f"<thinking>I look.</thinking>\n<tool_call>{call}</tool_call>", usage=USAGE)


MAI_TAP = mai(action="click", coordinate=[500, 250])
MAI_ANSWER = mai(action="answer", text="The volume is 7")
GEMINI = {"agent": "gemini"}
MAI = {"agent": "mai"}

SCENARIOS = {
    "success": Scenario([TAP, FINISH], SUCCEEDED, ["action", "completion"]),
    "run": Scenario([TAP, FINISH], SUCCEEDED, ["action", "completion"], {"play": "run"}),
    "track_all": Scenario([TAP, FINISH], SUCCEEDED, ["action", "completion"], {"all": True}),
    "qwen": Scenario([TAP, FINISH], SUCCEEDED, ["action", "completion"], {"agent": "qwen"}),
    "gemini": Scenario([TOOL_TAP, TOOL_FINISH], SUCCEEDED, ["action", "completion"], GEMINI),
    "gemini_without_tool": Scenario([NO_TOOL], ("failed", "unparseable_reply"), ["error"], GEMINI),
    "mai": Scenario([MAI_TAP, MAI_ANSWER], SUCCEEDED, ["action", "completion"], MAI),
    "mai_retries": Scenario([UNPARSEABLE, MAI_ANSWER], SUCCEEDED, ["completion"], MAI),
    "mai_unparseable": Scenario([UNPARSEABLE] * 3, ("failed", "unparseable_reply"), ["error"], MAI),
    "mai_model_error": Scenario([REJECTED] * 3, ("failed", "model_error"), ["error"], MAI),
    "model_error": Scenario([TAP, REJECTED], ("failed", "model_error"), ["action", "error"]),
    "unparseable": Scenario(
        [TAP, UNPARSEABLE], ("failed", "unparseable_reply"), ["action", "error"]
    ),
    "action_raises": Scenario(
        [TAP, FINISH], SUCCEEDED, ["action", "completion"], {"phone": {"tap": "raises"}}
    ),
    "device_is_away": Scenario([TAP], NO_FINISH, ["action", "error"], {"phone": {"away_at": 3}}),
    "device_is_away_at_once": Scenario([], NO_FINISH, [], {"phone": {"away_at": 1}}),
    "max_steps": Scenario([TAP] * 2, ("failed", "max_steps"), ["action"] * 2, {"max_steps": 2}),
    "refused": Scenario([PAY], CANCELLED, ["action"], {"confirms": False}),
    "allowed": Scenario([PAY, FINISH], SUCCEEDED, ["action", "completion"]),
    "continued": Scenario(
        [TAKE_OVER, FINISH], SUCCEEDED, ["action", "completion"], {"play": "continue_after_person"}
    ),
    "stopped_reading": Scenario([TAP, FINISH], CANCELLED, ["action"], {"play": "stop_reading"}),
    "cancelled": Scenario([TAP], CANCELLED, [], {"play": "cancel"}),
    "task_cancelled": Scenario([HANGS], CANCELLED, [], {"play": "cancel_task"}),
    "interrupted": Scenario([TAP], CANCELLED, [], {"phone": {"tap": "interrupts"}}),
}

SPECIAL = {
    "include_usage": Scenario([TAP, FINISH], request={"track": {"include_usage": True}}),
    "reset_after_person": Scenario([TAKE_OVER, FINISH], request={"play": "reset_after_person"}),
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    versions = ((3, 11), (3, 12), (3, 13))
    return Environment(make_environment("autoglm-gui", ["autoglm-gui==1.5.21"], versions))


@pytest.fixture(scope="module")
def bench(
    environment: Environment, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    folder = tmp_path_factory.mktemp("autoglm_gui")
    return Bench(environment, "autoglm_gui_agent", model, folder)


@pytest.mark.parametrize("name", SCENARIOS)
def test_track_behaves_as_without_and_ends_honestly(
    plain: dict[str, Run], tracked: dict[str, Run], name: str
) -> None:
    assert_same(plain[name], tracked[name], SCENARIOS[name])


def test_steps_have_what_the_agent_saw_thought_and_did(tracked: dict[str, Run]) -> None:
    task, answer = tracked["include_usage"].task, tracked["include_usage"].answer

    assert task.start["description"] == "打开设置 and turn the volume up"
    assert (task.start["agent"], task.start["model"]) == ("AutoGLM-GUI", "autoglm-phone-9b")
    assert task.start["device_id"] == "mock-1"
    tap, finish = task.steps
    assert tap["thinking"].strip() == "I tap the switch."
    assert tap["action"] == {"_metadata": "do", "action": "Tap", "element": [500, 250]}
    assert tap["action_result"] == {"success": True, "should_finish": False}
    assert finish["action"] == {"_metadata": "finish", "message": "The volume is 7"}
    assert task.end["message"] == "The volume is 7"
    for step, request in zip(task.steps, answer["requests"], strict=True):
        (image,) = [
            part["image_url"]["url"]
            for part in request["body"]["messages"][-1]["content"]
            if part["type"] == "image_url"
        ]
        assert frame_of(task, step) == base64.b64decode(image.partition(",")[2])
        names = {"screenshot_ms", "model_ms", "time_to_first_token_ms", "action_ms"}
        assert names <= set(step["timings"])
        assert step["usage"] == {"input_tokens": 1200, "output_tokens": 34}


def test_failed_action_is_the_error_of_its_step(tracked: dict[str, Run]) -> None:
    task = tracked["action_raises"].task
    assert task.steps[0]["success"] is False
    assert "the screen is locked" in task.steps[0]["error_message"]


def test_reset_ends_the_task_that_waits_for_a_person(tracked: dict[str, Run]) -> None:
    endings = [task.ending for task in tracked["reset_after_person"].tasks]
    assert endings == [CANCELLED, SUCCEEDED]


@pytest.mark.parametrize("name", ["qwen", "gemini", "mai"])
def test_steps_of_other_agents_have_screen_tokens_and_times(
    tracked: dict[str, Run], name: str
) -> None:
    task, answer = tracked[name].task, tracked[name].answer
    for step, request in zip(task.steps, answer["requests"], strict=True):
        images = [
            part["image_url"]["url"].partition(",")[2]
            for message in request["body"]["messages"]
            for part in message["content"]
            if isinstance(part, dict) and part["type"] == "image_url"
        ]
        assert base64.b64encode(frame_of(task, step)).decode() in images
        assert step["current_app"] == "Settings"
        assert {"screenshot_ms", "model_ms", "action_ms"} <= set(step["timings"])

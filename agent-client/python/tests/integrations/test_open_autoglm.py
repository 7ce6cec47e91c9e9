"""Runs the real Open-AutoGLM with a fake phone and a fake model, with and without tracking."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .bench import CANCELLED, NO_FINISH, SUCCEEDED, Bench, Run, Scenario, assert_same, frame_of
from .environments import Environment, check_out, make_environment
from .model_server import USAGE, ModelServer, Reply
from .phones import AndroidPhone, WebDriverAgent, calls_of

pytestmark = pytest.mark.frameworks

REPOSITORY = os.environ.get("STEPTRAIL_OPEN_AUTOGLM", "https://github.com/zai-org/Open-AutoGLM")
COMMIT = "6b18d7bed0a8b5696760b06f7d18065b150901a2"

# Open-AutoGLM waits this long after each action.
NO_DELAYS = {
    f"PHONE_AGENT_{name}_DELAY": "0"
    for name in ("TAP", "LAUNCH", "BACK", "HOME", "SWIPE", "DOUBLE_TAP")
}

TAP = Reply('I tap the switch.\ndo(action="Tap", element=[500, 250])', usage=USAGE)
LAUNCH = Reply('设置 comes first.\ndo(action="Launch", app="Settings")', usage=USAGE)
NOTE = Reply('I note it.\ndo(action="Note", message="volume 3")', usage=USAGE)
PAY = Reply('I pay.\ndo(action="Tap", element=[1, 2], message="Pay 5 yuan?")')
TAKE_OVER = Reply('do(action="Take_over", message="Please sign in")')
FINISH = Reply('All is done.\nfinish(message="The volume is 7")', usage=USAGE)
UNPARSEABLE = Reply("我不知道该怎么办")
RAISES = Reply('do(action=["Tap"], element=[1, 2])')
FAILS = Reply('do(action="Tap", element="nowhere")')
INTERRUPTS = Reply(
    'do(action="Tap", element=[920, 1])'
)  # x = 99, at which the fake adb sends SIGINT
REJECTED = Reply("the model is away", status=400)
UNAVAILABLE = Reply("try again", status=503)


SCENARIOS = {
    "success": Scenario([LAUNCH, TAP, FINISH], SUCCEEDED, ["action", "action", "completion"]),
    "model_error": Scenario([TAP, REJECTED], ("failed", "model_error"), ["action", "error"]),
    "retried_model_error": Scenario([UNAVAILABLE, FINISH], SUCCEEDED, ["completion"]),
    "unparseable": Scenario(
        [TAP, UNPARSEABLE], ("failed", "unparseable_reply"), ["action", "error"]
    ),
    "action_raises": Scenario([TAP, RAISES, FINISH], NO_FINISH, ["action", "action"]),
    "action_fails": Scenario([FAILS, FINISH], SUCCEEDED, ["action", "completion"]),
    "max_steps": Scenario([TAP] * 3, ("failed", "max_steps"), ["action"] * 3, {"max_steps": 3}),
    "refused": Scenario([PAY, FINISH], CANCELLED, ["action"], {"confirms": False}),
    "allowed": Scenario([PAY, TAKE_OVER, FINISH], SUCCEEDED, ["action", "action", "completion"]),
    "interrupted": Scenario([TAP, INTERRUPTS], CANCELLED, ["action", "action"]),
    "phone_is_away": Scenario([TAP, TAP], NO_FINISH, ["action", "error"], phone={"away": (2,)}),
    "sensitive": Scenario(
        [NOTE, FINISH], SUCCEEDED, ["action", "completion"], phone={"sensitive": (1,)}
    ),
    "returns_early": Scenario(
        [TAP, TAP], NO_FINISH, ["action", "action"], {"agent": "returns_early"}
    ),
    "ios_success": Scenario([NOTE, FINISH], SUCCEEDED, ["action", "completion"], {"agent": "ios"}),
    "ios_model_error": Scenario(
        [NOTE, REJECTED], ("failed", "model_error"), ["action", "error"], {"agent": "ios"}
    ),
    "ios_unparseable": Scenario(
        [UNPARSEABLE], ("failed", "unparseable_reply"), ["error"], {"agent": "ios"}
    ),
    "ios_action_raises": Scenario([RAISES], NO_FINISH, ["action"], {"agent": "ios"}),
    "ios_refused": Scenario([PAY], CANCELLED, ["action"], {"agent": "ios", "confirms": False}),
    "ios_max_steps": Scenario(
        [NOTE, NOTE], ("failed", "max_steps"), ["action"] * 2, {"agent": "ios", "max_steps": 2}
    ),
}

DONE = [LAUNCH, TAP, FINISH]
BLOCK = {"instruction": "the block", "experiment": "nightly", "case_id": "volume"}
SPECIAL = {
    "step_by_step": Scenario([TAP, TAP, TAP, FINISH, FINISH], request={"play": "step_by_step"}),
    "after_screenshots": Scenario(DONE, request={"track": {"after_screenshots": True}}),
    "include_usage": Scenario(DONE, request={"track": {"include_usage": True}}),
    "record_model_calls": Scenario(DONE, request={"tracker": {"record_model_calls": True}}),
    "twins": Scenario([NOTE] * 6, request={"play": "run_twin", "max_steps": 3}),
    "block": Scenario(DONE, request={"block": BLOCK}),
    "discarded": Scenario([TAP], request={"play": "one_step", "discard": True}),
    "unreadable": Scenario([TAP], request={"agent": "returns_unreadable", "play": "one_step"}),
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    sources = check_out("open-autoglm-sources", REPOSITORY, COMMIT)
    python = make_environment(
        "open-autoglm", ["openai>=2.9.0", "Pillow>=12.0.0", "requests>=2.31.0"]
    )
    return Environment(python, (sources,))


@pytest.fixture(scope="module")
def iphone() -> Iterator[WebDriverAgent]:
    agent = WebDriverAgent()
    yield agent
    agent.close()


class OpenAutoglmBench(Bench):
    """Runs scenarios of Open-AutoGLM, each with a separate phone."""

    def __init__(self, iphone: WebDriverAgent, *args: Any) -> None:
        super().__init__(*args)
        self._iphone = iphone

    def prepare(self, scenario: Scenario, folder: Path) -> dict[str, Any]:
        phone = AndroidPhone(folder / "phone", **scenario.phone)
        return {
            "agent": scenario.request.get("agent", "android"),
            "wda_url": self._iphone.url,
            "servers": [self.model.url, self._iphone.url],
            "environment": {
                "FAKE_PHONE": str(phone.folder),
                "PATH": f"{phone.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            },
        }

    def observe(self, number: int, folder: Path) -> dict[str, Any]:
        return {"phone": calls_of(folder / "phone"), "iphone": self._iphone.calls[number]}


@pytest.fixture(scope="module")
def bench(
    environment: Environment,
    model: ModelServer,
    iphone: WebDriverAgent,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bench:
    folder = tmp_path_factory.mktemp("open-autoglm")
    return OpenAutoglmBench(iphone, environment, "open_autoglm", model, folder, NO_DELAYS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_track_behaves_as_without_and_ends_honestly(
    plain: dict[str, Run], tracked: dict[str, Run], name: str
) -> None:
    assert_same(plain[name], tracked[name], SCENARIOS[name])


def test_steps_have_what_the_agent_saw_thought_and_did(
    bench: Bench, tracked: dict[str, Run]
) -> None:
    task, answer = tracked["success"].task, tracked["success"].answer

    assert task.start["description"] == "打开设置 and turn the volume up"
    assert (task.start["agent"], task.start["model"]) == ("Open-AutoGLM", "autoglm-phone-9b")
    assert task.start["device_id"] == "emulator-5554"
    assert task.start["metadata"] == {"max_steps": 100, "lang": "en", "base_url": bench.model.url}
    launch, tap, finish = task.steps
    assert launch["thinking"] == "设置 comes first."
    assert launch["action"] == {"_metadata": "do", "action": "Launch", "app": "Settings"}
    assert tap["action"] == {"_metadata": "do", "action": "Tap", "element": [500, 250]}
    assert tap["action_result"] == {"success": True, "should_finish": False}
    assert tap["success"] is True
    assert finish["action"] == {"_metadata": "finish", "message": "The volume is 7"}
    assert task.end["message"] == "The volume is 7"
    for step, request in zip(task.steps, answer["requests"], strict=True):
        image = request["body"]["messages"][-1]["content"][0]["image_url"]["url"]
        assert frame_of(task, step) == base64.b64decode(image.partition(",")[2])
        names = {
            "screenshot_ms",
            "model_ms",
            "time_to_first_token_ms",
            "time_to_thinking_end_ms",
            "action_ms",
        }
        assert names <= set(step["timings"])
        assert "usage" not in step
        assert "model_input" not in step


def test_ios_steps_have_frames_and_model_times(tracked: dict[str, Run]) -> None:
    task = tracked["ios_success"].task

    for step in task.steps:
        assert frame_of(task, step).startswith(b"\x89PNG")
        assert {"screenshot_ms", "model_ms", "time_to_first_token_ms"} <= set(step["timings"])


def test_failed_steps_have_the_cause(tracked: dict[str, Run]) -> None:
    task = tracked["action_raises"].task
    assert task.steps[1]["success"] is False
    assert "unhashable" in task.steps[1]["error_message"]


def test_model_error_is_the_error_of_its_step(tracked: dict[str, Run]) -> None:
    task = tracked["model_error"].task
    assert "the model is away" in task.steps[1]["error_message"]
    assert frame_of(task, task.steps[1])


def test_failed_action_does_not_end_the_task(tracked: dict[str, Run]) -> None:
    task = tracked["action_fails"].task
    assert task.steps[0]["success"] is False
    assert task.steps[0]["error_message"].startswith("Action failed")


def test_sensitive_screen_is_marked(tracked: dict[str, Run]) -> None:
    task = tracked["sensitive"].task
    assert [step["frames"][0].get("sensitive", False) for step in task.steps] == [True, False]


def test_answers_of_a_person_are_recorded(tracked: dict[str, Run]) -> None:
    task = tracked["allowed"].task
    assert task.steps[0]["action_result"]["confirmed"] is True
    assert "confirmation_ms" in task.steps[0]["timings"]
    assert "take_over_ms" in task.steps[1]["timings"]


def test_steps_of_two_conversations_are_three_tasks(
    plain: dict[str, Run], tracked: dict[str, Run]
) -> None:
    run = tracked["step_by_step"]
    for observed in ("outcomes", "requests"):
        assert run.answer[observed] == plain["step_by_step"].answer[observed]
    first, second, third = run.tasks
    assert [task.ending for task in run.tasks] == [CANCELLED, SUCCEEDED, SUCCEEDED]
    assert second.start["description"] == third.start["description"] == "another task"
    assert third.start["previous_task_id"] == second.start["task_id"]
    assert "previous_task_id" not in first.start
    assert "previous_task_id" not in second.start


def test_after_screenshots_captures_each_action_but_the_last(tracked: dict[str, Run]) -> None:
    run = tracked["after_screenshots"]
    assert [[frame["role"] for frame in step["frames"]] for step in run.task.steps] == [
        ["before", "after"],
        ["before", "after"],
        ["before"],
    ]
    assert sum(call.startswith("shell screencap") for call in run.answer["phone"]) == 5


def test_include_usage_asks_for_tokens(tracked: dict[str, Run]) -> None:
    run = tracked["include_usage"]
    for request in run.answer["requests"]:
        assert request["body"]["stream_options"] == {"include_usage": True}
    assert run.task.steps[0]["usage"] == {"input_tokens": 1200, "output_tokens": 34}


def test_record_model_calls_keeps_messages_with_references_to_the_screenshot(
    tracked: dict[str, Run],
) -> None:
    step = tracked["record_model_calls"].task.steps[0]
    system, user = step["model_input"]
    assert system["role"] == "system"
    assert user["content"][0] == {"type": "image_url", "image_url": {"url": {"frame": "before"}}}
    assert step["model_output"] == LAUNCH.text


def test_steps_within_a_block_belong_to_its_task(tracked: dict[str, Run]) -> None:
    task = tracked["block"].task
    assert (task.start["description"], task.start["case_id"]) == ("the block", "volume")
    assert (task.start["model"], task.start["device_id"]) == ("autoglm-phone-9b", "emulator-5554")
    assert task.ending == SUCCEEDED
    assert len(task.steps) == 3


def test_two_agents_that_share_a_model_client_record_their_own_steps(
    tracked: dict[str, Run],
) -> None:
    run = tracked["twins"]
    assert run.answer["outcomes"] == ["'Max steps reached'"] * 2
    assert run.answer["failures"] == {}
    assert {task.start["description"] for task in run.tasks} == {
        "twin",
        "打开设置 and turn the volume up",
    }
    for task in run.tasks:
        assert [step["x_model"] for step in task.steps] == ["autoglm-phone-9b"] * 3
        assert task.ending == ("failed", "max_steps")


def test_discarded_agent_abandons_its_task(tracked: dict[str, Run]) -> None:
    assert tracked["discarded"].answer["discarded"]
    assert tracked["discarded"].task.ending == ("abandoned", "abandoned")


def test_unreadable_result_reaches_the_program_and_is_counted(
    plain: dict[str, Run], tracked: dict[str, Run]
) -> None:
    run = tracked["unreadable"]
    assert run.answer["outcomes"] == plain["unreadable"].answer["outcomes"] == ["'Unreadable'"]
    assert sum(run.answer["failures"].values()) > 0
    (task,) = run.tasks
    assert task.steps[0]["action"]["action"] == "Tap"
    assert "a secret" not in str(task.records)


def test_untrack_restores_the_agent(bench: Bench) -> None:
    scenario = Scenario([FINISH, FINISH], request={"untrack": True})
    run = bench.run({"untrack": scenario}, tracked=True)["untrack"]
    assert run.answer["restored"]
    assert len(run.answer["outcomes"]) == 2
    assert len(run.task.steps) == 1

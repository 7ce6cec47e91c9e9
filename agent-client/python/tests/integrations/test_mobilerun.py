"""Runs the real mobilerun with a fake driver and a fake model, with and without tracking."""

from __future__ import annotations

from typing import Any

import pytest

from .bench import CANCELLED, SUCCEEDED, Bench, Run, Scenario, assert_same, frame_of
from .environments import Environment, make_environment
from .model_server import USAGE, ModelServer, Reply
from .phones import png

pytestmark = pytest.mark.frameworks


def _invocation(tool: str, **parameters: Any) -> str:
    lines = [f'<parameter name="{name}">{value}</parameter>' for name, value in parameters.items()]
    return "\n".join([f'<invoke name="{tool}">', *lines, "</invoke>"])


def call(tool: str, thought: str = "I look.", **parameters: Any) -> Reply:
    text = f"{thought}\n<function_calls>\n{_invocation(tool, **parameters)}\n</function_calls>"
    return Reply(text, usage=USAGE, unasked_usage=True)


CLICK = call("click", "I click the button.", index=2)
COMPLETE = call("complete", "All is done.", success="true", message="The volume is 7")
GIVE_UP = call("complete", "I cannot.", success="false", message="There is no volume")
WAIT = _invocation("wait", duration=0.01)
TWO_TOOLS = Reply(CLICK.text.replace("</function_calls>", f"{WAIT}\n</function_calls>"))
TALK = Reply("I only talk.", usage=USAGE)
MALFORMED = Reply('I click.\n<function_calls>\n<invoke name="click">', usage=USAGE)
REJECTED = Reply("the model is away", status=400)
HANGS = Reply("I think for a long time", hangs=True)
PLAN = Reply("<thought>First settings.</thought>\n<plan>\n1. Open the settings\n2. Done\n</plan>")
EXECUTE = Reply(
    "### Thought\nI click.\n### Action\n"
    '{"action": "click", "index": 2}\n### Description\nOpen the settings'
)
ANSWER = Reply(
    '<thought>Done.</thought>\n<request_accomplished success="true">The volume is 7'
    "</request_accomplished>"
)

REASONING = {"agent": {"reasoning": True}}


SCENARIOS = {
    "success": Scenario([CLICK, COMPLETE], SUCCEEDED, ["action", "completion"]),
    "without_stream": Scenario(
        [CLICK, COMPLETE], SUCCEEDED, ["action", "completion"], {"play": "run_without_stream"}
    ),
    "without_streaming": Scenario(
        [CLICK, COMPLETE], SUCCEEDED, ["action", "completion"], {"agent": {"streaming": False}}
    ),
    "without_vision": Scenario(
        [CLICK, COMPLETE], SUCCEEDED, ["action", "completion"], {"vision": False}
    ),
    "two_tools": Scenario([TWO_TOOLS, COMPLETE], SUCCEEDED, ["action", "completion"]),
    "gives_up": Scenario([CLICK, GIVE_UP], ("failed", "finished"), ["action", "completion"]),
    "model_error": Scenario([CLICK, REJECTED], ("failed", "model_error"), ["action", "error"]),
    "no_tool_call": Scenario([TALK, COMPLETE], SUCCEEDED, ["error", "completion"]),
    "unparseable": Scenario([MALFORMED] * 3, ("failed", "unparseable_reply"), ["error"] * 3),
    "action_raises": Scenario(
        [CLICK, COMPLETE], SUCCEEDED, ["action", "completion"], {"driver": {"tap": "raises"}}
    ),
    "device_is_away": Scenario(
        [CLICK], ("failed", "ended_without_finish"), ["action", "error"], {"driver": {"away_at": 2}}
    ),
    "max_steps": Scenario(
        [CLICK] * 2, ("failed", "max_steps"), ["action"] * 2, {"agent": {"max_steps": 2}}
    ),
    "cancelled": Scenario([CLICK, HANGS], CANCELLED, ["action", "error"], {"play": "cancel"}),
    "task_cancelled": Scenario(
        [CLICK, HANGS], CANCELLED, ["action", "error"], {"play": "cancel_task"}
    ),
    "interrupted": Scenario([CLICK], CANCELLED, ["error"], {"driver": {"tap": "interrupts"}}),
    "reasoning": Scenario(
        [PLAN, EXECUTE, ANSWER], SUCCEEDED, ["thinking", "action", "completion"], REASONING
    ),
    "reasoning_model_error": Scenario(
        [PLAN, REJECTED], ("failed", "model_error"), ["thinking", "error"], REASONING
    ),
}

SPECIAL = {
    "block": Scenario(
        [CLICK, COMPLETE], request={"block": {"instruction": "the block", "case_id": "volume"}}
    ),
    "run_twice": Scenario([COMPLETE, COMPLETE], request={"play": "run_twice"}),
    "capture_screenshots": Scenario(
        [CLICK, COMPLETE],
        request={"vision": False, "track": {"capture_screenshots": True}},
    ),
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    versions = ((3, 11), (3, 12), (3, 13))
    return Environment(make_environment("mobilerun", ["mobilerun==0.7.4"], versions))


@pytest.fixture(scope="module")
def bench(
    environment: Environment, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    folder = tmp_path_factory.mktemp("mobilerun")
    return Bench(
        environment, "mobilerun_agent", model, folder, {"MOBILERUN_TELEMETRY_ENABLED": "false"}
    )


@pytest.mark.parametrize("name", SCENARIOS)
def test_track_behaves_as_without_and_ends_honestly(
    plain: dict[str, Run], tracked: dict[str, Run], name: str
) -> None:
    assert_same(plain[name], tracked[name], SCENARIOS[name])


def test_steps_have_what_the_agent_saw_thought_and_did(tracked: dict[str, Run]) -> None:
    task = tracked["success"].task

    assert task.start["description"] == "打开设置 and turn the volume up"
    assert (task.start["agent"], task.start["model"]) == ("mobilerun", "test-model")
    assert task.start["device_id"] == "emulator-5554"
    click, complete = task.steps
    assert click["thinking"] == "I click the button."
    assert click["action"] == {"action": "click", "index": 2}
    assert click["success"] is True
    assert "Clicked on" in click["action_result"]["output"]
    assert {"screenshot_ms", "model_ms", "action_ms"} <= set(click["timings"])
    assert complete["action"]["action"] == "complete"
    assert task.end["message"] == "The volume is 7"
    assert [frame_of(task, step) for step in task.steps] == [png(1), png(2)]
    assert all(step["usage"] == {"input_tokens": 1200, "output_tokens": 34} for step in task.steps)


def test_exception_in_an_action_is_the_error_of_its_step(tracked: dict[str, Run]) -> None:
    task = tracked["action_raises"].task
    assert task.steps[0]["success"] is False
    assert "the screen is locked" in task.steps[0]["error_message"]


def test_capture_screenshots_captures_what_the_agent_does_not(tracked: dict[str, Run]) -> None:
    run = tracked["capture_screenshots"]
    assert [frame_of(run.task, step) for step in run.task.steps] == [png(1), png(2)]
    assert run.answer["driver"].count("screenshot") == 2


def test_plan_and_actions_of_reasoning_are_steps(tracked: dict[str, Run]) -> None:
    task = tracked["reasoning"].task
    plan, click, answer = task.steps
    assert plan["thinking"] == "First settings."
    assert plan["action"]["subgoal"].endswith("Open the settings")
    assert click["action"] == {"action": "click", "index": 2}
    assert click["thinking"] == "I click."
    assert answer["action"]["answer"] == "The volume is 7"
    assert [frame_of(task, step) for step in task.steps] == [png(1), png(1), png(2)]


def test_each_run_is_a_task(tracked: dict[str, Run]) -> None:
    assert [task.ending for task in tracked["run_twice"].tasks] == [SUCCEEDED] * 2


def test_steps_within_a_block_belong_to_its_task(tracked: dict[str, Run]) -> None:
    task = tracked["block"].task
    assert (task.start["description"], task.start["case_id"]) == ("the block", "volume")
    assert (task.start["model"], task.start["device_id"]) == ("test-model", "emulator-5554")
    assert task.ending == SUCCEEDED
    assert len(task.steps) == 2


def test_two_tools_of_one_reply_are_one_step(tracked: dict[str, Run]) -> None:
    step = tracked["two_tools"].task.steps[0]
    assert step["action"]["action"] == "click, wait"
    assert [call["action"] for call in step["action"]["calls"]] == ["click", "wait"]

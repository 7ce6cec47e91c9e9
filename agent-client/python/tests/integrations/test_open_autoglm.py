"""Runs the real Open-AutoGLM with a fake phone and a fake model, with and without tracking."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .environments import Environment, check_out, make_environment
from .model_server import USAGE, ModelServer, Reply
from .outbox import RecordedTask, read_outbox
from .phones import AndroidPhone, WebDriverAgent

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


@dataclass
class Scenario:
    replies: list[Reply]
    ending: tuple[str, str]
    step_types: list[str]
    request: dict[str, Any] = field(default_factory=dict)
    phone: dict[str, Any] = field(default_factory=dict)


SUCCEEDED = ("succeeded", "finished")
CANCELLED = ("cancelled", "cancelled")
NO_FINISH = ("failed", "ended_without_finish")

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


@pytest.fixture(scope="module")
def environment() -> Environment:
    sources = check_out("open-autoglm-sources", REPOSITORY, COMMIT)
    python = make_environment(
        "open-autoglm", ["openai>=2.9.0", "Pillow>=12.0.0", "requests>=2.31.0"]
    )
    return Environment(python, (sources,))


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def iphone() -> Iterator[WebDriverAgent]:
    agent = WebDriverAgent()
    yield agent
    agent.close()


@dataclass
class Bench:
    """Runs scenarios, each in a separate process and with a separate phone."""

    environment: Environment
    model: ModelServer
    iphone: WebDriverAgent
    folder: Path

    def run(self, scenario: Scenario, outbox: Path | None = None, **request: Any) -> dict[str, Any]:
        folder = self.folder / ("plain" if outbox is None else "tracked")
        phone = AndroidPhone(folder / "phone", **scenario.phone)
        self.iphone.reset()
        self.model.script(scenario.replies)
        asked = {
            "agent": "android",
            "url": self.model.url,
            "wda_url": self.iphone.url,
            "outbox": None,
        }
        asked |= scenario.request | request | ({"outbox": str(outbox)} if outbox else {})
        variables = {
            **NO_DELAYS,
            "FAKE_PHONE": str(phone.folder),
            "PATH": f"{phone.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        answer = self.environment.run("open_autoglm", asked, folder, variables)
        observed = {
            "phone": phone.calls,
            "iphone": self.iphone.calls,
            "requests": self.model.requests,
        }
        return {**answer, **observed}

    def record(self, scenario: Scenario, **request: Any) -> tuple[RecordedTask, dict[str, Any]]:
        """Runs a scenario with tracking, and returns its only task and the answer."""
        answer = self.run(scenario, self.folder / "outbox", **request)
        assert answer["flushed"]
        assert answer["failures"] == {}
        (task,) = read_outbox(self.folder / "outbox")
        return task, answer


@pytest.fixture
def bench(
    environment: Environment, model: ModelServer, iphone: WebDriverAgent, tmp_path: Path
) -> Bench:
    return Bench(environment, model, iphone, tmp_path)


@pytest.mark.parametrize("name", SCENARIOS)
def test_track_behaves_as_without_and_ends_honestly(bench: Bench, name: str) -> None:
    scenario = SCENARIOS[name]
    plain = bench.run(scenario)
    task, tracked = bench.record(scenario)

    for observed in ("outcomes", "asked", "context", "requests", "phone", "iphone"):
        assert tracked[observed] == plain[observed], observed
    assert task.ending == scenario.ending
    assert [step["step_type"] for step in task.steps] == scenario.step_types
    assert task.end["last_step_number"] == len(task.steps)


def test_steps_have_what_the_agent_saw_thought_and_did(bench: Bench) -> None:
    task, answer = bench.record(SCENARIOS["success"])

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
        assert task.frame(step) == base64.b64decode(image.partition(",")[2])
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


def test_ios_steps_have_frames_and_model_times(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["ios_success"])

    for step in task.steps:
        assert task.frame(step).startswith(b"\x89PNG")
        assert {"screenshot_ms", "model_ms", "time_to_first_token_ms"} <= set(step["timings"])


def test_failed_steps_have_the_cause(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["action_raises"])
    assert task.steps[1]["success"] is False
    assert "unhashable" in task.steps[1]["error_message"]


def test_model_error_is_the_error_of_its_step(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["model_error"])
    assert "the model is away" in task.steps[1]["error_message"]
    assert task.frame(task.steps[1])


def test_failed_action_does_not_end_the_task(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["action_fails"])
    assert task.steps[0]["success"] is False
    assert task.steps[0]["error_message"].startswith("Action failed")


def test_sensitive_screen_is_marked(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["sensitive"])
    assert [step["frames"][0].get("sensitive", False) for step in task.steps] == [True, False]


def test_answers_of_a_person_are_recorded(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["allowed"])
    assert task.steps[0]["action_result"]["confirmed"] is True
    assert "confirmation_ms" in task.steps[0]["timings"]
    assert "take_over_ms" in task.steps[1]["timings"]


def test_steps_of_two_conversations_are_three_tasks(bench: Bench) -> None:
    scenario = Scenario([TAP, TAP, TAP, FINISH, FINISH], SUCCEEDED, [], {"play": "step_by_step"})
    plain = bench.run(scenario)
    tracked = bench.run(scenario, bench.folder / "outbox")

    assert tracked["outcomes"] == plain["outcomes"]
    assert tracked["requests"] == plain["requests"]
    first, second, third = read_outbox(bench.folder / "outbox")
    assert [task.ending for task in (first, second, third)] == [CANCELLED, SUCCEEDED, SUCCEEDED]
    assert second.start["description"] == third.start["description"] == "another task"
    assert third.start["previous_task_id"] == second.start["task_id"]
    assert "previous_task_id" not in second.start


def test_after_screenshots_captures_each_action_but_the_last(bench: Bench) -> None:
    task, answer = bench.record(SCENARIOS["success"], track={"after_screenshots": True})
    assert [[frame["role"] for frame in step["frames"]] for step in task.steps] == [
        ["before", "after"],
        ["before", "after"],
        ["before"],
    ]
    assert sum(call.startswith("shell screencap") for call in answer["phone"]) == 5


def test_include_usage_asks_for_tokens(bench: Bench) -> None:
    task, answer = bench.record(SCENARIOS["success"], track={"include_usage": True})
    assert all(
        request["body"]["stream_options"] == {"include_usage": True}
        for request in answer["requests"]
    )
    assert task.steps[0]["usage"] == {"input_tokens": 1200, "output_tokens": 34}


def test_record_model_calls_keeps_messages_with_references_to_the_screenshot(bench: Bench) -> None:
    task, _ = bench.record(SCENARIOS["success"], tracker={"record_model_calls": True})
    system, user = task.steps[0]["model_input"]
    assert system["role"] == "system"
    assert user["content"][0] == {"type": "image_url", "image_url": {"url": {"frame": "before"}}}
    assert task.steps[0]["model_output"] == LAUNCH.text


def test_untrack_restores_the_agent(bench: Bench) -> None:
    scenario = Scenario([FINISH, FINISH], SUCCEEDED, [])
    task, answer = bench.record(scenario, untrack=True)
    assert answer["restored"]
    assert len(answer["outcomes"]) == 2
    assert len(task.steps) == 1


def test_steps_within_a_block_belong_to_its_task(bench: Bench) -> None:
    block = {"instruction": "the block", "experiment": "nightly", "case_id": "volume"}
    task, _ = bench.record(SCENARIOS["success"], block=block)
    assert (task.start["description"], task.start["case_id"]) == ("the block", "volume")
    assert task.ending == SUCCEEDED
    assert len(task.steps) == 3


def test_discarded_agent_abandons_its_task(bench: Bench) -> None:
    scenario = Scenario([TAP], ("abandoned", "abandoned"), [], {"play": "one_step"})
    task, answer = bench.record(scenario, discard=True)
    assert answer["discarded"]
    assert task.ending == scenario.ending


def test_unreadable_result_reaches_the_program_and_is_counted(bench: Bench) -> None:
    scenario = Scenario([TAP], NO_FINISH, [], {"agent": "returns_unreadable", "play": "one_step"})
    plain = bench.run(scenario)
    tracked = bench.run(scenario, bench.folder / "outbox")

    assert tracked["outcomes"] == plain["outcomes"] == ["'Unreadable'"]
    assert sum(tracked["failures"].values()) > 0
    (task,) = read_outbox(bench.folder / "outbox")
    assert task.steps[0]["action"]["action"] == "Tap"
    assert "a secret" not in str(task.records)

"""What the integrations of all agents have in common, with scripted agents."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import steptrail
from conftest import TrackerFactory
from recorded import RecordedOutbox
from steptrail import Tracker
from steptrail.integrations import autoglm_gui, failures, mobilerun, open_autoglm
from steptrail.integrations import task as task_of

from .agents import (
    FINISH,
    TAP,
    DeviceFactory,
    Driver,
    MobileAgent,
    PhoneAgent,
    Protected,
    StreamAgent,
)
from .bench import ABANDONED, CANCELLED, NO_FINISH, SUCCEEDED


@dataclass
class Framework:
    integration: Any
    name: str
    new_agent: Callable[[], Any]
    run: Callable[[Any], None]
    """Runs the agent once: the last of its steps succeeds."""


async def _read(agent: StreamAgent) -> None:
    async for _ in agent.stream("Turn the volume up"):
        pass


async def _wait(agent: MobileAgent) -> None:
    await agent.run()._result_task
    await asyncio.sleep(0)  # for the callbacks of the result


FRAMEWORKS = [
    Framework(
        open_autoglm,
        "Open-AutoGLM",
        lambda: PhoneAgent(*[FINISH] * 3),
        lambda agent: agent.run("Turn the volume up"),
    ),
    Framework(
        autoglm_gui,
        "AutoGLM-GUI",
        lambda: StreamAgent(*[[FINISH]] * 3),
        lambda agent: asyncio.run(_read(agent)),
    ),
    Framework(mobilerun, "mobilerun", MobileAgent, lambda agent: asyncio.run(_wait(agent))),
]


@pytest.fixture(params=FRAMEWORKS, ids=[framework.name for framework in FRAMEWORKS])
def framework(request: pytest.FixtureRequest) -> Framework:
    failures.clear()
    framework: Framework = request.param
    return framework


def test_run_is_a_task_with_model_device_and_metadata(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.integration.track(framework.new_agent(), tracker, metadata={"lab": "north"})
    framework.run(agent)
    tracker.flush()

    start = outbox.task.start
    assert start["description"] == "Turn the volume up"
    assert (start["agent"], start["model"]) == (framework.name, "autoglm-phone-9b")
    assert start["device_id"] == "emulator-5554"
    assert (start["metadata"]["lab"], start["metadata"]["max_steps"]) == ("north", 3)
    assert None not in start["metadata"].values()
    assert outbox.task.ending == SUCCEEDED
    assert len(outbox.task.steps) == 1
    assert failures == {}


def test_tracker_that_is_configured_after_track_is_used(
    framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steptrail._default._default", None)
    agent = framework.integration.track(framework.new_agent())
    with steptrail.configure(tmp_path / "configured", redact_text=lambda text: "redacted"):
        framework.run(agent)

    assert RecordedOutbox(tmp_path / "configured").task.start["description"] == "redacted"


def test_agent_of_the_tracker_is_recorded(
    framework: Framework, new_tracker: TrackerFactory, outbox: RecordedOutbox
) -> None:
    tracker = new_tracker(agent="my-agent", model="default-model")
    framework.run(framework.integration.track(framework.new_agent(), tracker))
    tracker.flush()

    start = outbox.task.start
    assert (start["agent"], start["model"]) == ("my-agent", "autoglm-phone-9b")


def test_tracking_twice_records_once(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.new_agent()
    attributes = dict(vars(agent))
    for _ in range(2):
        assert framework.integration.track(agent, tracker) is agent
    framework.run(agent)
    framework.integration.untrack(agent)
    tracker.flush()

    assert len(outbox.task.steps) == 1
    assert vars(agent).keys() == attributes.keys()


def test_task_of_an_agent_has_its_model_and_device(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.integration.track(framework.new_agent(), tracker)
    case = {"experiment": "nightly", "case_id": "volume", "repeat": 2, "tags": ["lab"]}
    with task_of(agent, "Turn it up", metadata={"build": 7}, **case) as task:  # type: ignore[arg-type]
        framework.run(agent)
        task.verdict(True, evaluator="test")
    tracker.flush()

    start = outbox.task.start
    assert start["description"] == "Turn it up"
    assert (start["agent"], start["model"]) == (framework.name, "autoglm-phone-9b")
    assert start["device_id"] == "emulator-5554"
    assert (start["experiment"], start["case_id"], start["repeat"]) == ("nightly", "volume", 2)
    assert start["metadata"] | {"build": 7, "max_steps": 3, "tags": ["lab"]} == start["metadata"]
    assert outbox.task.ending == SUCCEEDED
    assert outbox.task.end["message"] == "The volume is 7"
    assert len(outbox.verdicts) == 1


def test_arguments_of_task_replace_what_the_agent_has(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.integration.track(framework.new_agent(), tracker)
    task_of(agent, agent="mine", model="other", metadata={"max_steps": 9}).succeed()
    tracker.flush()

    start = outbox.task.start
    assert (start["agent"], start["model"], start["metadata"]["max_steps"]) == ("mine", "other", 9)


def test_task_rejects_agents_that_are_not_tracked(framework: Framework) -> None:
    with pytest.raises(ValueError, match="is not tracked"):
        task_of(framework.new_agent())


def test_task_has_the_parameters_of_a_tracker() -> None:
    parameters = list(inspect.signature(task_of).parameters.values())[1:]
    expected = list(inspect.signature(Tracker.task).parameters.values())[1:]
    assert parameters == expected


def test_runs_of_a_block_are_one_task_that_ends_with_the_block(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.integration.track(framework.new_agent(), tracker)
    with tracker.task("the block", experiment="nightly") as task:
        framework.run(agent)
        assert task.is_open
        framework.run(agent)
        task.step("check the volume")
    framework.run(agent)
    tracker.flush()

    block, own = sorted(outbox.tasks, key=lambda task: len(task.steps), reverse=True)
    assert (block.start["experiment"], block.ending) == ("nightly", SUCCEEDED)
    assert block.end["message"] == "The volume is 7"
    assert len(block.steps) == 3
    assert (own.start["description"], own.ending) == ("Turn the volume up", SUCCEEDED)


def test_program_decides_how_the_task_of_its_block_ends(
    framework: Framework, tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = framework.integration.track(framework.new_agent(), tracker)
    with tracker.task("the block") as task:
        framework.run(agent)
        task.fail("the volume is too low")
        framework.run(agent)
    tracker.flush()

    first, second = sorted(outbox.tasks, key=lambda task: "description" in task.start)
    assert {first.ending, second.ending} == {NO_FINISH, SUCCEEDED}


def test_run_in_a_block_that_has_not_ended_is_no_success(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = open_autoglm.track(PhoneAgent(FINISH, TAP), tracker)
    with tracker.task("the block"):
        agent.run("Turn the volume up")
        agent._execute_step("Turn it down", is_first=True)
    tracker.flush()

    assert outbox.task.ending == NO_FINISH


def test_exception_of_a_run_ends_the_task_of_the_block(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = open_autoglm.track(PhoneAgent(TAP, ValueError("no phone")), tracker)
    with pytest.raises(ValueError, match="no phone"), tracker.task("the block"):
        agent.run("Turn the volume up")
    tracker.flush()

    assert outbox.task.ending == NO_FINISH
    assert outbox.task.end["message"] == "no phone"


class Frozen(PhoneAgent):
    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_execute_step":
            raise AttributeError(name)
        super().__setattr__(name, value)


def test_agent_that_cannot_be_wrapped_is_restored(tracker: Tracker) -> None:
    agent = Frozen(FINISH)
    attributes = dict(vars(agent))
    with pytest.raises(AttributeError):
        open_autoglm.track(agent, tracker)
    assert vars(agent) == attributes


# Open-AutoGLM.


def test_screenshot_is_sensitive_if_its_flag_cannot_be_read(
    tracker: Tracker, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeviceFactory, "get_screenshot", lambda *_: Protected())
    open_autoglm.track(PhoneAgent(FINISH), tracker).run("Turn the volume up")
    tracker.flush()

    (frame,) = outbox.task.steps[0]["frames"]
    assert frame["sensitive"] is True


def test_first_error_of_an_action_is_recorded(tracker: Tracker, outbox: RecordedOutbox) -> None:
    errors = [ValueError("the phone is gone"), RuntimeError("the screen is locked")]

    def execute(action: Any, *size: int) -> Any:
        raise errors.pop()

    agent = open_autoglm.track(PhoneAgent(TAP, execute=execute), tracker)
    with pytest.raises(ValueError, match="the phone is gone"):
        agent.run("Turn the volume up")
    tracker.flush()

    assert outbox.task.steps[0]["error_message"] == "the screen is locked"


def test_finish_after_an_error_is_not_the_result_of_the_action(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    def execute(action: Any, *size: int) -> Any:
        if action is TAP:
            raise RuntimeError("the screen is locked")
        return PhoneAgent._execute(action)

    agent = open_autoglm.track(PhoneAgent(TAP, execute=execute), tracker)
    assert agent.run("Turn the volume up") == "the screen is locked"
    tracker.flush()

    (step,) = outbox.task.steps
    assert (step["action"], step["success"]) == (TAP, False)
    assert "action_result" not in step
    assert outbox.task.ending == NO_FINISH


def test_discarded_agent_abandons_its_task(tracker: Tracker, outbox: RecordedOutbox) -> None:
    agent = open_autoglm.track(PhoneAgent(TAP), tracker)
    agent._execute_step("Turn the volume up", is_first=True)
    del agent
    gc.collect()
    tracker.flush()

    assert outbox.task.ending == ABANDONED


def test_run_in_a_block_whose_task_has_ended_is_another_task(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = open_autoglm.track(PhoneAgent(FINISH), tracker)
    with tracker.task("the block") as task:
        task.cancel()
        agent.run("Turn the volume up")
    tracker.flush()

    assert {task.start["description"]: (task.ending, len(task.steps)) for task in outbox.tasks} == {
        "the block": (CANCELLED, 0),
        "Turn the volume up": (SUCCEEDED, 1),
    }


# AutoGLM-GUI.


def test_stream_that_is_not_read_to_its_end_is_closed_and_cancelled(
    tracker: Tracker, outbox: RecordedOutbox
) -> None:
    agent = autoglm_gui.track(StreamAgent([TAP, TAP]), tracker)

    async def read_one() -> None:
        events: Any = agent.stream("Turn the volume up")
        await anext(events)
        await events.aclose()
        assert agent.closed == 1

    asyncio.run(read_one())
    tracker.flush()

    assert outbox.task.ending == CANCELLED
    assert outbox.task.steps[0]["frames"][0]["sensitive"] is True


def test_task_of_a_stream_is_current_in_the_agent_only(tracker: Tracker) -> None:
    agent = autoglm_gui.track(StreamAgent([TAP]), tracker)

    async def read() -> None:
        async for _ in agent.stream("Turn the volume up"):
            assert steptrail.current_task() is None

    asyncio.run(read())
    (task,) = agent.current_tasks
    assert task is not None


# mobilerun.


def test_former_driver_is_restored(tracker: Tracker) -> None:
    agent = mobilerun.track(MobileAgent(), tracker)
    former = agent.driver
    asyncio.run(_wait(agent))
    assert "screenshot" in vars(former)
    agent.driver = Driver()
    asyncio.run(_wait(agent))
    assert vars(former) == {}
    mobilerun.untrack(agent)
    assert vars(agent.driver) == {}


def test_run_that_is_replaced_is_cancelled(tracker: Tracker, outbox: RecordedOutbox) -> None:
    agent = mobilerun.track(MobileAgent(), tracker)

    async def run_two() -> None:
        first, second = agent.run(), agent.run()
        await asyncio.gather(first._result_task, second._result_task)
        await asyncio.sleep(0)

    asyncio.run(run_two())
    tracker.flush()

    assert sorted(task.ending for task in outbox.tasks) == [CANCELLED, SUCCEEDED]

"""Runs scenarios of a framework with a fake model, with and without tracking."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from recorded import RecordedOutbox, RecordedTask

from .environments import Environment
from .model_server import ModelServer, Reply

SUCCEEDED = ("succeeded", "finished")
CANCELLED = ("cancelled", "cancelled")
ABANDONED = ("abandoned", "abandoned")
NO_FINISH = ("failed", "ended_without_finish")


@dataclass
class Scenario:
    """One run of an agent.

    replies: of the model.
    ending: the recorded status and end reason.
    step_types: of the recorded steps.
    request: what the program that runs the scenario is asked for.
    phone: what is special about the fake phone.
    """

    replies: list[Reply]
    ending: tuple[str, str] = SUCCEEDED
    step_types: list[str] = field(default_factory=list)
    request: dict[str, Any] = field(default_factory=dict)
    phone: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    """What a scenario returned, and the folder in which it recorded."""

    answer: dict[str, Any]
    outbox: Path

    @cached_property
    def tasks(self) -> list[RecordedTask]:
        assert self.answer["flushed"]
        return RecordedOutbox(self.outbox).tasks

    @property
    def task(self) -> RecordedTask:
        """The only task of the scenario, of which everything could be observed."""
        assert self.answer["failures"] == {}
        (task,) = self.tasks
        return task


def assert_same(plain: Run, tracked: Run, scenario: Scenario) -> None:
    """Asserts that the agent behaved as without tracking, and that the record is honest."""
    for name, value in plain.answer.items():
        assert tracked.answer[name] == value, name
    assert tracked.answer.get("restored", True)
    task = tracked.task
    assert task.ending == scenario.ending
    assert [step["step_type"] for step in task.steps] == scenario.step_types
    assert task.end["last_step_number"] == len(task.steps)


def frame_of(task: RecordedTask, step: dict[str, Any]) -> bytes:
    """Returns the image of the screen before a step."""
    (frame,) = [frame for frame in step["frames"] if frame["role"] == "before"]
    return task.frame(frame)


class Bench:
    """Runs scenarios, all in one process."""

    def __init__(
        self,
        environment: Environment,
        program: str,
        model: ModelServer,
        folder: Path,
        variables: dict[str, str] | None = None,
    ) -> None:
        self.model = model
        self.folder = folder
        self._environment = environment
        self._program = program
        self._variables = variables

    def run(self, scenarios: dict[str, Scenario], tracked: bool) -> dict[str, Run]:
        """Returns the run of each scenario. Its answer has the requests that the model received."""
        folder = self.folder / ("tracked" if tracked else "plain")
        self.model.script([scenario.replies for scenario in scenarios.values()])
        requests = []
        for name, scenario in scenarios.items():
            outbox = str(folder / name / "outbox") if tracked else None
            requests.append(
                {
                    "url": self.model.url,
                    "servers": [self.model.url],
                    "outbox": outbox,
                    **scenario.request,
                    **self.prepare(scenario, folder / name),
                }
            )
        answers = self._environment.run(self._program, requests, folder, self._variables)
        runs = {}
        for number, name in enumerate(scenarios):
            answer = {**answers[number], "requests": self.model.requests[number]}
            answer |= self.observe(number, folder / name)
            runs[name] = Run(answer, folder / name / "outbox")
        return runs

    def prepare(self, scenario: Scenario, folder: Path) -> dict[str, Any]:
        """Prepares a fake phone, and returns more of the request."""
        return {}

    def observe(self, number: int, folder: Path) -> dict[str, Any]:
        """Returns what a fake phone observed of the scenario with this number."""
        return {}

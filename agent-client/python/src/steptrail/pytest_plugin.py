"""A pytest plugin that records each test as a task, and its outcome as a verdict.

`pytest --steptrail` records into the outbox of the default tracker (`steptrail.configure` in a
`conftest.py` sets another one), and `--steptrail-experiment NAME` makes each test a case of an
experiment. A test records its steps with the fixture `steptrail_task`, or with
`steptrail.current_task()` in the code that it calls.

The verdict says whether the test passed; the end of the task says what the agent claims. If the
test does not end its task, the task ends as the test did.

| test | verdict | end of the task, if the test has not ended it |
|---|---|---|
| passed, also unexpectedly (`xfail`) | `pass` | succeeded |
| failed, also as expected (`xfail`) | `fail` | failed |
| setup or teardown failed | `unclear`: says nothing about the agent | failed |
| skipped while it ran | `unclear`: without it, the task would count as failed | cancelled |
| skipped before it ran, such as by `@pytest.mark.skip` | no task is recorded | |
| interrupted | none | cancelled |
"""

from __future__ import annotations

import hashlib
import inspect
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from . import Task, Tracker

Outcome = Literal["passed", "failed", "error", "skipped"]

_RECORDER = "steptrail-recorder"
_EVALUATOR = "pytest"
_MAX_CASE_CHARS = 200
_MAX_REASON_CHARS = 10_000
_REPEAT = "__pytest_repeat_step_number"
"""The parameter that pytest-repeat adds to each test."""

_VERDICTS: dict[Outcome, Literal["pass", "fail", "unclear"]] = {
    "passed": "pass",
    "failed": "fail",
    "error": "unclear",
    "skipped": "unclear",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("steptrail", "recording of tests as tasks of Steptrail")
    group.addoption(
        "--steptrail",
        action="store_true",
        help="record each test as a task, and its outcome as a verdict",
    )
    group.addoption(
        "--steptrail-experiment",
        metavar="NAME",
        help="record each test as a case of this experiment; implies --steptrail",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "steptrail(instruction, agent, model, device_id, attributes, metadata, tags): "
        "what --steptrail records of the test's task",
    )
    experiment = config.getoption("steptrail_experiment")
    if experiment is not None or config.getoption("steptrail"):
        config.pluginmanager.register(Recorder(experiment), _RECORDER)


@pytest.fixture
def steptrail_task(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Task, None, None]:
    """The task of the test, a `steptrail.Task`.

    Without `--steptrail`, the task is recorded into a temporary folder, so that tests which use it
    run all the same.
    """
    recorder = request.config.pluginmanager.get_plugin(_RECORDER)
    if recorder is not None:
        yield recorder.start(request.node)
        return
    from . import Tracker

    with Tracker(tmp_path_factory.mktemp("steptrail")) as tracker, tracker.task() as task:
        yield task


@dataclass
class _Run:
    """One run of a test.

    outcome: what is known so far.
    message: the error, or why the test was skipped.
    """

    task: Task | None = None
    outcome: Outcome = "passed"
    message: str | None = None


class Recorder:
    """Records the tests of this process. Registered if recording is requested.

    experiment: the name of the experiment; None for tasks without one.

    Raises `pytest.UsageError` if the name is not valid.
    """

    def __init__(self, experiment: str | None) -> None:
        from ._task_record import is_experiment

        if experiment is not None and not is_experiment(experiment):
            raise pytest.UsageError(
                f"--steptrail-experiment: {experiment!r} is not a valid name (expected 1 to 200 "
                "characters without control characters, '\\' and '%'; slashes may separate parts, "
                "none of which is empty, '.' or '..')"
            )
        self._experiment = experiment
        self._run = _Run()
        self._repeats: Counter[str] = Counter()
        self._tasks: Counter[Tracker] = Counter()

    def start(self, item: pytest.Item) -> Task:
        """Starts the task of the test, if that has not happened, and returns it."""
        if self._run.task is None:
            self._run.task = self._start(item)
            self._run.task.__enter__()
        return self._run.task

    def _start(self, item: pytest.Item) -> Task:
        from . import default_tracker

        marker = item.get_closest_marker("steptrail")
        fields: dict[str, Any] = {"name": item.name}
        if marker is not None:
            fields |= {**dict(zip(["instruction"], marker.args, strict=False)), **marker.kwargs}
        case, repeat = self._case(item)
        if self._experiment is not None:
            fields |= {"experiment": self._experiment, "case_id": case, "repeat": repeat}
        function = getattr(item, "obj", None)
        documentation = None if function is None else inspect.getdoc(function)
        fields.setdefault("instruction", documentation or case)
        tracker = default_tracker()
        self._tasks[tracker] += 1
        return tracker.task(**fields)

    def _case(self, item: pytest.Item) -> tuple[str, int]:
        """Returns the id of the test, and the number of this run of it, from 1."""
        node_id, parameters = item.nodeid, getattr(item, "callspec", None)
        step = None if parameters is None else parameters.params.get(_REPEAT)
        if step is not None:  # "test_a[x-2-5]" is the second of five runs of "test_a[x]"
            head, _, ids = node_id.rpartition("[")
            own = ids.rstrip("]").split("-")[:-2]
            node_id = f"{head}[{'-'.join(own)}]" if own else head
        self._repeats[node_id] += 1
        if len(node_id) > _MAX_CASE_CHARS:
            digest = hashlib.sha256(node_id.encode()).hexdigest()[:16]
            case = f"{node_id[: _MAX_CASE_CHARS - len(digest) - 1]}~{digest}"
        else:
            case = node_id
        return case, self._repeats[node_id] if step is None else step + 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        self.start(item)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, None, None]:
        yield
        self._add(call)
        if call.when == "teardown":
            self._finish()

    def _add(self, call: pytest.CallInfo[None]) -> None:
        """Adds a phase of the test. Of several errors, the first one counts."""
        if call.excinfo is None:
            return
        outcome: Outcome = "failed" if call.when == "call" else "error"
        if call.excinfo.errisinstance(pytest.skip.Exception):
            outcome = "skipped"
        if self._run.outcome == "passed":
            self._run.outcome = outcome
            text = call.excinfo.exconly(tryshort=True)
            where = f"{call.when}: " if outcome == "error" else ""
            self._run.message = (where + text)[:_MAX_REASON_CHARS]

    def _finish(self) -> None:
        run, self._run = self._run, _Run()
        if run.task is None:
            return
        end = {"passed": run.task.succeed, "skipped": run.task.cancel}.get(
            run.outcome, run.task.fail
        )
        end(run.message)
        run.task.verdict(_VERDICTS[run.outcome], evaluator=_EVALUATOR, reason=run.message)
        run.task.__exit__(None, None, None)

    def pytest_sessionfinish(self) -> None:
        """Waits for the recordings. Workers of pytest-xdist end without their exit handlers."""
        for tracker in self._tasks:
            tracker.flush()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for tracker, tasks in self._tasks.items():
            stats = tracker.stats()
            lost = sum(stats.dropped_steps.values()) + sum(stats.dropped_screenshots.values())
            lost += stats.lost_tasks + stats.lost_ends + stats.lost_verdicts
            terminalreporter.write_sep("-", "steptrail")
            terminalreporter.write_line(f"{tasks} tasks recorded in {tracker.outbox}")
            if lost or stats.queued:
                terminalreporter.write_line(
                    f"{lost} records lost, {stats.queued} not yet written ({stats.last_error})",
                    yellow=True,
                )

    def pytest_unconfigure(self) -> None:
        """Ends the task of a test that was interrupted."""
        if self._run.task is not None:
            self._run.task.cancel("the test was interrupted")
            self._run.task.__exit__(None, None, None)

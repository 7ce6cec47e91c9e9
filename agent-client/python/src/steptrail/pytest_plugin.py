"""A pytest plugin that records each test as a task, and its outcome as a verdict.

`pytest --steptrail` records into the outbox of the default tracker (`steptrail.configure` in a
`conftest.py` sets another one), and `--steptrail-experiment NAME` makes each test a case of an
experiment. A test records its steps with the fixture `steptrail_task`, or with
`steptrail.current_task()` in the code that it calls.

The verdict says whether the test passed; the end of the task says what the agent claims. If neither
the test nor a tracked agent ends the task, it ends as the test did.

| test | verdict | end of the task, if neither the test nor an agent has ended it |
|---|---|---|
| passed, also unexpectedly (`xfail`) | `pass` | succeeded |
| failed, also as expected (`xfail`) | `fail` | failed |
| setup or teardown failed | `unclear`: says nothing about the agent | failed |
| skipped by itself or a fixture | `unclear`: otherwise it would count as failed | cancelled |
| skipped by a marker, such as `@pytest.mark.skip` | no task is recorded | |
| interrupted | none | cancelled |
"""

from __future__ import annotations

import hashlib
import inspect
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from . import Task, Tracker
    from ._task_record import Status

Outcome = Literal["passed", "failed", "error", "skipped"]

_RECORDER = "steptrail-recorder"
_EVALUATOR = "pytest"
_MAX_CASE_CHARS = 200
_MAX_REASON_CHARS = 10_000
_REPEAT = "__pytest_repeat_step_number"
"""The parameter that pytest-repeat adds to each test."""

_MARKED = ("instruction", "agent", "model", "device_id", "attributes", "metadata", "tags")
"""The arguments of the marker."""

_SIGNATURE = ", ".join(_MARKED)

_VERDICTS: dict[Outcome, Literal["pass", "fail", "unclear"]] = {
    "passed": "pass",
    "failed": "fail",
    "error": "unclear",
    "skipped": "unclear",
}

_ENDS: dict[Outcome, Status] = {
    "passed": "succeeded",
    "failed": "failed",
    "error": "failed",
    "skipped": "cancelled",
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
        f"steptrail({_SIGNATURE}): what --steptrail records of the test's task",
    )
    experiment = config.getoption("steptrail_experiment")
    if config.getoption("setuponly", False):  # tests do not run
        return
    if experiment is not None or config.getoption("steptrail"):
        config.pluginmanager.register(Recorder(experiment), _RECORDER)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Starts the task before the fixtures. Markers that skip the test have been evaluated."""
    fields = _marked_fields(item)
    recorder = item.config.pluginmanager.get_plugin(_RECORDER)
    if recorder is not None:
        recorder.start(item, fields)


def _marked_fields(item: pytest.Item) -> dict[str, Any]:
    """Returns the arguments of the marker. Fails the test if they are not valid."""
    marker = item.get_closest_marker("steptrail")
    if marker is None:
        return {}
    unknown = sorted(marker.kwargs.keys() - set(_MARKED))
    problem = f"has no argument {unknown[0]!r}" if unknown else None
    if len(marker.args) > 1 or (marker.args and "instruction" in marker.kwargs):
        problem = "has more than one instruction"
    if problem is not None:
        pytest.fail(f"@pytest.mark.steptrail({_SIGNATURE}) {problem}", pytrace=False)
    return {**dict(zip(_MARKED, marker.args, strict=False)), **marker.kwargs}


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
        yield recorder.task
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
        self._of_workers: list[dict[str, Any]] = []

    @property
    def task(self) -> Task | None:
        """The task of the test that runs."""
        return self._run.task

    def start(self, item: pytest.Item, marked: Mapping[str, Any]) -> None:
        """Starts the task of a test.

        marked: the arguments of the test's marker.
        """
        from . import default_tracker

        fields: dict[str, Any] = {"name": item.name, **marked}
        case, repeat = self._case(item)
        if self._experiment is not None:
            fields |= {"experiment": self._experiment, "case_id": case, "repeat": repeat}
        function = getattr(item, "obj", None)
        documentation = None if function is None else inspect.getdoc(function)
        fields.setdefault("instruction", documentation or case)
        tracker = default_tracker()
        self._tasks[tracker] += 1
        self._run.task = tracker.task(**fields).__enter__()

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
        end = _ENDS[run.outcome]
        run.task.end(*(run.task._proposed_end or (end, None, run.message)))
        run.task.verdict(_VERDICTS[run.outcome], evaluator=_EVALUATOR, reason=run.message)
        run.task.__exit__(None, None, None)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Waits for the recordings. Workers of pytest-xdist end without their exit handlers."""
        for tracker in self._tasks:
            tracker.flush()
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_RECORDER] = self._summaries()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Called when a worker of pytest-xdist has ended, which has no output if it crashed."""
        self._of_workers += getattr(node, "workeroutput", {}).get(_RECORDER, [])

    def _summaries(self) -> list[dict[str, Any]]:
        """Returns what was recorded, by tracker. pytest-xdist sends it to its main process."""
        summaries = []
        for tracker, tasks in self._tasks.items():
            stats = tracker.stats()
            lost = sum(stats.dropped_steps.values()) + sum(stats.dropped_screenshots.values())
            lost += stats.lost_tasks + stats.lost_ends + stats.lost_verdicts
            counts = {"tasks": tasks, "lost": lost, "queued": stats.queued}
            summaries.append(
                {"outbox": str(tracker.outbox), "error": stats.last_error, "counts": counts}
            )
        return summaries

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        totals: dict[str, Counter[str]] = {}
        errors: dict[str, str | None] = {}
        for summary in self._summaries() + self._of_workers:
            outbox = summary["outbox"]
            totals.setdefault(outbox, Counter()).update(summary["counts"])
            errors[outbox] = summary["error"] or errors.get(outbox)
        for outbox, total in totals.items():
            tasks = "1 task" if total["tasks"] == 1 else f"{total['tasks']} tasks"
            terminalreporter.write_sep("-", "steptrail")
            terminalreporter.write_line(f"{tasks} recorded in {outbox}")
            if total["lost"] or total["queued"]:
                terminalreporter.write_line(
                    f"{total['lost']} records lost, {total['queued']} not yet written "
                    f"({errors[outbox]})",
                    yellow=True,
                )

    def pytest_unconfigure(self) -> None:
        """Ends the task of a test that was interrupted."""
        task = self._run.task
        if task is not None:
            task.end(*(task._proposed_end or ("cancelled", None, "the test was interrupted")))
            task.__exit__(None, None, None)

"""Tests become cases of an experiment, and repeated tests repeats of a case."""

from __future__ import annotations

from typing import Any

import pytest

from recorded import RecordedOutbox

from .conftest import RunTests

pytest_plugins = ["pytester"]

PARAMETRIZED = """
import pytest

@pytest.mark.parametrize("level", ["low", "high-1"])
def test_volume(level):
    pass

def test_camera():
    pass
"""


def cases(outbox: RecordedOutbox) -> list[tuple[Any, ...]]:
    fields = ("experiment", "case_id", "repeat")
    return sorted(tuple(task.start[field] for field in fields) for task in outbox.tasks)


def test_each_test_is_a_case(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    run_tests(PARAMETRIZED, "--steptrail-experiment", "nightly/7 β").assert_outcomes(passed=3)

    assert cases(outbox) == [
        ("nightly/7 β", "test_a.py::test_camera", 1),
        ("nightly/7 β", "test_a.py::test_volume[high-1]", 1),
        ("nightly/7 β", "test_a.py::test_volume[low]", 1),
    ]


def test_repeated_tests_are_repeats(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    options = ("--steptrail-experiment", "e", "--count", "2")
    run_tests(PARAMETRIZED, *options).assert_outcomes(passed=6)

    assert cases(outbox) == [
        ("e", f"test_a.py::{name}", repeat)
        for name in ("test_camera", "test_volume[high-1]", "test_volume[low]")
        for repeat in (1, 2)
    ]


def test_reruns_are_repeats(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    source = """
    runs = []

    def test_flaky():
        runs.append(1)
        assert len(runs) == 3
    """
    run_tests(source, "--steptrail-experiment", "e", "--reruns", "2").assert_outcomes(passed=1)

    assert cases(outbox) == [("e", "test_a.py::test_flaky", repeat) for repeat in (1, 2, 3)]
    values = {verdict["task_id"]: verdict["value"] for verdict in outbox.verdicts}
    by_repeat = {task.start["repeat"]: values[task.start["task_id"]] for task in outbox.tasks}
    assert by_repeat == {1: "fail", 2: "fail", 3: "pass"}


def test_processes_share_the_experiment(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    options = ("--steptrail-experiment", "e", "--count", "3", "-n", "2")
    result = run_tests(PARAMETRIZED, *options)

    result.assert_outcomes(passed=9)
    result.stdout.fnmatch_lines([f"9 tasks recorded in {outbox.path}"])
    assert len(set(cases(outbox))) == 9
    assert [verdict["value"] for verdict in outbox.verdicts] == ["pass"] * 9


def test_long_ids_are_shortened_to_different_cases(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    source = """
    import pytest

    @pytest.mark.parametrize("text", ["a", "b"], ids=["a" * 300, "a" * 301])
    def test_volume(text):
        pass
    """
    run_tests(source, "--steptrail-experiment", "e").assert_outcomes(passed=2)

    ids = [case_id for _, case_id, _ in cases(outbox)]
    assert [len(case_id) for case_id in ids] == [200, 200]
    assert len(set(ids)) == 2


@pytest.mark.parametrize("name", ["", "a//b", "../a", "50%", "a\\b"])
def test_invalid_name_is_a_usage_error(
    outbox: RecordedOutbox, run_tests: RunTests, name: str
) -> None:
    result = run_tests(PARAMETRIZED, f"--steptrail-experiment={name}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--steptrail-experiment: * is not a valid name*"])

"""Tests become tasks, and their outcomes verdicts."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recorded import RecordedOutbox

from .conftest import RunTests

pytest_plugins = ["pytester"]

OUTCOMES = '''
import pytest

def test_passes(steptrail_task):
    """Turn the volume up."""
    steptrail_task.step({"action": "Tap"}, success=True)

def test_fails(steptrail_task):
    assert 1 == 2

def test_claims_success_and_fails(steptrail_task):
    steptrail_task.succeed("The volume is at its maximum")
    assert 1 == 2

def test_reports_failure_as_required(steptrail_task):
    steptrail_task.fail("There is no volume")

@pytest.fixture
def no_phone():
    raise OSError("no phone")

def test_without_a_phone(steptrail_task, no_phone):
    pass

@pytest.fixture
def stuck_phone():
    yield
    raise OSError("stuck")

def test_with_a_stuck_phone(stuck_phone):
    pass

def test_fails_with_a_stuck_phone(stuck_phone):
    assert 1 == 2

def test_is_skipped_while_it_runs():
    pytest.skip("no device")

@pytest.mark.skip
def test_is_skipped():
    pass

def test_fails_before_it_runs(no_phone):
    pass

@pytest.fixture
def no_device():
    pytest.skip("no device")

def test_is_skipped_by_a_fixture(no_device):
    pass

@pytest.mark.xfail
def test_fails_as_expected():
    assert 1 == 2

@pytest.mark.xfail(strict=True)
def test_passes_unexpectedly():
    pass
'''


def outcomes(outbox: RecordedOutbox) -> dict[str, tuple[Any, ...]]:
    """Returns how each task ended, its verdict, and the reason of the verdict, by test."""
    verdicts = {verdict["task_id"]: verdict for verdict in outbox.verdicts}
    result = {}
    for task in outbox.tasks:
        verdict = verdicts.pop(task.start["task_id"], {})
        end = task.of_kind("task_ended")[0]["status"]
        result[task.start["name"]] = (end, verdict.get("value"), verdict.get("reason"))
    assert not verdicts
    return result


def test_outcomes_are_verdicts(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    result = run_tests(OUTCOMES, "--steptrail")

    result.assert_outcomes(passed=3, failed=4, errors=4, skipped=3, xfailed=1)
    assert outcomes(outbox) == {
        "test_passes": ("succeeded", "pass", None),
        "test_fails": ("failed", "fail", "assert 1 == 2"),
        "test_claims_success_and_fails": ("succeeded", "fail", "assert 1 == 2"),
        "test_reports_failure_as_required": ("failed", "pass", None),
        "test_without_a_phone": ("failed", "unclear", "setup: OSError: no phone"),
        "test_fails_before_it_runs": ("failed", "unclear", "setup: OSError: no phone"),
        "test_is_skipped_by_a_fixture": ("cancelled", "unclear", "Skipped: no device"),
        "test_with_a_stuck_phone": ("failed", "unclear", "teardown: OSError: stuck"),
        "test_fails_with_a_stuck_phone": ("failed", "fail", "assert 1 == 2"),
        "test_is_skipped_while_it_runs": ("cancelled", "unclear", "Skipped: no device"),
        "test_fails_as_expected": ("failed", "fail", "assert 1 == 2"),
        "test_passes_unexpectedly": ("succeeded", "pass", None),
    }
    result.stdout.fnmatch_lines([f"12 tasks recorded in {outbox.path}"])


def test_steps_belong_to_the_task_of_the_test(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    run_tests(
        """
        import steptrail
        import pytest

        @pytest.fixture
        def phone(steptrail_task):
            steptrail_task.step({"action": "Home"})

        def act():
            steptrail.current_task().step({"action": "Tap"})

        def test_one(phone):
            act()

        class TestOther:
            def test_two(self, steptrail_task):
                assert steptrail.current_task() is steptrail_task
                act()

        def test_three():
            act()

        @pytest.fixture
        def agent():
            steptrail.current_task().step({"action": "Launch"})

        def test_four(agent, steptrail_task):
            assert steptrail.current_task() is steptrail_task
        """,
        "--steptrail",
    ).assert_outcomes(passed=4)

    actions = {
        task.start["name"]: [step["action"]["action"] for step in task.steps]
        for task in outbox.tasks
    }
    assert actions == {
        "test_one": ["Home", "Tap"],
        "test_two": ["Tap"],
        "test_three": ["Tap"],
        "test_four": ["Launch"],
    }


def test_marker_describes_the_task(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    run_tests(
        '''
        import pytest

        @pytest.mark.steptrail("Take a picture", agent="my-agent", metadata={"build": "7"})
        def test_marked():
            """The documentation."""

        def test_documented():
            """Turn the volume up,

            and then down."""

        def test_plain():
            pass
        ''',
        "--steptrail",
        "--strict-markers",
    ).assert_outcomes(passed=3)

    starts = {task.start["name"]: task.start for task in outbox.tasks}
    assert {name: start["description"] for name, start in starts.items()} == {
        "test_marked": "Take a picture",
        "test_documented": "Turn the volume up,\n\nand then down.",
        "test_plain": "test_a.py::test_plain",
    }
    marked = starts["test_marked"]
    assert (marked["agent"], marked["metadata"]) == ("my-agent", {"build": "7"})
    assert not any("experiment" in start for start in starts.values())


def test_invalid_marker_fails_its_test_with_and_without_the_option(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    source = """
    import pytest

    @pytest.mark.steptrail("Take a picture", modle="autoglm-phone-9b")
    def test_misspelled():
        pass

    @pytest.mark.steptrail("Take a picture", "and another one")
    def test_two_instructions():
        pass

    @pytest.mark.steptrail(tags=["camera"])
    def test_valid():
        pass
    """
    for options in ([], ["--steptrail"]):
        result = run_tests(source, *options)
        result.assert_outcomes(errors=2, passed=1)
        result.stdout.fnmatch_lines(
            [
                "@pytest.mark.steptrail(instruction, agent, *) has no argument 'modle'",
                "@pytest.mark.steptrail(*) has more than one instruction",
            ]
        )
    result.stdout.fnmatch_lines([f"1 task recorded in {outbox.path}"])


def test_end_of_an_agent_is_the_end_of_the_task(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    run_tests(
        """
        import pytest
        from steptrail.integrations import open_autoglm
        from integrations.agents import FINISH, PhoneAgent

        def test_one(steptrail_task):
            agent = open_autoglm.track(PhoneAgent(FINISH, FINISH))
            for _ in range(2):
                agent.run("Turn the volume up")
            assert 1 == 2
        """,
        "--steptrail",
        f"--override-ini=pythonpath={Path(__file__).parents[1]}",
    ).assert_outcomes(failed=1)

    assert outcomes(outbox)["test_one"][:2] == ("succeeded", "fail")
    assert len(outbox.task.steps) == 2


def test_nothing_is_recorded_if_tests_are_only_set_up(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    run_tests("def test_one(steptrail_task):\n    pass", "--steptrail", "--setup-only")

    assert not outbox.path.exists()


def test_settings_of_conftest_are_used(
    pytester: pytest.Pytester, outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    pytester.makeconftest(
        """
        import steptrail

        def pytest_sessionstart():
            steptrail.configure("other", agent="my-agent", redact_text=lambda text: text[:4])
        """
    )
    run_tests("def test_one():\n    assert False", "--steptrail")

    other = RecordedOutbox(Path(pytester.path, "other"))
    assert (other.task.start["agent"], other.verdicts[0]["reason"]) == ("my-agent", "asse")
    assert not outbox.path.exists()


def test_nothing_is_recorded_without_the_option(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    result = run_tests(
        """
        import steptrail

        def test_one(steptrail_task):
            assert steptrail.current_task() is steptrail_task
            assert steptrail_task.step({"action": "Tap"}) == 1

        def test_two():
            assert steptrail.current_task() is None
        """
    )

    result.assert_outcomes(passed=2)
    assert not outbox.path.exists()
    assert "steptrail" not in result.stdout.str().partition("test_a.py")[2]


def test_plugin_costs_nothing_without_the_option(
    outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    run_tests(
        """
        import sys

        def test_modules():
            assert "steptrail.pytest_plugin" in sys.modules
            assert not {"steptrail._tracker", "steptrail.client", "httpx"} & sys.modules.keys()
        """
    ).assert_outcomes(passed=1)


def test_interrupted_test_is_cancelled(
    pytester: pytest.Pytester, outbox: RecordedOutbox, run_tests: RunTests
) -> None:
    pytester.makepyfile(
        test_a="""
        import time

        def test_one(steptrail_task):
            print("started", flush=True)
            time.sleep(60)
        """
    )
    arguments = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "--steptrail"]
    with subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        cwd=pytester.path,
        # A shell that runs the tests in the background ignores the signal in all processes.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b"started" in line:
                process.send_signal(signal.SIGINT)
        process.wait()

    assert outcomes(outbox) == {"test_one": ("cancelled", None, None)}


def test_losses_are_shown(outbox: RecordedOutbox, run_tests: RunTests) -> None:
    outbox.path.write_text("a file instead of a folder")

    result = run_tests("def test_one(steptrail_task):\n    steptrail_task.step()", "--steptrail")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["* records lost, 0 not yet written (*"])

"""What the recorder and the pytest plugin record is shipped and read back by both clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_cloud import Cloud
from recorded import RecordedOutbox
from steptrail import Tracker, Usage

from .adapter import AnyClient
from .recordings import SCREEN

pytest_plugins = ["pytester"]


def test_recorded_task_is_read_back(client: AnyClient, cloud: Cloud, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    with (
        Tracker(outbox, agent="my-agent", model="my-model") as tracker,
        tracker.task("把音量调到最大", experiment="e", case_id="c", repeat=1, tags=["a"]) as task,
    ):
        task.step(
            {"action": "Tap", "element": [499, 842]},
            thinking="点一下",
            success=True,
            before=SCREEN,
            usage=Usage(input_tokens=10, output_tokens=2),
            timings={"action": 0.25},
            current_app="Settings",
            duration=1.5,
        )
        task.step(error_message="App not found")
        task.succeed("好了")
        task.verdict("fail", evaluator="judge.py", version="2", reason="Too quiet")
    cloud.ship(outbox, [task.id], judged=True)

    read = client.task(task.id)
    steps = client.steps(task.id).to_list()

    assert (read.agent, read.model, read.description) == ("my-agent", "my-model", "把音量调到最大")
    assert (read.experiment, read.case_id, read.repeat) == ("e", "c", 1)
    assert (read.status, read.message, read.last_step_number) == ("succeeded", "好了", 2)
    assert (read.verdict, read.success, read.claimed_success) == ("fail", False, True)
    assert (read.dropped_steps, read.dropped_screenshots, read.losses) == (0, 0, None)
    assert steps[0].action == {"action": "Tap", "element": [499, 842]}
    assert (steps[0].thinking, steps[0].success, steps[0].duration_ms) == ("点一下", True, 1500)
    assert steps[0].timings == {"action_ms": 250}
    assert steps[0].usage == {"input_tokens": 10, "output_tokens": 2}
    assert steps[0].extra["current_app"] == "Settings"
    assert (steps[1].step_type, steps[1].error_message) == ("error", "App not found")
    assert client.screenshot_bytes(steps[0].step_id)[:4] == b"RIFF"
    (verdict,) = client.verdicts(task.id)
    assert (verdict.evaluator, verdict.evaluator_version) == ("judge.py", "2")
    assert verdict.reason == "Too quiet"


def test_experiment_of_tests_is_read_back(
    client: AnyClient,
    kind: str,
    cloud: Cloud,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outbox = Path(pytester.path, "outbox")
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(outbox))
    pytester.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.parametrize("level", ["low", "high"])
        def test_volume(steptrail_task, level):
            steptrail_task.step({"action": "Tap"}, thinking="点一下", success=True)
            steptrail_task.succeed()
            assert level == "low"

        def test_camera():
            pytest.skip("no camera")
        """
    )
    name = f"nightly/{kind}"
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "--steptrail-experiment", name)
    ids = [task.start["task_id"] for task in RecordedOutbox(outbox).tasks]
    cloud.ship(outbox, ids, judged=True)

    results = {case.case_id: case.results for case in client.experiment(name).cases}
    (failed,) = client.tasks(experiment=name, verdict="fail")

    low = results["test_a.py::test_volume[low]"]
    high = results["test_a.py::test_volume[high]"]
    assert (low.passes, low.fails, low.disagreements) == (1, 0, 0)
    assert (high.passes, high.fails, high.disagreements) == (0, 1, 1)
    assert results["test_a.py::test_camera"].unclear == 1
    assert (failed.case_id, failed.verdict_source, failed.claimed_success) == (
        "test_a.py::test_volume[high]",
        "automatic",
        True,
    )

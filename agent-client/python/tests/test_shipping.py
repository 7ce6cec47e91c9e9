"""The Java shipper delivers what this recorder writes: it is read back from the API, equal."""

from __future__ import annotations

import random
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local_cloud import Cloud
from pictures import PNG, encoded
from programs import start
from recorded import RecordedOutbox
from steptrail import ModelCall, Screenshot, Tracker
from test_durability import KILLS, WRITES

STORED = (
    *("step_number", "step_type", "thinking", "action", "action_result", "duration_ms", "success"),
    *("error_message", "timings", "resources", "usage", "current_app", "invalid_fields"),
)


def same_time(a: str, b: str) -> bool:
    return datetime.fromisoformat(a.replace("Z", "+00:00")) == datetime.fromisoformat(b)


def test_task_is_read_back_equal(cloud: Cloud, outbox: RecordedOutbox) -> None:
    tracker = Tracker(outbox.path, agent="my-agent", record_model_calls=True)
    with tracker.task(
        "Turn the volume up",
        model="autoglm-phone-9b",
        experiment="nightly/volume",
        case_id="volume-up",
        repeat=0,
        attributes={"app_version": "8.1"},
        metadata={"lab": "north"},
    ) as task:
        task.step(
            {"action": "Tap", "element": [499, 842]},
            thinking="思考 \ud800",
            action_result={"ratio": 0.5, "large": 2**70},
            success=True,
            before=PNG,
            after=np.zeros((50, 40, 3), np.uint8),
            usage={"prompt_tokens": 1200, "completion_tokens": 34},
            current_app="音量",
            duration=1.5,
            timings={"action": 0.8},
        )
        task.step(
            "Back",
            error_message="adb",
            screenshots=[Screenshot(encoded("JPEG"), sensitive=True, redact=[(0, 0, 2, 2)])],
            model_call=ModelCall(input=[{"content": "x" * 10_000}], output="Back", duration=-1),
        )
        task.step(before=b"no image")
        task.verdict("fail", evaluator="judge", version="1", reason="it is silent")
        task.succeed("done")
    tracker.flush()
    recorded = outbox.task
    start, steps, end, losses = recorded.start, recorded.steps, recorded.end, recorded.losses
    tracker.close()  # releases the folder of verdicts

    cloud.ship(outbox.path)

    stored = cloud.wait_for(f"/api/tasks/{task.id}", lambda task: bool(task["ended_at"]))
    for name in set(start) - {"v", "record", "timestamp"}:
        assert stored[name] == start[name], name
    assert same_time(stored["started_at"], start["timestamp"])
    assert (stored["status"], stored["end_reason"], stored["message"]) == (
        *(end["status"], end["end_reason"], end["message"]),
    )
    assert stored["losses"]["dropped_screenshots"] == losses["dropped_screenshots"]
    stored_steps = cloud.steps(task.id)
    for stored_step, step in zip(stored_steps, steps, strict=True):
        assert_stored(stored_step, step)
    assert stored_steps[1]["screenshots"][0]["redacted_regions"] == [
        {"x": 0, "y": 0, "width": 2, "height": 2}
    ]
    [verdict] = cloud.wait_for(
        f"/api/tasks/{task.id}/verdicts", lambda page: bool(page["verdicts"])
    )["verdicts"]
    assert (verdict["value"], verdict["evaluator"], verdict["reason"]) == (
        *("fail", "judge", "it is silent"),
    )
    assert [path.name for path in outbox.path.iterdir() if path.is_dir()] == []


def assert_stored(stored: dict[str, Any], step: dict[str, Any]) -> None:
    for name in STORED:
        assert stored.get(name) == step.get(name), name
    assert same_time(stored["timestamp"], step["timestamp"])
    screenshots = [
        (shot["role"], shot["width"], shot["height"], shot["sensitive"])
        for shot in stored["screenshots"]
    ]
    assert screenshots == [
        (frame["role"], frame["width"], frame["height"], frame["sensitive"])
        for frame in step.get("frames", [])
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
def test_confirmed_steps_of_killed_processes_are_stored_once(
    cloud: Cloud, outbox: RecordedOutbox, tmp_path: Path
) -> None:
    (tmp_path / "screen.png").write_bytes(PNG)
    confirmed = []
    for _ in range(KILLS):
        process = start(WRITES, outbox.path, "written", tmp_path / "screen.png")
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        time.sleep(random.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        confirmed.append(max(map(int, [line for line in lines if line] or ["1"])))
    tasks = [task.start["task_id"] for task in outbox.tasks]

    cloud.ship(outbox.path)

    for task_id, last in zip(tasks, confirmed, strict=True):
        cloud.wait_for(f"/api/tasks/{task_id}", lambda task, last=last: task["total_steps"] >= last)  # type: ignore[misc]
        numbers = [step["step_number"] for step in cloud.steps(task_id)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= last

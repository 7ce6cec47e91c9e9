"""Tasks that the tests read back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud import Cloud
from recorded import CHECKOUT

SCREEN = CHECKOUT / "agent-client/cli/samples/weather-finished/screenshots/step_001.png"
EXPERIMENT = "nightly/7 β"
MODEL_INPUT = [{"role": "user", "content": "x" * 6000}]
PROMPTS = [f"Prompt {number}: be brief" for number in range(4000)]
"""Too large to be a part of the task."""

START = {
    "record": "task_started",
    "name": "volume",
    "description": "把媒体音量调到最大",
    "agent": "test-agent",
    "model": "test-model",
    "device_id": "emulator-5554",
    "metadata": {"build": "1.10", "phone": {"lang": "zh"}},
    "experiment": EXPERIMENT,
    "case_id": "volume/最大",
    "repeat": 2,
    "attributes": {"prompt_version": "7"},
    "colour": "blue",
}
STEPS: list[dict[str, Any]] = [
    {
        "record": "step",
        "thinking": "点一下",
        "action": {"action": "Tap", "element": [499, 842]},
        "action_result": {"finished": False},
        "duration_ms": 5100,
        "success": True,
        "timings": {"model_ms": 3900},
        "usage": {"input_tokens": 2540, "cached_tokens": 1920, "output_tokens": 183},
        "current_app": "Settings",
        "model_input": MODEL_INPUT,
        "model_output": "tap",
        "frames": [
            {"path": str(SCREEN), "role": "before"},
            {"path": str(SCREEN), "role": "after", "sensitive": True},
        ],
    },
    {"record": "step", "action": {"action": "Launch"}, "error_message": "App not found"},
    {"record": "step", "step_type": "completion", "success": True},
]
END = {"record": "task_ended", "status": "succeeded", "end_reason": "finished", "message": "好了"}


@dataclass(frozen=True)
class Recorded:
    """The ids of the tasks, oldest first: a complete, a failed, and one of another agent."""

    task: str
    failed: str
    other: str


def record(cloud: Cloud, outbox: Path) -> Recorded:
    failed = {**START, "case_id": "brightness", "model": "other-model"}
    other = {"record": "task_started", "description": "Go back", "agent": "other-agent"}
    ids = cloud.record(
        outbox,
        [
            *({**START, "prompts": PROMPTS}, *STEPS, END),
            *(failed, STEPS[1], {**END, "status": "failed", "end_reason": "max_steps"}),
            *(other, END),
        ],
    )
    return Recorded(*ids)


def new_tasks(cloud: Cloud, outbox: Path, count: int) -> list[str]:
    """Records tasks for tests that change them, each of them one task."""
    return cloud.record(outbox, [{"record": "task_started"}, STEPS[2], END] * count)

"""Both clients return lists as pandas data frames."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from steptrail.client import to_dataframe
from steptrail.client.models import Cost, Step, StepScreenshot

from .adapter import AnyClient
from .recordings import EXPERIMENT, Recorded

pandas = pytest.importorskip("pandas", reason="the extra pandas is not installed")


def test_tasks_are_rows(client: AnyClient, recorded: Recorded) -> None:
    frame = client.tasks(experiment=EXPERIMENT).to_dataframe().set_index("task_id")

    assert list(frame.index) == [recorded.failed, recorded.task]
    row = frame.loc[recorded.task]
    assert (row["total_steps"], row["repeat"], row["success"]) == (3, 2, True)
    assert row["metadata"] == {"build": "1.10", "phone": {"lang": "zh"}}
    assert (row["usage_input_tokens"], row["cost_unpriced_tokens"]) == (2540, 2723)
    assert pandas.isna(frame.loc[recorded.failed]["usage_input_tokens"])
    assert str(frame["started_at"].dtype).endswith("UTC]")
    assert frame["total_steps"].dtype == "Int64"
    assert frame["success"].dtype == "boolean"
    assert frame.groupby("case_id")["success"].mean().to_dict() == {
        "brightness": 0,
        "volume/最大": 1,
    }


def test_steps_are_rows(client: AnyClient, recorded: Recorded) -> None:
    frame = client.steps(recorded.task).to_dataframe()

    assert list(frame["step_number"]) == [1, 2, 3]
    assert frame["action"][0] == {"action": "Tap", "element": [499, 842]}
    assert frame["usage_output_tokens"].sum() == 183
    assert [each["role"] for each in frame["screenshots"][0]] == ["before", "after"]
    assert frame["extra"][0] == {"current_app": "Settings"}


def test_no_items_have_the_same_columns(client: AnyClient, recorded: Recorded) -> None:
    some = client.tasks().to_dataframe()
    none = client.tasks(agent="nobody").to_dataframe()

    assert list(none.columns) == list(some.columns)
    assert len(none) == 0
    assert len(to_dataframe([]).columns) == 0


def test_fields_are_columns() -> None:
    steps = [
        step(1, cost=cost(USD="0.1"), usage={"output_tokens": 2}, screenshots=(SCREENSHOT,)),
        step(2, cost=cost(CNY="2"), success=True),
        step(3),
    ]

    frame = to_dataframe(steps)

    assert list(frame["step_number"]) == [1, 2, 3]
    assert list(frame["cost_USD"].fillna(-1)) == [0.1, -1, -1]
    assert list(frame["cost_CNY"].fillna(-1)) == [-1, 2, -1]
    assert list(frame["cost_unpriced_tokens"].fillna(-1)) == [0, 0, -1]
    assert list(frame["usage_output_tokens"].fillna(-1)) == [2, -1, -1]
    assert frame["success"].dtype == "boolean"
    assert str(frame["timestamp"].dtype).endswith("UTC]")
    assert frame["screenshots"][0] == [dataclasses.asdict(SCREENSHOT)]


def step(number: int, **fields: Any) -> Step:
    """Returns a step whose other fields are None."""
    times = dict.fromkeys(("timestamp", "created_at"), datetime(2026, 3, 1, tzinfo=timezone.utc))
    names = [each.name for each in dataclasses.fields(Step) if each.name != "extra"]
    return Step(**{**dict.fromkeys(names), **times, "step_number": number, **fields})


def cost(**amounts: str) -> Cost:
    decimals = {currency: Decimal(amount) for currency, amount in amounts.items()}
    return Cost(amounts=decimals, unpriced_tokens=0)


SCREENSHOT = StepScreenshot(
    screenshot_index=0,
    role="before",
    file_hash="9f86",
    file_size=5,
    original_size=5,
    width=1,
    height=1,
    format="webp",
    compressed=True,
    sensitive=False,
    redacted_regions=(),
    perceptual_hash=None,
    thumbnail_path=None,
    captured_at=None,
)


def test_without_pandas_the_error_names_the_package() -> None:
    program = (
        "import sys; sys.modules['pandas'] = None\n"
        "from steptrail.client import to_dataframe\n"
        "try:\n    to_dataframe([])\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "pip install pandas" in result.stdout, result.stderr

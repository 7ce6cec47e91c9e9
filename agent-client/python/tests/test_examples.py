"""The notebook that records runs as it is."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat

from recorded import RecordedOutbox

PROJECT = Path(__file__).parents[1]


def test_notebook_records(tmp_path: Path) -> None:
    notebook = nbformat.read(PROJECT / "examples/record.ipynb", as_version=4)

    nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()

    task = RecordedOutbox(tmp_path / "outbox").task
    assert [step["success"] for step in task.steps] == [False, True]
    assert [len(step["frames"]) for step in task.steps] == [2, 2]
    assert task.of_kind("task_ended")[0]["status"] == "succeeded"

"""The notebook that reads tasks runs against a local cloud."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat
import pytest

from local_cloud import Cloud

from .recordings import Recorded

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_notebook_analyses_tasks(
    cloud: Cloud, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPTRAIL_API", cloud.api)
    monkeypatch.setenv("STEPTRAIL_TOKEN", cloud.token)
    notebook = nbformat.read(EXAMPLES / "analyse.ipynb", as_version=4)

    nbclient.NotebookClient(notebook, timeout=120).execute()

    shown = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "execute_result"
    ]
    assert "Caller" in shown[0]["text/plain"]
    assert "image/png" in shown[-1]

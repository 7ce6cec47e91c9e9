"""The wheel is complete, and the notebook and the first example in the README run as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbclient
import nbformat
import pytest

from recorded import CHECKOUT, RecordedOutbox

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder, PROJECT], check=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def test_wheel_is_small_and_contains_the_license(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/LICENSE")]
        text = archive.read(name)

    assert wheel.stat().st_size <= 250_000
    assert text == (PROJECT / "LICENSE").read_bytes()
    if (CHECKOUT / "LICENSE").exists():
        assert text == (CHECKOUT / "LICENSE").read_bytes()


def test_first_example_of_the_readme_records_in_a_new_environment(
    wheel: Path, tmp_path: Path
) -> None:
    """With nothing installed but the wheel."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    [example, *_] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]
    other = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([*pip, wheel], env=other, check=True)

    subprocess.run(
        [python, "-c", example],
        env={"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
        check=True,
    )

    task = RecordedOutbox(tmp_path / ".steptrail/outbox").task
    assert [step["action"]["action"] for step in task.steps] == ["Tap"]
    assert task.of_kind("task_ended")[0]["message"] == "The volume is at its maximum."

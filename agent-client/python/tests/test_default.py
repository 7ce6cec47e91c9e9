"""The default tracker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import steptrail
from programs import output
from recorded import RecordedOutbox
from steptrail import _default


@pytest.fixture(autouse=True)
def _no_default_tracker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_default, "_default", None)
    yield
    if _default._default is not None:
        _default._default.close()


def test_uses_the_configured_outbox(outbox: RecordedOutbox) -> None:
    tracker = steptrail.configure(outbox.path, agent="my-agent")
    with steptrail.task("x", model="m") as task:
        task.succeed()

    assert steptrail.default_tracker() is tracker is task.tracker
    assert steptrail.flush()
    assert outbox.task.start["agent"] == "my-agent"
    assert outbox.task.start["model"] == "m"


def test_uses_the_default_outbox(outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(outbox.path))
    steptrail.task("x")

    assert steptrail.default_tracker().outbox == outbox.path
    assert steptrail.flush()
    assert outbox.task.start["description"] == "x"


def test_does_not_raise_without_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(tmp_path / "file"))
    with steptrail.task("x") as task:
        assert task.step(thinking="hm") == 1
        task.succeed()
    steptrail.flush()

    stats = steptrail.default_tracker().stats()
    assert stats.dropped_steps == {"outbox_unwritable": 1}
    assert "not a folder" in str(stats.last_error)


def test_configure_raises_without_outbox(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="not a folder"):
        steptrail.configure(tmp_path / "file")


README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall("```python\n(.*?)```", README, re.DOTALL))
def test_example_of_readme_runs(
    tmp_path: Path, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(outbox.path))
    monkeypatch.chdir(tmp_path)

    output(example, outbox.path)

    if ".succeed(" in example:
        assert outbox.task.end["status"] == "succeeded"

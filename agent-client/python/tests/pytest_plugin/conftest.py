"""Fixtures of the tests of the pytest plugin."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from recorded import RecordedOutbox

RunTests: TypeAlias = Callable[..., pytest.RunResult]


@pytest.fixture
def outbox(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RecordedOutbox:
    """The outbox of the tests that `run_tests` runs."""
    path = Path(pytester.path, "outbox")
    monkeypatch.setenv("STEPTRAIL_OUTBOX", str(path))
    return RecordedOutbox(path)


@pytest.fixture
def run_tests(
    pytester: pytest.Pytester, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> RunTests:
    """Runs tests in another process, which loads the plugin by its entry point."""
    for name in [name for name in os.environ if name.startswith(("PYTEST_", "COV_"))]:
        monkeypatch.delenv(name)

    def run(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_a=source)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)

    return run

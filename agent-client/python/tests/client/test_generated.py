"""The blocking client is the asynchronous one without `async`."""

from __future__ import annotations

import subprocess
import sys

from .sync_client import GENERATED, generate


def test_blocking_client_is_up_to_date() -> None:
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(GENERATED), "-"],
        input=generate(),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout

    assert GENERATED.read_text(encoding="utf-8") == formatted, "run tests/client/sync_client.py"

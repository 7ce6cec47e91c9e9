"""The blocking client is the asynchronous one without `async`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parents[2] / "generate_client.py"


@pytest.mark.skipif(not GENERATOR.exists(), reason="not in a checkout")
def test_blocking_client_is_up_to_date() -> None:
    check = [sys.executable, str(GENERATOR), "--check"]
    result = subprocess.run(check, capture_output=True, text=True)

    assert result.returncode == 0, result.stderr

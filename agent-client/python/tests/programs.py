"""Runs Python programs that record, each in a separate process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run(code: str, *arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end. Its output is text."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def output(code: str, outbox: Path, *arguments: object) -> str:
    """Runs a program, which must succeed, and returns what it printed."""
    result = run(code, outbox, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def run_with_mounts(script: str, *command: object) -> subprocess.CompletedProcess[str]:
    """Runs a shell script that may mount file systems, with a command as its arguments.

    Skips the test where that is not possible.
    """
    unshare = ["unshare", "-rm"]
    mount = [*unshare, "mount", "-t", "tmpfs", "none", "/mnt"]
    if shutil.which("unshare") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    return subprocess.run(
        [*unshare, "sh", "-c", script, "sh", *map(str, command)], capture_output=True, text=True
    )

"""Generates the blocking client from the asynchronous one: `python tests/client/sync_client.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "src" / "steptrail" / "client"
SOURCE = CLIENT / "_async_client.py"
GENERATED = CLIENT / "_client.py"

REPLACEMENTS = [
    (
        r'^""".*?"""\n',
        '"""The blocking client. Generated from ``_async_client.py``: do not edit."""\n',
    ),
    (r"^import anyio(\.to_thread)?\n", ""),
    (r"await anyio\.to_thread\.run_sync\((.*?)\)", r"\1()"),
    (r"await anyio\.sleep", "time.sleep"),
    (r"May be used by several tasks of one event loop\.", "Thread-safe."),
    (r"\[(\w+) async for \1 in (\S+)\]", r"list(\2)"),
    (r"\basync (def|for|with) ", r"\1 "),
    (r"\bawait ", ""),
    (r"\b__a(iter|next|enter|exit)__", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\bAsync(Client|Items|Iterator)\b", r"\1"),
]


def generate() -> str:
    """Returns the source of the blocking client."""
    text = SOURCE.read_text(encoding="utf-8")
    for pattern, replacement in REPLACEMENTS:
        text = re.sub(
            pattern,
            replacement,
            text,
            flags=re.MULTILINE | re.DOTALL if pattern.startswith('^"""') else re.MULTILINE,
        )
    return text


if __name__ == "__main__":
    GENERATED.write_text(generate(), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(GENERATED)], check=True)

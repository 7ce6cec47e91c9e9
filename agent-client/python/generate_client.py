"""Generates the blocking client from the asynchronous one.

Usage: python generate_client.py [--check]

--check: writes nothing, and fails if the file is not up to date.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).resolve().parent / "src" / "steptrail" / "client"
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
    (r"\baread\b", "read"),
    (r"\bAsync(Client|Items|Iterator)\b", r"\1"),
]


def generate() -> str:
    """Returns the source of the blocking client."""
    text = SOURCE.read_text(encoding="utf-8")
    for pattern, replacement in REPLACEMENTS:
        flags = re.MULTILINE | (re.DOTALL if pattern.startswith('^"""') else 0)
        text = re.sub(pattern, replacement, text, flags=flags)
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(GENERATED), "-"]
    return subprocess.run(
        ruff, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    generated = generate()
    if "--check" not in sys.argv:
        GENERATED.write_text(generated, encoding="utf-8")
    elif GENERATED.read_text(encoding="utf-8") != generated:
        sys.exit("_client.py is not up to date; run python generate_client.py")

"""Task ids and times."""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime, timezone


def uuid7() -> str:
    """Returns a UUID of version 7 (RFC 9562, section 5.7): milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF  # a clock may be wrong
    bits = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))


def is_task_id(text: object) -> bool:
    """Returns whether `text` is a UUID in lower case, as the step format requires."""
    try:
        return issubclass(type(text), str) and str(uuid.UUID(str(text))) == text
    except ValueError:
        return False


def now() -> str:
    """Returns the current time as in a record, with microseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def format_ns(time_ns: int) -> str:
    """Returns a time since the epoch as in a record, with microseconds."""
    seconds, rest = divmod(time_ns, 1_000_000_000)
    time = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest // 1000)
    return time.isoformat(timespec="microseconds")


def format_time(time: datetime) -> str:
    """Returns a time as in a record. A naive datetime is in local time."""
    return time.astimezone(timezone.utc).isoformat(timespec="microseconds")

"""The size limit of an outbox."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ._errors import OutboxFull

_MAX_RESERVED_FOR_STEPS = 64 * 1024 * 1024
_MAX_RESERVED_FOR_ENDS = 1024 * 1024
_INTERVAL_SECONDS = 10.0
_INTERVAL_WHEN_FULL_SECONDS = 1.0
_PAUSE_FACTOR = 50
"""Measuring takes at most 1/50 of the time."""


class OutboxQuota:
    """Refuses screenshots near the limit, then steps; never starts, losses, ends and verdicts.

    Counts the bytes of its writer at once, and measures the folder from time to time, because other
    writers add files and a shipper removes them. Several writers may exceed the limit by what they
    write between two measurements. Not thread-safe, except for `written`.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._screenshot_limit = max_bytes - min(max_bytes // 8, _MAX_RESERVED_FOR_STEPS)
        self._step_limit = max_bytes - min(max_bytes // 64, _MAX_RESERVED_FOR_ENDS)
        self._used = 0
        self._measured_at: float | None = None
        self._measuring_seconds = 0.0
        self._full = False
        self.written = 0
        """The bytes that this writer has written, minus those that it has removed."""

    def add(self, size: int) -> None:
        """Counts bytes that were written; a negative number counts bytes that were removed."""
        self._used += size
        self.written += size

    def require_for_screenshot(self, size: int) -> None:
        """Raises OutboxFull if a screenshot of this size does not fit."""
        self._require(size, self._screenshot_limit)

    def require_for_step(self, size: int) -> None:
        """Raises OutboxFull if a step of this size does not fit; for 0, if no step fits."""
        self._require(size, self._step_limit)

    def _require(self, size: int, limit: int) -> None:
        self._measure_if_due()
        if self._used >= limit or size > limit - self._used:
            self._full = True
            raise OutboxFull(
                f"the outbox {self._folder} has reached its limit of {self._max_bytes} bytes "
                "(max_outbox_bytes); check that a shipper is running"
            )

    def _measure_if_due(self) -> None:
        now = time.monotonic()
        interval = _INTERVAL_WHEN_FULL_SECONDS if self._full else _INTERVAL_SECONDS
        pause = max(interval, self._measuring_seconds * _PAUSE_FACTOR)
        if self._measured_at is not None and now - self._measured_at < pause:
            return
        self._used = _folder_size(self._folder)
        self._full = False
        self._measured_at = time.monotonic()
        self._measuring_seconds = self._measured_at - now


def _folder_size(folder: Path) -> int:
    """Returns the size of all files. Ignores files that another process removes concurrently."""
    size = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(path, name)).st_size
            except OSError:
                continue
    return size

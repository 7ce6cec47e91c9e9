"""The bounded queue between the threads that record and the thread that writes."""

from __future__ import annotations

import queue
import threading
import time
from typing import Generic, Protocol, TypeVar

RESERVED_EVENTS = 256
"""Capacity beyond the bounds for starts and ends of tasks."""

RESERVED_BYTES = 1024 * 1024


class Sized(Protocol):
    """An event that counts towards the bound of the bytes."""

    bytes: int


E = TypeVar("E", bound=Sized)


class EventQueue(Generic[E]):
    """Events count towards the bounds until they are completed. Thread-safe.

    `lock` guards what the caller does together with `put`: the number of a step and its place in
    the queue have the same order.
    """

    def __init__(self, max_steps: int, max_bytes: int) -> None:
        self.lock = threading.RLock()
        self._max_steps = max_steps
        self._max_bytes = max_bytes
        self._events: queue.SimpleQueue[E | None] = queue.SimpleQueue()
        # Totals since the start. The first two are guarded by `lock`, the others by `_progress`.
        self._queued = 0
        self._queued_bytes = 0
        self._completed = 0
        self._completed_bytes = 0
        self._progress = threading.Condition()

    def free_bytes(self) -> int:
        """Returns how many bytes a step may have; -1 if there are too many steps."""
        if self._queued - self._completed >= self._max_steps:
            return -1
        return self._max_bytes - (self._queued_bytes - self._completed_bytes)

    def fits_reserve(self, size: int) -> bool:
        """Returns whether the start or the end of a task with this many bytes fits."""
        events = self._queued - self._completed
        size += self._queued_bytes - self._completed_bytes
        return (
            events < self._max_steps + RESERVED_EVENTS and size <= self._max_bytes + RESERVED_BYTES
        )

    def put(self, event: E) -> None:
        """Adds an event. The caller holds `lock`."""
        self._queued += 1
        self._queued_bytes += event.bytes
        self._events.put(event)

    def wake(self) -> None:
        """Makes `get` return None."""
        self._events.put(None)

    def get(self, timeout: float | None) -> E | None:
        """Removes the next event. Returns None after `timeout` seconds, or after `wake`."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

    def is_empty(self) -> bool:
        return self._events.empty()

    def complete(self, event: E) -> None:
        """Marks an event as written or counted as lost."""
        with self._progress:
            self._completed += 1
            self._completed_bytes += event.bytes
            self._progress.notify_all()

    @property
    def position(self) -> int:
        """The number of events so far."""
        return self._queued

    @property
    def size(self) -> int:
        """The number of events that are not completed."""
        return max(0, self._queued - self._completed)

    @property
    def bytes(self) -> int:
        """The bytes of the events that are not completed."""
        return max(0, self._queued_bytes - self._completed_bytes)

    def is_completed(self, position: int) -> bool:
        return self._completed >= position

    def wait(self, position: int, timeout: float) -> bool:
        """Waits until `position` events are completed. Returns False after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._progress:
            while self._completed < position:
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._progress.wait(min(remaining, threading.TIMEOUT_MAX)):
                    return self._completed >= position
        return True

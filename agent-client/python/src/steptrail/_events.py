"""The bounded queue between the threads that record and the thread that writes."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._losses import Losses
    from ._recording import TaskRecording
    from ._records import Record
    from ._step_record import StepData
    from ._usage import ModelCall
    from ._writer import Writer

RESERVED_EVENTS = 256
"""Capacity beyond the bounds for starts and ends of tasks."""

RESERVED_BYTES = 1024 * 1024


@dataclass(slots=True, eq=False)
class TaskState:
    """A task as the recorder and the writer share it.

    The second group of fields is guarded by the lock of the writer's queue, and the last one is
    used by the writer's thread alone.
    """

    id: str
    writer: Writer
    """That of the process that started the task."""
    losses: Losses

    is_open: bool = False
    last_number: int = 0
    model_calls: list[ModelCall] = field(default_factory=list)

    recording: TaskRecording | None = None


@dataclass(slots=True, eq=False)
class TaskStarted:
    task: TaskState
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class StepRecorded:
    task: TaskState
    number: int
    data: StepData
    bytes: int
    dropped_screenshots: int
    """Those that did not fit into the queue."""


@dataclass(slots=True, eq=False)
class TaskEnded:
    task: TaskState
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class VerdictRecorded:
    record: Record
    bytes: int


@dataclass(slots=True, eq=False)
class Closed:
    bytes: int = 0


Event = TaskStarted | StepRecorded | TaskEnded | VerdictRecorded | Closed


class EventQueue:
    """Events count towards the bounds until they are completed. Thread-safe.

    `lock` guards what the caller does together with `put`: the number of a step and its place in
    the queue have the same order.
    """

    def __init__(self, max_steps: int, max_bytes: int) -> None:
        self.lock = threading.RLock()
        self._max_steps = max_steps
        self._max_bytes = max_bytes
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
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

    def put(self, event: Event) -> None:
        """Adds an event. The caller holds `lock`."""
        self._queued += 1
        self._queued_bytes += event.bytes
        self._events.put(event)

    def wake(self) -> None:
        """Makes `get` return None."""
        self._events.put(None)

    def get(self, timeout: float | None) -> Event | None:
        """Removes the next event. Returns None after `timeout` seconds, or after `wake`."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

    def is_empty(self) -> bool:
        return self._events.empty()

    def complete(self, event: Event) -> None:
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

"""Counters of what is lost, and what is logged about it."""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from collections.abc import Iterable
from typing import Literal

from ._errors import describe

Kind = Literal["dropped_steps", "dropped_screenshots"]
Count = Literal[
    "written",
    "withheld_texts",
    "unreadable_values",
    "invalid_fields",
    "unconfirmed",
    "lost_tasks",
    "lost_ends",
    "lost_verdicts",
]

_log = logging.getLogger("steptrail")


class Losses:
    """The lost steps and screenshots of a task by reason, also added to those of the tracker.

    Thread-safe. Its lock is reentrant, like all locks of the recorder, because signal handlers and
    finalizers may record while the interrupted thread holds it.
    """

    def __init__(self, total: Losses | None = None) -> None:
        self._total = total
        self._lock = threading.RLock()
        self._counts: dict[Kind, Counter[str]] = {
            "dropped_steps": Counter(),
            "dropped_screenshots": Counter(),
        }
        self.changes = 0
        """Grows with each loss, so that the writer notices new ones."""

    def add(self, kind: Kind, reason: str, count: int = 1) -> None:
        with self._lock:
            self._counts[kind][reason] += count
            self.changes += 1
        if self._total is not None:
            self._total.add(kind, reason, count)

    def of(self, kind: Kind) -> dict[str, int]:
        with self._lock:
            return dict(self._counts[kind])


class Ledger:
    """The counters of a tracker, and its warnings. Thread-safe."""

    def __init__(self) -> None:
        self.losses = Losses()
        self.last_error: str | None = None
        self._lock = threading.RLock()
        self._counts: Counter[Count] = Counter()
        self._logged: set[str] = set()
        self._pending: deque[str] = deque()

    def count(self, name: Count, count: int = 1) -> None:
        with self._lock:
            self._counts[name] += count

    def counted(self, name: Count) -> int:
        with self._lock:
            return self._counts[name]

    def lose(
        self,
        losses: Losses | None,
        kind: Kind,
        reason: str,
        error: BaseException | str | None = None,
    ) -> None:
        """Counts a lost step or screenshot. `losses`: those of its task; None if it has none."""
        (losses or self.losses).add(kind, reason)
        self.warn(reason, error)

    def count_invalid(self, owner: str, names: Iterable[str]) -> None:
        """Counts fields of a task or step with an invalid value, and warns once for each name."""
        for name in names:
            self.count("invalid_fields")
            self.warn(f"invalid_{name}", f"the {name} of a {owner} is not valid")

    def warn(self, reason: str, error: BaseException | str | None = None) -> None:
        """Stores the error, and a warning for the log: one for each reason, so that an agent that
        runs for days does not fill the log."""
        text = error if error is None or isinstance(error, str) else describe(error)
        with self._lock:
            if text is not None:
                self.last_error = text
            if reason not in self._logged:
                self._logged.add(reason)
                cause = f": {text}" if text else ""
                self._pending.append(f"Not everything is recorded ({reason}){cause}")

    def log_pending(self) -> None:
        """Logs the warnings. Called on the writer's thread: a log handler may block or raise."""
        while self._pending:
            _log.warning("%s", self._pending.popleft())

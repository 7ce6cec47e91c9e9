"""What happens to recorders when the process forks or exits."""

from __future__ import annotations

import functools
import os
import sys
import time
import weakref
from typing import Protocol


class Writer(Protocol):
    """A writer, as seen from the process."""

    def join(self, timeout: float) -> bool:
        """Waits until the thread has exited."""


class Recorder(Protocol):
    """A recorder, as seen from the process."""

    def start_over(self) -> None:
        """Creates an empty queue and its writer, after a fork."""

    def end_with_process(self) -> tuple[Writer, float]:
        """Ends open tasks. Returns the writer, and how long to wait for it, in seconds."""


recorders: weakref.WeakSet[Recorder] = weakref.WeakSet()
writers: set[Writer] = set()
"""Those whose thread runs, also after their recorder was discarded."""


def at_exit() -> None:
    """Ends open tasks and waits for the writers.

    The package registers it when it is imported, so that a handler which the program registers
    later runs before, and may record.
    """
    waits = [recorder.end_with_process() for recorder in list(recorders)]
    waits += [(writer, 1.0) for writer in list(writers)]
    started_at = time.monotonic()
    for writer, timeout in waits:
        writer.join(max(0.0, started_at + timeout - time.monotonic()))


@functools.lru_cache(maxsize=1)
def register_in_process(pid: int) -> None:
    """Registers the exit handler with multiprocessing, once for each process.

    A process that multiprocessing has forked skips `atexit`, and does not inherit registrations.
    """
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        util.Finalize(None, at_exit, exitpriority=0)


def _after_fork_in_child() -> None:
    writers.clear()
    for recorder in list(recorders):
        recorder.start_over()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)

"""The tracker that `steptrail.task` uses, and the current task."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _step, _task, _tracker
from ._limits import DEFAULT_MAX_OUTBOX_BYTES, DEFAULT_MAX_QUEUED_BYTES, DEFAULT_MAX_QUEUED_STEPS

if TYPE_CHECKING:
    from ._recorder import Durability
    from ._redaction import Regions, ScreenshotRedactor, TextRedactor
    from ._step import Step
    from ._task import Task
    from ._tracker import Tracker

_lock = threading.RLock()
_default: Tracker | None = None


def configure(
    outbox: str | os.PathLike[str] | None = None,
    *,
    agent: str | None = None,
    model: str | None = None,
    device_id: str | None = None,
    durability: Durability = "queued",
    durability_timeout: float = 5.0,
    max_queued_steps: int = DEFAULT_MAX_QUEUED_STEPS,
    max_queued_bytes: int = DEFAULT_MAX_QUEUED_BYTES,
    max_outbox_bytes: int = DEFAULT_MAX_OUTBOX_BYTES,
    redact_text: TextRedactor | None = None,
    redact_screenshot: ScreenshotRedactor | Regions | None = None,
    record_model_calls: bool = False,
    close_timeout: float = 10.0,
) -> Tracker:
    """Replaces the default tracker, which `steptrail.task` uses, and returns the new one.

    `Tracker` documents the parameters and the exceptions. Open tasks continue with the previous
    tracker, which is not closed.
    """
    arguments = locals()
    global _default
    with _lock:
        _default = _tracker.Tracker(**arguments)
        return _default


def default_tracker() -> Tracker:
    """Returns the tracker of the last `configure`; otherwise one with default settings.

    Does not raise if the default outbox cannot be created: the steps are then counted as lost.
    """
    global _default
    with _lock:
        if _default is None:
            _default = _tracker.Tracker(require_outbox=False)
        return _default


def task(
    instruction: str | None = None,
    *,
    agent: str | None = None,
    model: str | None = None,
    device_id: str | None = None,
    name: str | None = None,
    experiment: str | None = None,
    case_id: str | None = None,
    repeat: int | None = None,
    attributes: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    previous_task_id: str | None = None,
) -> Task:
    """Starts a task with the default tracker. `Tracker.task` documents the parameters."""
    return default_tracker().task(**locals())


def flush(timeout: float = 10.0) -> bool:
    """Waits until everything that the default tracker recorded is written or counted as lost.

    Returns False after `timeout` seconds.
    """
    return default_tracker().flush(timeout)


def current_task() -> Task | None:
    """Returns the task whose `with` block this thread or asyncio task executes; None if none."""
    return _task.find_current()


def current_step() -> Step | None:
    """Returns the step whose `with` block this thread or asyncio task executes; None if none."""
    step = _step.current.get()
    return None if step is None or step.has_ended else step


def _after_fork_in_child() -> None:
    """Replaces the lock: another thread of the parent may have held it."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)

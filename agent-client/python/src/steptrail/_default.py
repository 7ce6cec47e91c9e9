"""The tracker that `steptrail.task` uses."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ._limits import DEFAULT_MAX_OUTBOX_BYTES, DEFAULT_MAX_QUEUED_BYTES, DEFAULT_MAX_QUEUED_STEPS
from ._recorder import Durability
from ._redaction import Regions, ScreenshotRedactor, TextRedactor
from ._tracker import Task, Tracker

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

    Open tasks continue with the previous tracker, which is not closed.

    outbox: the folder, created if it does not exist; several processes may share it. Default
        `$STEPTRAIL_OUTBOX`, or `~/.steptrail/outbox`.
    agent, model, device_id: the defaults of tasks: the program, the name of its model, and the id
        of the phone in its driver.
    durability: what a step survives once `step` has returned: `queued` (default) nothing, so that a
        killed process may lose its last milliseconds; `written` a killed process; `synced` a power
        cut, because the files are forced to the disk.
    durability_timeout: how long a call waits for its durability, in seconds. Default 5. After a
        timeout, calls return at once until the disk has caught up, counted as `unconfirmed`.
    max_queued_steps, max_queued_bytes: the bounds of the queue. Default 10,000 steps and 64 MiB of
        texts and screenshots. Screenshots are dropped first, then steps.
    max_outbox_bytes: the size limit of the outbox, including files of other writers, at least 1
        MiB. Default 2 GiB. Near the limit, screenshots are dropped first, then steps; starts,
        losses and ends of tasks are always written.
    redact_text: called on the writer's thread with each text before it is written: instructions,
        thinking, errors, messages, reasons, and the strings and numbers (not keys) in actions,
        their results, metadata, attributes, and what a model received and returned. It returns the
        text to write, or None. If it raises, the field is omitted, counted and listed in
        `withheld_fields`.
    redact_screenshot: regions `(x, y, width, height)` to black out in each screenshot; or a
        function that is called on the writer's thread with the PNG and a `ScreenshotContext`, and
        returns regions, another PNG, or None to drop the screenshot, counted as `withheld`. If it
        raises, the screenshot is dropped, counted as `redaction_failed`.
    record_model_calls: whether to record what models received and returned. Default False.
    close_timeout: how long `close` and the end of the process wait for the writer, in seconds.
        Default 10.

    Raises ValueError or TypeError for an invalid argument, and OSError if the outbox cannot be
    created or written.
    """
    arguments = locals()
    global _default
    with _lock:
        _default = Tracker(**arguments)
        return _default


def default_tracker() -> Tracker:
    """Returns the tracker of the last `configure`; otherwise one with default settings.

    Does not raise if the default outbox cannot be created: the steps are then counted as lost.
    """
    global _default
    with _lock:
        if _default is None:
            _default = Tracker(require_outbox=False)
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
    """Starts a task with the default tracker. Use it in a `with` block, or end it with one of its
    methods.

    instruction: the text that the agent was given.
    agent, model, device_id: as in `configure`, for this task.
    name: a name for the task.
    experiment: the experiment that the task belongs to: 1 to 200 characters without control
        characters, `\\` and `%`; slashes may separate parts, none of which is empty, `.` or
        `..`.
    case_id: the case of the experiment that the task repeats, 1 to 200 characters.
    repeat: the number of the repeat of the case, 0 or more.
    attributes: what the experiment varies, such as `{"app_version": "8.1"}`.
    metadata: additional data.
    tags: stored as `tags` in the metadata.
    previous_task_id: the id of the task that this task continues after a restart of the agent.

    A value that is not valid is omitted, listed in the record's `invalid_fields` and logged.
    """
    return default_tracker().task(**locals())


def flush(timeout: float = 10.0) -> bool:
    """Waits until everything that the default tracker recorded is written or counted as lost.

    Returns False after `timeout` seconds.
    """
    return default_tracker().flush(timeout)


def _after_fork_in_child() -> None:
    """Replaces the lock: another thread of the parent may have held it."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)

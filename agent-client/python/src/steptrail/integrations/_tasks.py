"""Tasks of the integrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from .. import _task
from .._default import current_task
from .._task import Task
from .._tracker import Tracker
from ._wrapping import observing


def start_task(tracker: Tracker, instruction: str | None, **fields: Any) -> Task:
    """Returns the current task, if it is open; otherwise a new one.

    fields: of the new task, as for `Tracker.task`. Those that are None are omitted.
    """
    task = current_task()
    if task is not None and task.is_open:
        return task
    return tracker.task(instruction, **{k: v for k, v in fields.items() if v is not None})


@contextmanager
def making_current(task: Task | None) -> Iterator[None]:
    """Makes a task the current task of a block, so that model calls belong to its next step."""
    token = _task.current.set(task)
    try:
        yield
    finally:
        _task.current.reset(token)


def without_secrets(url: Any) -> str | None:
    """Returns scheme, host, port and path of a URL; its other parts may be secret.

    Returns None if the URL cannot be parsed reliably.
    """
    with observing("the base URL"):
        parts = urlsplit(url if isinstance(url, str) else "")
        if parts.scheme and parts.hostname and "@" not in parts.path:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            port = "" if parts.port is None else f":{parts.port}"
            return f"{parts.scheme}://{host}{port}{parts.path.partition(';')[0]}"
    return None

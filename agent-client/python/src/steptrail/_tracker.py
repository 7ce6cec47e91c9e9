"""The tracker: settings of a recording, and the queue and thread that write it."""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

from . import _lifecycle, _outbox
from ._errors import OutboxFull, describe
from ._ids import uuid7
from ._limits import (
    DEFAULT_MAX_OUTBOX_BYTES,
    DEFAULT_MAX_QUEUED_BYTES,
    DEFAULT_MAX_QUEUED_STEPS,
    MIN_OUTBOX_BYTES,
)
from ._losses import Ledger
from ._redaction import Redaction
from ._task import Task
from ._writer import Writer

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._redaction import Regions, ScreenshotRedactor, TextRedactor
    from ._stats import Stats
    from ._task import VerdictValue

Durability = Literal["queued", "written", "synced"]


class Tracker:
    """Records tasks into an outbox, a folder of files that `steptrail ship` delivers.

    After the constructor, no method raises an exception of the recorder, and recording does not wait
    for the disk, unless `durability` requires it: records go through a bounded queue to a thread
    that converts, redacts and writes them. What does not fit is dropped and counted in the task's
    `losses` and in `stats()`; the number of a dropped step is not reused. Each reason is logged once
    by the logger `steptrail`.

    Thread-safe. Any number of tasks may be open at once. A forked process continues with an empty
    queue and its own tasks; the parent writes those that were open. Open tasks end as abandoned when
    the process exits.

    outbox: the folder, created if it does not exist; several processes may share it. Default
        `$STEPTRAIL_OUTBOX`, or `~/.steptrail/outbox`.
    agent, model, device_id: the defaults of tasks: the program, the name of its model, and the id of
        the phone in its driver.
    durability: what a step survives once `step` has returned: `queued` (default) nothing, so that a
        killed process may lose its last milliseconds; `written` a killed process; `synced` a power
        cut, because the files are forced to the disk.
    durability_timeout: how long a call waits for its durability, in seconds. Default 5. After a
        timeout, calls return at once until the disk has caught up, counted as `unconfirmed`.
    max_queued_steps, max_queued_bytes: the bounds of the queue. Default 10,000 steps and 64 MiB of
        texts and screenshots. Screenshots are dropped first, then steps.
    max_outbox_bytes: the size limit of the outbox, including files of other writers, at least 1 MiB.
        Default 2 GiB. Near the limit, screenshots are dropped first, then steps; starts, losses and
        ends of tasks are always written.
    redact_text: called on the writer's thread with each text before it is written: instructions,
        thinking, errors, messages, reasons, and the strings and numbers (not keys) in actions, their
        results, metadata, attributes, and what a model received and returned. It returns the text to
        write, or None. If it raises, the field is omitted, counted and listed in `withheld_fields`.
    redact_screenshot: regions `(x, y, width, height)` to black out in each screenshot; or a function
        that is called on the writer's thread with the PNG and a `ScreenshotContext`, and returns
        regions, another PNG, or None to drop the screenshot, counted as `withheld`. If it raises, the
        screenshot is dropped, counted as `redaction_failed`.
    record_model_calls: whether to record what models received and returned. Default False.
    close_timeout: how long `close` and the end of the process wait for the writer, in seconds.
        Default 10.
    require_outbox: whether the constructor raises OSError if the outbox cannot be created or written.
        Otherwise each record tries again, and steps are counted as `outbox_unwritable`.

    Raises ValueError or TypeError for an invalid argument.
    """

    def __init__(
        self,
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
        require_outbox: bool = True,
    ) -> None:
        raise NotImplementedError

    @property
    def outbox(self) -> Path:
        """The absolute path of the outbox."""
        return self._outbox

    def task(
        self,
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
        """Starts a task. Use it in a `with` block, or end it with one of its methods.

        instruction: the text that the agent was given.
        agent, model, device_id: as in the constructor, for this task.
        name: a name for the task.
        experiment: the experiment of which the task is a part: 1 to 200 characters without control
            characters, `\\` and `%`; slashes may separate parts, none of which is empty, `.` or `..`.
        case_id: the case of the experiment that the task repeats, 1 to 200 characters.
        repeat: the number of the repeat of the case, 0 or more.
        attributes: what the experiment varies, such as `{"app_version": "8.1"}`.
        metadata: additional data.
        tags: stored as `tags` in the metadata.
        previous_task_id: the id of the task that this task continues after a restart of the agent.

        A value that is not valid is omitted, listed in the record's `invalid_fields` and logged.
        """
        raise NotImplementedError

    def verdict(
        self,
        task_id: str,
        value: VerdictValue,
        *,
        evaluator: str,
        name: str = "success",
        version: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """Records an automatic verdict on any task, also of another process or long after its end.

        A later verdict of the same name and evaluator replaces an earlier one. People judge through
        the API.

        value: `pass`, `fail` or `unclear`; True and False mean `pass` and `fail`. A number if the
            name is not `success`.
        evaluator: the program that judges, 1 to 200 characters.
        name: what is judged, 1 to 100 characters. Default whether the task succeeded.
        version: the version of the evaluator, 1 to 200 characters.
        reason: an explanation for people.

        Returns False if the verdict is invalid or was dropped, counted in `Stats.lost_verdicts`.
        """
        raise NotImplementedError

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until everything recorded so far is written or counted as lost.

        Returns False after `timeout` seconds. Blocks the calling thread; see `Task.aflush` for asyncio.
        """
        raise NotImplementedError

    def stats(self) -> Stats:
        """Returns the counters of this tracker. Does not access the disk."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends open tasks as cancelled, and waits for the writer, for up to `close_timeout` seconds.

        Tasks that are started later are not recorded, and their steps are counted as `no_task`.
        """
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

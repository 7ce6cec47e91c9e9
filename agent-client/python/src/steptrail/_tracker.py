"""The tracker: the settings of recordings, and their tasks."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, get_args

from ._limits import (
    DEFAULT_MAX_OUTBOX_BYTES,
    DEFAULT_MAX_QUEUED_BYTES,
    DEFAULT_MAX_QUEUED_STEPS,
    MIN_OUTBOX_BYTES,
)
from ._outbox import create_outbox, default_outbox
from ._recorder import Durability, Recorder, Settings
from ._redaction import Redaction
from ._stats import Stats
from ._task import Task

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._redaction import Regions, ScreenshotRedactor, TextRedactor
    from ._task import VerdictValue


class Tracker:
    """Records tasks into an outbox, a folder of files that `steptrail ship` delivers.

    After the constructor, no method raises an exception of the recorder, and recording does not
    wait for the disk, unless `durability` requires it: records go through a bounded queue to a
    thread that converts, redacts and writes them. What does not fit is dropped and counted in the
    task's `losses` and in `stats()`; the number of a dropped step is not reused. Each reason is
    logged once by the logger `steptrail`.

    Thread-safe. Any number of tasks may be open at once. A forked process continues with an empty
    queue and its own tasks; the parent writes those that were open. Open tasks end as abandoned
    when the process exits.

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
    require_outbox: whether the constructor raises OSError if the outbox cannot be created or
        written. Otherwise each record tries again, and steps are counted as `outbox_unwritable`.

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
        if durability not in get_args(Durability):
            raise ValueError(f"durability must be queued, written or synced, but is {durability!r}")
        _require_number("durability_timeout", durability_timeout, 0)
        _require_number("close_timeout", close_timeout, 0)
        _require_number("max_queued_steps", max_queued_steps, 1)
        _require_number("max_queued_bytes", max_queued_bytes, 1024)
        _require_number("max_outbox_bytes", max_outbox_bytes, MIN_OUTBOX_BYTES)
        problem: Exception | None = None
        try:
            path = _outbox_path(outbox)
        except (OSError, ValueError) as e:
            if require_outbox:
                raise
            path, problem = Path(os.devnull, "outbox"), e  # cannot be created
        self._agent = agent
        self._model = model
        self._device_id = device_id
        self._settings = Settings(
            outbox=path,
            durability=durability,
            durability_timeout=durability_timeout,
            max_queued_steps=max_queued_steps,
            max_queued_bytes=max_queued_bytes,
            max_outbox_bytes=max_outbox_bytes,
            redaction=Redaction(redact_text, redact_screenshot),
            record_model_calls=record_model_calls,
            close_timeout=close_timeout,
        )
        self._recorder = Recorder(self._settings)
        try:
            create_outbox(path)
        except OSError as e:
            if require_outbox:
                raise
            problem = problem or e
        if problem is not None:
            self._recorder.ledger.warn("outbox_unwritable", str(problem))

    @property
    def outbox(self) -> Path:
        """The absolute path of the outbox."""
        return self._settings.outbox

    @property
    def agent(self) -> str | None:
        """The default agent of tasks."""
        return self._agent

    @property
    def model(self) -> str | None:
        """The default model of tasks."""
        return self._model

    @property
    def device_id(self) -> str | None:
        """The default device of tasks."""
        return self._device_id

    @property
    def record_model_calls(self) -> bool:
        """Whether it is recorded what models received and returned."""
        return self._settings.record_model_calls

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
        state = self._recorder.start_task(
            description=instruction,
            agent=self._agent if agent is None else agent,
            model=self._model if model is None else model,
            device_id=self._device_id if device_id is None else device_id,
            name=name,
            experiment=experiment,
            case_id=case_id,
            repeat=repeat,
            attributes=attributes,
            metadata=metadata,
            tags=tags,
            previous_task_id=previous_task_id,
        )
        return Task(self, self._recorder, state)

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
        return self._recorder.record_verdict(task_id, value, evaluator, name, version, reason)

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until everything recorded so far is written or counted as lost.

        Returns False after `timeout` seconds. Blocks the calling thread; see `Task.aflush` for
        asyncio.
        """
        return self._recorder.flush(timeout)

    def stats(self) -> Stats:
        """Returns the counters of this tracker. Does not access the disk."""
        return self._recorder.stats()

    def close(self) -> None:
        """Ends open tasks as cancelled, and waits for the writer, for up to `close_timeout`
        seconds.

        Tasks that are started later are not recorded, and their steps are counted as `no_task`.
        """
        self._recorder.close("cancelled", "the tracker was closed")
        self._recorder.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<steptrail.Tracker {self.outbox}>"


def _outbox_path(outbox: str | os.PathLike[str] | None) -> Path:
    if outbox is None:
        path = default_outbox()
    elif isinstance(outbox, str) and not outbox.strip():
        raise ValueError("the outbox must not be an empty text; omit it for the default folder")
    else:
        path = Path(os.path.expanduser(outbox))
    return path.absolute()  # the program may change its working directory


def _require_number(name: str, value: object, minimum: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number, but is {value!r}")
    if not minimum <= value < math.inf:
        raise ValueError(f"{name} must be {minimum} or more, but is {value}")

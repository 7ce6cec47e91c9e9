"""Writes tasks and verdicts into an outbox. Used by the writer's thread alone."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import _png, _records
from ._embedded_images import REPLACEMENT, replace_images
from ._errors import ScreenshotLost, loss_reason
from ._ids import uuid7
from ._limits import MAX_SHIPPED_BYTES
from ._losses import Ledger, Losses
from ._outbox import TaskFolder
from ._quota import OutboxQuota
from ._records import Record
from ._redaction import ANY_JSON_FIELDS, TEXT_FIELDS, Redaction, ScreenshotContext
from ._screenshots import CapturedScreenshot

_LOSSES_INTERVAL_SECONDS = 5.0
"""Between records of losses while no step fits, because they use reserved space."""

_MAX_EXPECTED_BYTES = 64 * 1024
"""Limits the expected size of the next step after an unusually large one."""


class Disk:
    """The outbox, quota, redactors and counters that all recordings of a tracker share."""

    def __init__(self, outbox: Path, max_bytes: int, redaction: Redaction, ledger: Ledger) -> None:
        self.outbox = outbox
        self.quota = OutboxQuota(outbox, max_bytes)
        self.redaction = redaction
        self.ledger = ledger

    def redact(self, record: Record, screenshots: Sequence[CapturedScreenshot] = ()) -> Record:
        """Returns the record without embedded images and with redacted texts. Counts texts that are
        withheld."""
        for field in record.keys() & TEXT_FIELDS:
            value = replace_images(record[field], screenshots)
            is_text = isinstance(record[field], str) and field not in ANY_JSON_FIELDS
            record[field] = REPLACEMENT if is_text and not isinstance(value, str) else value
        redacted, error = self.redaction.texts(record)
        if error is not None:
            self.ledger.count("withheld_texts", len(redacted["withheld_fields"]))
            self.ledger.warn("redaction_failed", error)
        return redacted


class TaskRecording:
    """Writes one task. Methods raise if they cannot write; the caller counts the loss.

    The folder is created by the first call; if that fails, each call tries again. If the folder is
    removed, it is created again, with the start and the losses first.
    """

    def __init__(self, disk: Disk, started: Record, losses: Losses) -> None:
        self._disk = disk
        self._task_id: str = started["task_id"]
        self._started = _records.encode(disk.redact(started), MAX_SHIPPED_BYTES)
        self._losses = losses
        self._folder: TaskFolder | None = None
        self._start_written = False
        self._written_losses = 0
        self._next_losses_at = 0.0
        self._expected_bytes = 0

    def start(self) -> None:
        """Writes the start of the task."""
        self._open()

    def add_step(self, record: Record, screenshots: Sequence[CapturedScreenshot]) -> None:
        """Writes a step, after new losses. Its screenshots are removed if that fails."""
        quota = self._disk.quota
        quota.require_for_step(self._expected_bytes)
        redacted = self._disk.redact(record, screenshots)
        line = _records.encode(redacted)
        quota.require_for_step(len(line))  # before screenshots are encoded, which takes long
        folder = self._open()
        folder.forget_frames()
        frames = self._write_frames(folder, record, screenshots)
        try:
            if frames:
                line = _records.encode({**redacted, "frames": frames})
                quota.require_for_step(len(line))
            self._write_losses(folder)
            quota.add(folder.append(line))
        except BaseException:
            for frame in frames:
                quota.add(-folder.remove_frame(frame["file"]))
            raise
        self._expected_bytes = min(len(line), _MAX_EXPECTED_BYTES)

    def _write_frames(
        self, folder: TaskFolder, record: Record, screenshots: Sequence[CapturedScreenshot]
    ) -> list[dict[str, Any]]:
        frames = []
        roles: Counter[str] = Counter()
        for screenshot in screenshots:
            roles[screenshot.role] += 1
            count = roles[screenshot.role]
            suffix = "" if count == 1 else f"-{count}"
            name = f"{record['step_number']}-{screenshot.role}{suffix}.png"
            try:
                frames.append(self._write_frame(folder, name, record, screenshot))
            except Exception as e:
                reason = e.reason if isinstance(e, ScreenshotLost) else loss_reason(e)
                self._disk.ledger.lose(self._losses, "dropped_screenshots", reason, e)
        return frames

    def _write_frame(
        self, folder: TaskFolder, name: str, record: Record, screenshot: CapturedScreenshot
    ) -> dict[str, Any]:
        context = ScreenshotContext(
            task_id=self._task_id,
            step_number=record["step_number"],
            step_type=record["step_type"],
            role=screenshot.role,
            sensitive=screenshot.sensitive,
            thinking=record.get("thinking"),
            action=copy.deepcopy(record.get("action")),  # a redactor must not change the record
        )
        png, regions = self._disk.redaction.screenshot(screenshot, context)
        self._disk.quota.require_for_screenshot(len(png))
        frame: dict[str, Any] = {"role": screenshot.role, "file": folder.write_frame(name, png)}
        self._disk.quota.add(len(png))
        size = _png.size(png)
        if size is not None:
            frame["width"], frame["height"] = size
        frame["sensitive"] = screenshot.sensitive
        if regions:
            frame["redacted_regions"] = [region._asdict() for region in regions]
        if screenshot.captured_at is not None:
            frame["captured_at"] = screenshot.captured_at
        return frame

    def write_new_losses(self, at_once: bool) -> bool:
        """Writes losses without waiting for a step, because the process may be killed.

        at_once: False to write at most every 5 s.

        Returns False if new losses were not written, because they are not due or because that
        failed.
        """
        if self._losses.changes == self._written_losses:
            return True
        if not at_once and time.monotonic() < self._next_losses_at:
            return False
        try:
            self._write_losses(self._open())
        except Exception as e:
            self._disk.ledger.warn(loss_reason(e), e)
            return False
        return True

    def end(self, record: Record) -> None:
        """Writes new losses and the end, in the space that is reserved for them."""
        folder = self._open()
        folder.release_reserve()
        self._write_losses(folder)
        line = _records.encode(self._disk.redact(record), MAX_SHIPPED_BYTES)
        self._disk.quota.add(folder.append(line))

    def sync(self) -> None:
        """Forces everything that was written to the disk."""
        if self._folder is not None:
            self._folder.sync()

    def close(self) -> None:
        """Releases the folder without writing an end."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.close()

    def _open(self) -> TaskFolder:
        if self._folder is not None and not self._folder.exists():
            self.close()
        if self._folder is None:
            self._folder = TaskFolder.create(self._disk.outbox, self._task_id)
            self._start_written = False
            self._written_losses = 0
        if not self._start_written:
            self._disk.quota.add(self._folder.append(self._started))
            self._start_written = True
        return self._folder

    def _write_losses(self, folder: TaskFolder) -> None:
        changes = self._losses.changes  # read first: a later loss is written again
        if changes == self._written_losses:
            return
        record = _records.create("losses", self._task_id)
        for kind in ("dropped_steps", "dropped_screenshots"):
            counts = self._losses.of(kind)
            if counts:
                record[kind] = counts
        self._next_losses_at = time.monotonic() + _LOSSES_INTERVAL_SECONDS
        self._disk.quota.add(folder.append(_records.encode(record)))
        self._written_losses = changes


class VerdictRecording:
    """Writes verdicts on any tasks into a separate folder, which the first verdict creates."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folder: TaskFolder | None = None

    def add(self, verdict: Record) -> None:
        """Writes a verdict. Raises if that fails."""
        line = _records.encode(self._disk.redact(verdict), MAX_SHIPPED_BYTES)
        if self._folder is not None and not self._folder.exists():
            self.close()
        if self._folder is None:
            self._folder = TaskFolder.create(self._disk.outbox, uuid7())
            self._folder.release_reserve()
        self._disk.quota.add(self._folder.append(line))

    def sync(self) -> None:
        """Forces the verdicts to the disk."""
        if self._folder is not None:
            self._folder.sync()

    def close(self) -> None:
        """Releases the folder; the shipper deletes it once the verdicts are delivered."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.close()

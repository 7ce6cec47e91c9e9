"""Reads an outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

from steptrail import record_schema


class RecordedTask:
    """The records of one task, which all conform to the JSON Schema."""

    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder
        lines = (folder / "steps.jsonl").read_text(encoding="utf-8").splitlines()
        self.records: list[dict[str, Any]] = [json.loads(line) for line in lines if line]
        validator = jsonschema.Draft202012Validator(record_schema())
        for record in self.records:
            validator.validate(record)

    @property
    def start(self) -> dict[str, Any]:
        return self._only("task_started")

    @property
    def end(self) -> dict[str, Any]:
        return self._only("task_ended")

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [record for record in self.records if record["record"] == "step"]

    @property
    def ending(self) -> tuple[str, str]:
        return self.end["status"], self.end["end_reason"]

    def frame(self, step: dict[str, Any], role: str = "before") -> bytes:
        (frame,) = [frame for frame in step["frames"] if frame["role"] == role]
        return Path(self.folder, frame["file"]).read_bytes()

    def _only(self, kind: str) -> dict[str, Any]:
        (record,) = [record for record in self.records if record["record"] == kind]
        return record


def read_outbox(outbox: Path) -> list[RecordedTask]:
    """Returns the tasks in the order in which they started."""
    return list(_tasks(outbox))


def _tasks(outbox: Path) -> Iterator[RecordedTask]:
    for steps in sorted(outbox.glob("*/steps.jsonl")):  # ids of version 7 sort by time
        yield RecordedTask(steps.parent)

"""Reads an outbox as a shipper does, and checks each record against the JSON Schema."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

CHECKOUT = Path(__file__).resolve().parents[3]
SCHEMA_FILE = (
    CHECKOUT
    / "agent-client/step-format/src/main/resources/dev/steptrail/stepformat"
    / "step-record.schema.json"
)


def load_schema() -> dict[str, Any]:
    from steptrail import record_schema

    return record_schema()


_validator = jsonschema.Draft202012Validator(load_schema())


def check(record: object) -> None:
    """Raises ValidationError if the record does not match the schema."""
    _validator.validate(record)


@dataclass
class RecordedTask:
    """The folder of a task. Records are read when they are asked for."""

    folder: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records of complete lines."""
        content = (self.folder / "steps.jsonl").read_bytes()
        lines = content[: content.rfind(b"\n") + 1].split(b"\n")
        records = [json.loads(line) for line in lines if line]
        for record in records:
            check(record)
        return records

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["record"] == kind]

    @property
    def start(self) -> dict[str, Any]:
        first = self.records[0]
        assert first["record"] == "task_started"
        return first

    @property
    def steps(self) -> list[dict[str, Any]]:
        return self.of_kind("step")

    @property
    def losses(self) -> dict[str, Any]:
        """The last record of losses; empty if there is none."""
        return (self.of_kind("losses") or [{}])[-1]

    @property
    def end(self) -> dict[str, Any]:
        [end] = self.of_kind("task_ended")
        assert self.records[-1] == end
        return end

    @property
    def ending(self) -> tuple[str, str]:
        return self.end["status"], self.end["end_reason"]

    def frame(self, frame: dict[str, Any]) -> bytes:
        return (self.folder / str(frame["file"])).read_bytes()


@dataclass
class RecordedOutbox:
    path: Path

    @property
    def tasks(self) -> list[RecordedTask]:
        """The tasks in the order of their starts, without folders of verdicts."""
        started: list[tuple[str, RecordedTask]] = []
        for folder in self.path.iterdir():
            first = RecordedTask(folder).records[:1] if folder.is_dir() else []
            if first and first[0]["record"] != "verdict":
                started.append((first[0]["timestamp"], RecordedTask(folder)))
        return [task for _, task in sorted(started, key=operator.itemgetter(0))]

    @property
    def task(self) -> RecordedTask:
        [task] = self.tasks
        return task

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        return [
            record
            for folder in sorted(self.path.iterdir())
            if folder.is_dir()
            for record in RecordedTask(folder).of_kind("verdict")
        ]

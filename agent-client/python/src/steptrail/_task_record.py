"""The records of a task's start and end, and of verdicts."""

from __future__ import annotations

import re
import sys
from typing import Any, Literal, get_args

from . import _records
from ._ids import is_task_id
from ._limits import MAX_INT, MAX_NAME_CHARS, MAX_VERDICT_NAME_CHARS
from ._records import Record
from ._values import ValueReader, is_a

Status = Literal["succeeded", "failed", "cancelled", "abandoned"]
EndReason = Literal[
    "finished",
    "ended_without_finish",
    "unparseable_reply",
    "max_steps",
    "model_error",
    "abandoned",
    "cancelled",
]

VerdictValue = Literal["pass", "fail", "unclear"] | bool | int | float

_RECORD_BYTES = 500
"""The estimated memory of a record without its texts."""

_PART = r"(?!\.{1,2}(?:/|\Z))[^\x00-\x1f\x7f-\x9f/\\%]+"
_EXPERIMENT = re.compile(f"{_PART}(?:/{_PART})*")

_END_REASONS: dict[str, EndReason] = {
    "succeeded": "finished",
    "failed": "ended_without_finish",
    "cancelled": "cancelled",
    "abandoned": "abandoned",
}


def started(
    task_id: str,
    *,
    experiment: object,
    case_id: object,
    repeat: object,
    attributes: object,
    metadata: object,
    tags: object,
    previous_task_id: object,
    **texts: object,
) -> tuple[Record, int, int]:
    """Returns the start of a task, its estimated memory, and the number of unreadable values.

    Values that are not valid are omitted, and listed in `invalid_fields`.
    """
    reader = ValueReader()
    record = _records.create("task_started", task_id)
    invalid = []
    fields: dict[str, Any] = {name: reader.text(text) for name, text in texts.items()}
    fields["metadata"] = _metadata(reader, metadata, tags)
    fields["attributes"] = reader.mapping(attributes, "value")
    for name, value, is_valid in (
        ("experiment", experiment, is_experiment),
        ("case_id", case_id, _is_name),
        ("repeat", repeat, _is_repeat),
        ("previous_task_id", previous_task_id, is_task_id),
    ):
        if value is not None and not is_valid(value):
            invalid.append(name)
        else:
            fields[name] = value
    record.update((name, value) for name, value in fields.items() if value is not None)
    if invalid:
        record["invalid_fields"] = invalid
    return record, _RECORD_BYTES + reader.bytes, reader.unreadable


def end_fields(
    status: Status | str, end_reason: EndReason | str | None, message: object
) -> tuple[dict[str, Any], int, list[str]]:
    """Returns the fields of a task's end, their memory, and the names of those that were invalid.

    An unknown status becomes `failed`, and an unknown reason that of the status.
    """
    reader = ValueReader()
    invalid = []
    if not (is_a(status, str) and status in get_args(Status)):
        status = "failed"
        invalid.append("status")
    if not (is_a(end_reason, str) and end_reason in get_args(EndReason)):
        if end_reason is not None:
            invalid.append("end_reason")
        end_reason = _END_REASONS[status]
    fields: dict[str, Any] = {"status": status, "end_reason": end_reason}
    text = reader.text(message)
    if text is not None:
        fields["message"] = text
    return fields, _RECORD_BYTES + reader.bytes, invalid


def verdict(
    task_id: object, value: Any, evaluator: object, name: object, version: object, reason: object
) -> tuple[Record, int]:
    """Returns a verdict and its estimated memory. Raises ValueError if it is not valid."""
    if not is_task_id(task_id):
        raise ValueError("the task's id must be a UUID in lower case")
    if not _is_name(evaluator):
        raise ValueError("the evaluator must have 1 to 200 characters")
    if version is not None and not _is_name(version):
        raise ValueError("the version must have 1 to 200 characters")
    if not (_is_name(name, MAX_VERDICT_NAME_CHARS) and str(name).strip() == name):
        raise ValueError("the name must have 1 to 100 characters without white space at either end")
    if value is True or value is False:
        value = "pass" if value else "fail"
    is_label = is_a(value, str) and value in ("pass", "fail", "unclear")
    is_score = type(value) in (int, float) and abs(value) <= sys.float_info.max
    if not is_label and not (is_score and name != "success"):
        raise ValueError("the value must be pass, fail, unclear, or a number if it is not success")
    reader = ValueReader()
    fields: dict[str, Any] = {
        "name": name,
        "value": value,
        "evaluator": evaluator,
        "evaluator_version": version,
    }
    fields["reason"] = reader.text(reason)
    record = _records.create("verdict", str(task_id))
    record.update((field, item) for field, item in fields.items() if item is not None)
    return record, _RECORD_BYTES + reader.bytes


def _metadata(reader: ValueReader, metadata: object, tags: object) -> dict[str, Any] | None:
    fields = reader.mapping(metadata, "value")
    names = reader.json(tags)
    if names:
        names = names if isinstance(names, list) else [names]
        fields = {**(fields or {}), "tags": [str(name) for name in names]}
    return fields


def _is_name(value: object, max_chars: int = MAX_NAME_CHARS) -> bool:
    return is_a(value, str) and 1 <= len(str(value)) <= max_chars


def is_experiment(value: object) -> bool:
    return _is_name(value) and _EXPERIMENT.fullmatch(str(value)) is not None


def _is_repeat(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT

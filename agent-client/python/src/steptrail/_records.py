"""Records of the step format as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ._errors import RecordRejected
from ._ids import now
from ._limits import MAX_LINE_BYTES
from ._values import with_surrogates_replaced

Record = dict[str, Any]

_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
)

_KEPT_TEXTS = {"thinking": 4000, "error_message": 4000, "description": 4000, "message": 4000}
_KEPT_TEXTS |= {"name": 200, "agent": 200, "model": 200, "device_id": 200, "reason": 20_000}
_REQUIRED = {"v", "record", "task_id", "timestamp", "step_number", "step_type", "status"}
_REQUIRED |= {"value", "evaluator", "invalid_fields"}


def create(kind: str, task_id: str, timestamp: str | None = None) -> Record:
    """Returns a record with the fields that every record has."""
    return {"v": 1, "record": kind, "task_id": task_id, "timestamp": timestamp or now()}


def encode(record: Record, max_bytes: int = MAX_LINE_BYTES) -> bytes:
    """Returns the record as one line.

    UTF-8 cannot encode lone surrogates: they are replaced and counted, as in the step format. A
    record of more than `max_bytes` is shortened as the step format describes. Raises RecordRejected
    if it is too long even then, or contains a value that is not JSON.
    """
    line = _line(record)
    if len(line) > max_bytes:
        line = _shorten(dict(record), max_bytes)
    if len(line) > max_bytes:
        raise RecordRejected(f"the record has {len(line)} bytes; the maximum is {max_bytes}")
    return line


def _line(record: Mapping[str, Any]) -> bytes:
    try:
        text = _encoder.encode(record)
    except (TypeError, ValueError, RecursionError) as e:
        raise RecordRejected(f"the record cannot be encoded: {type(e).__name__}") from None
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        storable = with_surrogates_replaced(text)
        replaced = storable.count("\ufffd") - text.count("\ufffd")
        return f'{storable[:-1]},"replaced_characters":{replaced}}}\n'.encode()


def _shorten(record: Record, max_bytes: int) -> bytes:
    """Removes the largest values until the record is short enough, and names them."""
    omitted: list[str] = []
    sizes = {name: _size(value) for name, value in record.items() if name not in _REQUIRED}
    line = _line(record)
    for name in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if len(line) <= max_bytes:
            break
        value = record.pop(name)
        if isinstance(value, str) and name in _KEPT_TEXTS:
            record[name] = value[: _KEPT_TEXTS[name]]
        omitted.append(name)
        line = _line({**record, "invalid_fields": [*record.get("invalid_fields", ()), *omitted]})
    return line


def _size(value: object) -> int:
    return len(_encoder.encode(value).encode("utf-8", "surrogatepass"))

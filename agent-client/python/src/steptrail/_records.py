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

_MAX_SHORTENED_CHARS = 524_288
_TEXTS = {
    "task_started": ("name", "description", "agent", "model", "device_id", "experiment", "case_id"),
    "step": ("thinking", "error_message"),
    "task_ended": ("message",),
    "verdict": ("reason",),
}
_REMOVABLE = {
    "task_started": ("metadata", "attributes"),
    "step": ("model_input", "model_output", "action_result", "action"),
}


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
    """Truncates long texts, then removes fields until the record is short enough."""
    kind = record["record"]
    sizes: dict[str, int] = {}
    for name in _TEXTS.get(kind, ()):
        text = record.get(name)
        if isinstance(text, str) and len(text) > _MAX_SHORTENED_CHARS:
            sizes[name] = _size(text)
            record[name] = text[:_MAX_SHORTENED_CHARS]
    line = _line({**record, "shortened_fields": sizes})
    for name in _REMOVABLE.get(kind, ()):
        if len(line) > max_bytes and name in record:
            sizes[name] = _size(record.pop(name))
            line = _line({**record, "shortened_fields": sizes})
    return line


def _size(value: object) -> int:
    return len(_encoder.encode(value).encode("utf-8", "surrogatepass"))

"""Conversion of the agent's values to JSON values."""

from __future__ import annotations

import dataclasses
import enum
import math
import numbers
import os
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, time, timedelta
from typing import Any

from ._limits import MAX_DEPTH, MAX_KEY_CHARS, MAX_VALUES

UNREADABLE = "(unreadable)"
TRUNCATED = "…"

_VALUE_BYTES = 16
"""The estimated memory of a value other than a str, an object or an array."""

_CONTAINER_BYTES = 64

_MAX_INT_BITS = 1024
"""The bits of the largest double. The step format allows integers of 400 digits."""

_MAX_ARRAY_SIZE = 1_000
"""The elements of a numpy array that is recorded as a list."""


class ValueReader:
    """Copies values of the agent, which may change them later, to JSON values.

    Use one reader for each record: it limits the number of values. A value whose class raises
    when it is read becomes `(unreadable)` and is counted; other values are not affected. Not
    thread-safe.
    """

    def __init__(self) -> None:
        self.bytes = 0
        """The estimated memory of what was read."""
        self.unreadable = 0
        """The number of values that raised an exception."""
        self._remaining = MAX_VALUES

    def json(self, value: Any, depth: int = 0) -> Any:
        """Returns a JSON value without references to mutable objects of the agent."""
        kind = type(value)
        if kind is str:
            self.bytes += sys.getsizeof(value)
            return value
        if kind is _Copy:
            return value.value
        self.bytes += _VALUE_BYTES
        if value is None or kind is bool or (kind is int and -(2**63) < value < 2**63):
            return value
        try:
            if kind is dict or isinstance(value, Mapping):
                return self._object(value, depth)
            if kind is list or kind is tuple or isinstance(value, (list, tuple, Set)):
                return self._array(value, depth)
            return self._scalar(value, depth)
        except Exception:
            self.unreadable += 1
            return UNREADABLE

    def copy(self, value: object) -> object:
        """Returns a copy that a later call of this reader for the same record returns unchanged."""
        return value if value is None or type(value) is str else _Copy(self.json(value))

    def text(self, value: object) -> str | None:
        """Returns a text, or None for None."""
        plain = self.json(value)
        return plain if plain is None or isinstance(plain, str) else str(plain)

    def flag(self, value: object) -> bool | None:
        """Returns a bool, or None for None. A value whose truth raises counts as unknown."""
        if value is None:
            return None
        try:
            return bool(value)
        except Exception:
            self.unreadable += 1
            return None

    def mapping(self, value: object, name: str) -> dict[str, Any] | None:
        """Returns a JSON object, or None for None. Another value becomes its field `name`."""
        plain = self.json(value)
        return plain if plain is None or isinstance(plain, dict) else {name: plain}

    def _object(self, mapping: Mapping[Any, Any], depth: int) -> dict[str, Any] | str:
        if depth >= MAX_DEPTH:
            return TRUNCATED
        self.bytes += _CONTAINER_BYTES
        items: Iterable[tuple[Any, Any]] = mapping.items()
        if type(mapping) is dict and len(mapping) <= self._remaining:
            # A copy of the items is atomic: another thread may change the dict.
            items = list(items)
        values: dict[str, Any] = {}
        names: _UniqueNames | None = None
        for key, item in self._limited(items, (TRUNCATED, TRUNCATED)):
            name = self._key(key)
            if names is not None or name in values or not _is_storable(name):
                names = names or _UniqueNames(values)
                name = names.add(name)
            values[name] = self.json(item, depth + 1)
        return values

    def _array(self, values: Iterable[Any], depth: int) -> list[Any] | dict[str, Any] | str:
        if depth >= MAX_DEPTH:
            return TRUNCATED
        self.bytes += _CONTAINER_BYTES
        fields = getattr(values, "_fields", None)
        if isinstance(values, tuple) and isinstance(fields, tuple):  # a namedtuple
            return self._object(dict(zip(fields, values, strict=False)), depth)
        return [self.json(item, depth + 1) for item in self._limited(values, TRUNCATED)]

    def _limited(self, values: Iterable[Any], placeholder: Any) -> Iterator[Any]:
        """Yields values up to the limit of the record, then `placeholder` instead of the rest."""
        for value in values:
            if self._remaining <= 0:
                yield placeholder
                return
            self._remaining -= 1
            yield value

    def _key(self, key: object) -> str:
        if type(key) is str:
            name = key
        else:
            try:
                name = str.__str__(key if isinstance(key, str) else str(key))
            except Exception:
                self.unreadable += 1
                return UNREADABLE
        self.bytes += sys.getsizeof(name)
        return name if len(name) <= MAX_KEY_CHARS else name[: MAX_KEY_CHARS - 1] + TRUNCATED

    def _scalar(self, value: Any, depth: int) -> Any:
        if isinstance(value, enum.Enum):
            return self.json(value.value, depth)
        if isinstance(value, str):
            return self.json(str.__str__(value), depth)
        if isinstance(value, numbers.Integral):  # also those of numpy
            return _int(int(value))
        if isinstance(value, numbers.Real):
            number = float(value)
            return number if math.isfinite(number) else repr(number)
        if isinstance(value, (numbers.Number, uuid.UUID)):  # such as Decimal
            return str(value)
        if isinstance(value, os.PathLike):
            return self.json(os.fspath(value), depth)
        if depth >= MAX_DEPTH:
            return TRUNCATED
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"omitted": "bytes", "bytes": len(value)}
        if isinstance(value, (date, time)):
            return value.isoformat()
        if isinstance(value, timedelta):
            return value.total_seconds()
        return self._instance(value, depth)

    def _instance(self, value: Any, depth: int) -> Any:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return self._object(fields, depth)
        if not isinstance(value, type):
            if callable(getattr(type(value), "model_dump", None)):  # pydantic
                return self.json(value.model_dump(), depth + 1)
            if hasattr(type(value), "__array_interface__") and value.size <= _MAX_ARRAY_SIZE:
                return self.json(value.tolist(), depth + 1)
        text = str.__str__(repr(value))
        self.bytes += sys.getsizeof(text)
        return text


@dataclasses.dataclass(slots=True)
class _Copy:
    value: Any


class _UniqueNames:
    """Makes the names of an object unique: keys of other types and lone surrogates, which the
    record replaces, may become equal."""

    def __init__(self, names: Iterable[str]) -> None:
        self._counts = dict.fromkeys(map(with_surrogates_replaced, names), 1)

    def add(self, name: str) -> str:
        unique = name
        while (stored := with_surrogates_replaced(unique)) in self._counts:
            self._counts[stored] += 1
            unique = f"{name} ({self._counts[stored]})"
        self._counts[stored] = 1
        return unique


def _is_storable(text: str) -> bool:
    """Returns False if the text contains lone surrogates or their replacement."""
    try:
        return text.isascii() or b"\xef\xbf\xbd" not in text.encode()
    except UnicodeEncodeError:
        return False


def with_surrogates_replaced(text: str) -> str:
    """Returns a text that UTF-8 can encode. Joins surrogates that are a pair."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _int(value: int) -> int | str:
    return value if value.bit_length() <= _MAX_INT_BITS else hex(value)


def is_a(value: object, kind: type | tuple[type, ...]) -> bool:
    """Like isinstance, without reading `__class__`, which may raise."""
    return issubclass(type(value), kind)


def error_text(error: BaseException) -> str:
    """Returns the type and message of an exception; only the type if its message cannot be read."""
    kind = UNREADABLE
    try:
        kind = str.__str__(type(error).__name__)
        message = str.__str__(str(error))
    except Exception:
        return kind
    return f"{kind}: {message}" if message else kind

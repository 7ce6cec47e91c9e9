"""Converts JSON to the dataclasses in `models`, by their type hints."""

from __future__ import annotations

import collections.abc
import contextlib
import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .errors import InvalidResponseError

__all__ = ["decode"]

T = TypeVar("T")
Converter = Callable[[Any, str], Any]
"""Converts a JSON value. The second argument is the path of the value, for the error message."""

_EXTRA = "extra"
"""The field that takes what the other fields of its class do not."""


def decode(model: type[T], value: object, path: str = "response") -> T:
    """Returns an instance of a dataclass, from a JSON object. Ignores members that the class has no
    field for.

    Raises InvalidResponseError if a member is missing or has another type. The message does not
    contain its value.
    """
    convert: Converter = _converter(cast(Any, model))
    return cast(T, convert(value, path))


@functools.cache
def _converter(hint: Any) -> Converter:
    if hint is Any:
        return lambda value, path: value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _instance(str, "a string")  # not checked, because later releases may add values
    if origin is tuple:
        return _array(arguments[0])
    if origin is collections.abc.Mapping:
        return _mapping(arguments[1])
    return _SCALARS[hint]


def _instance(kind: type, name: str) -> Converter:
    def convert(value: Any, path: str) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _mismatch(path, name, value)
        return value

    return convert


def _float(value: Any, path: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _mismatch(path, "a number", value)
    return float(value)


def _parsed(parse: Callable[[str], Any], name: str) -> Converter:
    def convert(value: Any, path: str) -> Any:
        if isinstance(value, str):
            with contextlib.suppress(ValueError, InvalidOperation):
                return parse(value)
        raise _mismatch(path, name, value)

    return convert


def _time(text: str) -> datetime:
    """Parses the API's times. Before Python 3.11, `fromisoformat` knows neither `Z` nor fractions
    of any length.
    """
    seconds, dot, fraction = text.removesuffix("Z").partition(".")
    if not text.endswith("Z"):
        raise ValueError(text)
    return datetime.fromisoformat(seconds + dot + (fraction + "000000")[:6] * bool(dot) + "+00:00")


_SCALARS: dict[Any, Converter] = {
    str: _instance(str, "a string"),
    bool: _instance(bool, "true or false"),
    int: _instance(int, "a whole number"),
    float: _float,
    Decimal: _parsed(Decimal, "a decimal number in a string"),
    datetime: _parsed(_time, "a time in UTC"),
    date: _parsed(date.fromisoformat, "a day"),
}


def _union(hints: tuple[Any, ...]) -> Converter:
    converters = [_converter(hint) for hint in hints if hint is not type(None)]
    is_nullable = type(None) in hints

    def convert(value: Any, path: str) -> Any:
        if value is None and is_nullable:
            return None
        for converter in converters[:-1]:
            try:
                return converter(value, path)
            except InvalidResponseError:
                pass  # the next one may accept it
        return converters[-1](value, path)

    return convert


def _array(hint: Any) -> Converter:
    converter = _converter(hint)

    def convert(value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _mismatch(path, "an array", value)
        return tuple(converter(item, f"{path}[{index}]") for index, item in enumerate(value))

    return convert


def _mapping(hint: Any) -> Converter:
    converter = _converter(hint)

    def convert(value: Any, path: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise _mismatch(path, "an object", value)
        return {key: converter(member, f"{path}.{key}") for key, member in value.items()}

    return convert


def _object(model: type) -> Converter:
    hints = get_type_hints(model)
    fields = dataclasses.fields(model)
    converters = {
        field.name: _converter(hints[field.name]) for field in fields if field.name != _EXTRA
    }
    required = {field.name for field in fields if _is_required(field)}
    has_extra = _EXTRA in hints

    def convert(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise _mismatch(path, "an object", value)
        missing = required - value.keys()
        if missing:
            raise InvalidResponseError(f"{path}.{min(missing)} is missing")
        known = {
            name: converter(value[name], f"{path}.{name}")
            for name, converter in converters.items()
            if name in value
        }
        if has_extra:
            known[_EXTRA] = {
                name: member for name, member in value.items() if name not in converters
            }
        return model(**known)

    return convert


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _mismatch(path: str, expected: str, value: object) -> InvalidResponseError:
    found = "null" if value is None else type(value).__name__
    return InvalidResponseError(f"{path} is not valid (expected {expected}, found {found})")

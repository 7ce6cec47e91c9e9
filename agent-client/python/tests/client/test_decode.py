"""Conversion of JSON to models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steptrail.client import InvalidResponseError
from steptrail.client._decode import decode


@dataclass(frozen=True, kw_only=True)
class Inner:
    number: int


@dataclass(frozen=True, kw_only=True)
class Outer:
    text: str
    flag: bool
    ratio: float
    amount: Decimal
    at: datetime
    day: date
    kind: Literal["a", "b"]
    value: Literal["pass"] | float
    inner: Inner
    several: tuple[Inner, ...]
    counts: Mapping[str, int]
    optional: str | None
    absent: Inner | None = None
    anything: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)


JSON = {
    "text": "好",
    "flag": True,
    "ratio": 1,
    "amount": "0.10",
    "at": "2026-03-01T10:01:10.25Z",
    "day": "2026-03-01",
    "kind": "added-later",
    "value": "pass",
    "inner": {"number": 1, "added": 2},
    "several": [{"number": 2}],
    "counts": {"Tap": 3},
    "optional": None,
}


def test_values_have_the_types_of_the_fields() -> None:
    decoded = decode(Outer, {**JSON, "anything": [1], "of_the_sender": {"a": 1}})

    assert decoded == Outer(
        text="好",
        flag=True,
        ratio=1.0,
        amount=Decimal("0.10"),
        at=datetime(2026, 3, 1, 10, 1, 10, 250_000, timezone.utc),
        day=date(2026, 3, 1),
        kind="added-later",  # type: ignore[arg-type]
        value="pass",
        inner=Inner(number=1),
        several=(Inner(number=2),),
        counts={"Tap": 3},
        optional=None,
        anything=[1],
        extra={"of_the_sender": {"a": 1}},
    )
    assert decode(Outer, {**JSON, "value": 0.5}).value == 0.5
    with pytest.raises(FrozenInstanceError):
        decoded.text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("text", 1, "response.text is not valid (expected a string, found int)"),
        ("text", None, "response.text is not valid (expected a string, found null)"),
        ("flag", 1, "response.flag is not valid"),
        ("ratio", True, "response.ratio is not valid"),
        ("amount", 1, "response.amount is not valid"),
        ("amount", "a secret", "response.amount is not valid"),
        ("at", "2026-03-01T10:00:00", "response.at is not valid"),
        ("at", "2026-13-01T10:00:00Z", "response.at is not valid"),
        ("at", 1, "response.at is not valid"),
        ("day", "today", "response.day is not valid"),
        ("kind", 1, "response.kind is not valid"),
        ("value", None, "response.value is not valid"),
        ("inner", [], "response.inner is not valid"),
        ("inner", {}, "response.inner.number is missing"),
        ("inner", {"number": True}, "response.inner.number is not valid"),
        ("several", {}, "response.several is not valid"),
        ("several", [{"number": 1}, {"number": "1"}], "response.several[1].number is not valid"),
        ("counts", {"Tap": "1"}, "response.counts.Tap is not valid"),
        ("counts", [], "response.counts is not valid"),
        ("absent", 1, "response.absent is not valid"),
    ],
)
def test_other_types_are_errors_without_the_value(member: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidResponseError) as error:
        decode(Outer, {**JSON, member: value})

    assert str(error.value).startswith(message)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("value", [None, [], "text", 1])
def test_no_object_is_an_error(value: object) -> None:
    with pytest.raises(InvalidResponseError, match="response is not valid"):
        decode(Outer, value)


@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(timezone.utc)))
def test_times_have_any_number_of_digits(time: datetime) -> None:
    text = time.strftime("%Y").zfill(4) + time.isoformat()[4:].replace("+00:00", "Z")
    shortest = text.replace("Z", "").rstrip("0").rstrip(".") + "Z" if "." in text else text

    for each in (text, shortest):
        assert decode(Outer, {**JSON, "at": each}).at == time


def test_digits_below_a_microsecond_are_cut() -> None:
    at = decode(Outer, {**JSON, "at": "2026-03-01T10:00:00.123456789Z"}).at

    assert at - datetime(2026, 3, 1, 10, tzinfo=timezone.utc) == timedelta(microseconds=123_456)

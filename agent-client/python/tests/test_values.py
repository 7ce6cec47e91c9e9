"""Conversion of any value to JSON values."""

from __future__ import annotations

import enum
import itertools
import json
import math
import sys
import uuid
from collections import OrderedDict, namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steptrail._limits import MAX_DEPTH, MAX_KEY_CHARS, MAX_VALUES
from steptrail._values import TRUNCATED, UNREADABLE, ValueReader, error_text

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=30,
)


@given(json_values)
def test_json_is_unchanged(value: Any) -> None:
    reader = ValueReader()

    assert reader.json(value) == value
    assert reader.unreadable == 0


anything = st.recursive(
    st.none()
    | st.floats()
    | st.integers()
    | st.text(st.characters())
    | st.binary()
    | st.decimals()
    | st.dates()
    | st.uuids()
    | st.complex_numbers(),
    lambda children: (
        st.lists(children)
        | st.tuples(children, children)
        | st.dictionaries(st.text() | st.integers() | st.none() | st.binary(), children)
    ),
)


@given(anything)
def test_any_value_becomes_json(value: Any) -> None:
    json.dumps(ValueReader().json(value), allow_nan=False)


class Colour(enum.Enum):
    RED = "red"


class Text(str):
    pass


@dataclass
class Element:
    x: int
    children: list[Element]


Point = namedtuple("Point", "x y")


class Model:
    """Like a pydantic model."""

    def model_dump(self) -> dict[str, Any]:
        return {"x": Point(1, 2)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, "red"),
        (Text("text"), "text"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (2**2000, hex(2**2000)),
        (b"12345", {"omitted": "bytes", "bytes": 5}),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=timezone.utc), "2026-01-02T03:00:00+00:00"),
        (timedelta(seconds=1.5), 1.5),
        (Decimal("0.10"), "0.10"),
        (PurePosixPath("/a"), "/a"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Point(1, 2), {"x": 1, "y": 2}),
        (OrderedDict(a=1), {"a": 1}),
        ((1, [2]), [1, [2]]),
        (frozenset([1]), [1]),
        (Element(1, [Element(2, [])]), {"x": 1, "children": [{"x": 2, "children": []}]}),
        (Model(), {"x": {"x": 1, "y": 2}}),
        (Model, f"<class '{Model.__module__}.Model'>"),
        (np.float32(0.5), 0.5),
        (np.int64(5), 5),
        (np.array([[1, 2]]), [[1, 2]]),
        ({1: "a", None: "b", False: "c"}, {"1": "a", "None": "b", "False": "c"}),
    ],
)
def test_value_is_converted(value: object, expected: object) -> None:
    assert ValueReader().json(value) == expected


def test_large_array_is_not_listed() -> None:
    assert isinstance(ValueReader().json(np.zeros(2000)), str)


class TestHostile:
    def test_value_is_replaced_and_counted(self) -> None:
        class Raises:
            def __repr__(self) -> str:
                raise RuntimeError("secret")

        reader = ValueReader()

        assert reader.json({"a": 1, "b": Raises(), "c": [Raises()]}) == {
            "a": 1,
            "b": UNREADABLE,
            "c": [UNREADABLE],
        }
        assert reader.unreadable == 2

    def test_key_is_replaced_and_counted(self) -> None:
        class Raises:
            def __str__(self) -> str:
                raise RuntimeError

        reader = ValueReader()

        assert reader.json({Raises(): 1}) == {UNREADABLE: 1}
        assert reader.unreadable == 1

    def test_mapping_is_replaced(self) -> None:
        class Raises(Mapping[str, int]):
            def __getitem__(self, key: str) -> int:
                raise KeyError

            def __iter__(self) -> Iterator[str]:
                return iter(["a"])

            def __len__(self) -> int:
                return 1

        assert ValueReader().json(Raises()) == UNREADABLE

    def test_class_of_value_lies(self) -> None:
        class Liar:
            @property  # type: ignore[misc]
            def __class__(self) -> Any:
                raise RuntimeError

        assert ValueReader().json(Liar()) == UNREADABLE

    def test_flag_is_unknown(self) -> None:
        class Raises:
            def __bool__(self) -> NoReturn:
                raise RuntimeError

        reader = ValueReader()

        assert reader.flag(Raises()) is None
        assert reader.flag(np.array([])[:0].any()) is False
        assert reader.unreadable == 1

    def test_interrupt_reaches_the_agent(self) -> None:
        class Interrupts:
            def __repr__(self) -> str:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ValueReader().json([Interrupts()])

    def test_str_subclass_cannot_change_the_text(self) -> None:
        class Sly(str):
            def __str__(self) -> str:
                return "other"

        plain = ValueReader().json({Sly("key"): Sly("text")})

        assert plain == {"key": "text"}
        assert type(plain["key"]) is str

    def test_exception_text(self) -> None:
        class Raises(Exception):
            def __str__(self) -> str:
                raise RuntimeError

        assert error_text(Raises()) == "Raises"
        assert error_text(ValueError("x")) == "ValueError: x"


class TestLimits:
    def test_depth(self) -> None:
        value: list[Any] = []
        for _ in range(10_000):
            value = [value]

        plain = ValueReader().json(value)

        depth = 0
        while isinstance(plain, list):
            plain, depth = plain[0], depth + 1
        assert (plain, depth) == (TRUNCATED, MAX_DEPTH)

    def test_cycle(self) -> None:
        value: dict[str, Any] = {}
        value["self"] = value

        json.dumps(ValueReader().json(value))

    def test_exponential_growth(self) -> None:
        value: list[Any] = []
        for _ in range(60):
            value = [value, value]

        text = json.dumps(ValueReader().json(value))

        assert text.count("[") <= 2 * MAX_VALUES

    @pytest.mark.parametrize("is_dict", [False, True])
    def test_large_mapping_is_not_copied(self, is_dict: bool) -> None:
        class Lazy(dict[int, int] if is_dict else Mapping[int, int]):  # type: ignore[misc]
            def items(self) -> Any:
                return ((i, i) for i in itertools.count())

            def __getitem__(self, key: int) -> int:
                raise AssertionError

            def __iter__(self) -> Iterator[int]:
                raise AssertionError

            def __len__(self) -> int:
                return 10**12

        reader = ValueReader()
        assert len(reader.json(Lazy())) == MAX_VALUES + 1
        assert reader.unreadable == 0

    def test_memory_of_empty_objects_is_counted(self) -> None:
        reader = ValueReader()
        reader.json([{} for _ in range(1000)])

        assert reader.bytes >= 64_000

    def test_endless_iterator_is_not_read(self) -> None:
        import itertools

        assert ValueReader().json(itertools.count()) == "count(0)"

    def test_key(self) -> None:
        [key] = ValueReader().json({"k" * 20_000: 1})

        assert len(key) == MAX_KEY_CHARS
        assert key.endswith(TRUNCATED)

    @given(st.text(min_size=100))
    def test_memory_is_estimated(self, text: str) -> None:
        reader = ValueReader()
        reader.json([text, {text: text}])

        assert reader.bytes >= 3 * sys.getsizeof(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({1: "a", "1": "b", None: "c"}, {"1": "a", "1 (2)": "b", "None": "c"}),
        ({1: "a", "1": "b", "1 (2)": "c"}, {"1": "a", "1 (2)": "b", "1 (2) (2)": "c"}),
        ({chr(0xD800): 1, "\ufffd": 2}, {"\ud800": 1, "\ufffd (2)": 2}),
        ({chr(0xD800): 1, chr(0xD801): 2}, {"\ud800": 1, "\ud801 (2)": 2}),
        ({"音量": 1, "é": 2}, {"音量": 1, "é": 2}),
    ],
)
def test_keys_stay_unique(value: Any, expected: Any) -> None:
    assert ValueReader().json(value) == expected


def test_many_equal_keys() -> None:
    """Comparing each with all others would take minutes."""

    class Key:
        def __str__(self) -> str:
            return "key"

    value = ValueReader().json({Key(): i for i in range(50_000)})

    assert (len(value), value["key (50000)"]) == (50_000, 49_999)

"""Converts models to pandas data frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .models import Cost, TokenCounts

if TYPE_CHECKING:
    import pandas

__all__ = ["to_dataframe"]


def to_dataframe(items: Iterable[Any], model: type | None = None) -> pandas.DataFrame:
    """Returns a data frame with a row for each item and a column for each field.

    `usage` and `cost` become one column for each of their members, such as `usage_input_tokens`,
    `cost_USD` (as `float`) and `cost_unpriced_tokens`. Other objects and lists stay as they are.
    Columns have the nullable types of pandas, and times are in UTC.

    items: tasks, steps or other models, all of the same class.
    model: their class, whose fields are the columns. Default: the class of the first item; without
        items, the data frame then has no columns.

    Raises ModuleNotFoundError if pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("to_dataframe needs pandas; run pip install pandas") from error
    rows = list(items)
    if model is None and rows:
        model = type(rows[0])
    columns = [field.name for field in dataclasses.fields(model)] if model is not None else []
    series: dict[str, list[Any]] = {}
    for name in columns:
        values = [getattr(row, name) for row in rows]
        series.update(_split(name, values))
    frame: pandas.DataFrame = pandas.DataFrame(series, columns=list(series)).convert_dtypes()
    return frame


def _split(name: str, values: list[Any]) -> dict[str, list[Any]]:
    """Returns the columns of a field."""
    if name == "cost":
        currencies = sorted(
            {currency for value in values if value is not None for currency in value.amounts}
        )
        amounts: dict[str, list[Any]] = {
            f"cost_{currency}": [_amount(value, currency) for value in values]
            for currency in currencies
        }
        return {
            **amounts,
            "cost_unpriced_tokens": [
                None if value is None else value.unpriced_tokens for value in values
            ],
        }
    if name == "usage":
        members = [field.name for field in dataclasses.fields(TokenCounts)]
        return {
            f"usage_{member}": [_member(value, member) for value in values] for member in members
        }
    return {name: [_plain(value) for value in values]}


def _amount(cost: Cost | None, currency: str) -> float | None:
    amount = None if cost is None else cost.amounts.get(currency)
    return None if amount is None else float(amount)


def _member(usage: Any, member: str) -> Any:
    """Returns a member of `usage`, which is an object of the sender in steps."""
    return usage.get(member) if isinstance(usage, Mapping) else getattr(usage, member, None)


def _plain(value: Any) -> Any:
    """Returns dataclasses as dictionaries, and tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value

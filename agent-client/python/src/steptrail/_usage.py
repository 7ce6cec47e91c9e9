"""The tokens of model calls, and what a model received and returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ._limits import MAX_INT
from ._values import is_a

MAX_CALLS = 1_000
"""The model calls of a step."""


@dataclass(frozen=True)
class Usage:
    """The tokens of model calls, as the model's server reports them. None means unknown.

    input_tokens: all input tokens, including cached ones.
    cached_tokens: those of the input tokens that the server read from its cache.
    output_tokens: the generated tokens, including those of the model's reasoning.
    """

    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None

    @classmethod
    def of(cls, report: object) -> Usage | None:
        """Converts a report of a model's server; returns None if it contains no valid count.

        report: a `Usage`, or a mapping or an object with the names of this class, or those of
            OpenAI's Chat Completions (`prompt_tokens`, `completion_tokens`,
            `prompt_tokens_details`) or Responses (`input_tokens_details`). Counts that are negative
            or no integers are ignored.
        """
        counts = {
            field: next(
                (count for path in paths if (count := _count(report, path)) is not None), None
            )
            for field, paths in _PATHS.items()
        }
        usage = cls(**counts)
        return None if usage == cls() else usage

    def __add__(self, other: Usage) -> Usage:
        """Adds the tokens of two model calls; unknown counts as 0, unless both are unknown."""
        return Usage(
            _add(self.input_tokens, other.input_tokens),
            _add(self.cached_tokens, other.cached_tokens),
            _add(self.output_tokens, other.output_tokens),
        )


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """One request to a model, for `Task.step(model_call=...)`. All fields are optional.

    A step with several calls records the sum of their tokens and durations, the times of the first
    call, the last name of a model, and what the last call with an input or output received and
    returned.

    model: the name of the model, recorded as the step's `x_model`.
    usage: the tokens; see `Usage.of` for what is accepted.
    duration: of the whole request, in seconds.
    time_to_first_token, time_to_thinking_end: since the start of the request, in seconds.
    input, output: what the model received and returned, with values as in JSON. They are recorded
        only if the tracker was created with `record_model_calls=True`.
    """

    model: str | None = None
    usage: Usage | Mapping[str, Any] | object | None = None
    duration: float | None = None
    time_to_first_token: float | None = None
    time_to_thinking_end: float | None = None
    input: Any = None
    output: Any = None


def add_call(calls: list[ModelCall], call: ModelCall) -> bool:
    """Adds a model call to those of a step. Returns False if there are `MAX_CALLS` already.

    Removes what the models received and returned from earlier calls if the new one has that,
    because a step records that of its last call only.
    """
    if len(calls) >= MAX_CALLS:
        return False
    if has_content(call):
        calls[:] = [
            replace(earlier, input=None, output=None) if has_content(earlier) else earlier
            for earlier in calls
        ]
    calls.append(call)
    return True


def has_content(call: Any) -> bool:
    return is_a(call, ModelCall) and (call.input is not None or call.output is not None)


_PATHS = {
    "input_tokens": ("input_tokens", "prompt_tokens"),
    "cached_tokens": (
        "cached_tokens",
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
    ),
    "output_tokens": ("output_tokens", "completion_tokens"),
}


def _count(report: object, path: str) -> int | None:
    value = report
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value if type(value) is int and 0 <= value <= MAX_INT else None


def _add(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a + b, MAX_INT)

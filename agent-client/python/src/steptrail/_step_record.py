"""The fields of a step's record, from the arguments of `Task.step`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from ._ids import now
from ._limits import MAX_INT, MAX_STEP_TYPE_CHARS
from ._screenshots import CapturedScreenshot, Role, capture
from ._usage import ModelCall, Usage
from ._values import ValueReader, is_a

if TYPE_CHECKING:
    from ._step import StepFields

T = TypeVar("T")

_STEP_BYTES = 500
"""The estimated memory of a step without its texts and screenshots."""


@dataclass
class StepData:
    """A step as it is queued."""

    timestamp: str
    fields: dict[str, Any]
    """The fields of the record that do not depend on the task."""
    screenshots: list[CapturedScreenshot] = field(default_factory=list)
    text_bytes: int = _STEP_BYTES
    unreadable: int = 0

    @property
    def screenshot_bytes(self) -> int:
        return sum(screenshot.memory for screenshot in self.screenshots)


def build(
    arguments: StepFields, earlier_calls: Sequence[ModelCall], records_model_calls: bool
) -> StepData:
    """Copies the arguments of a step. Invalid values are omitted, and listed in `invalid_fields`.

    earlier_calls: model calls that were added to the task, used if the arguments contain none.
    """
    reader = ValueReader()
    invalid = _InvalidFields()
    get = arguments.get
    fields: dict[str, Any] = {
        "step_type": None,
        "thinking": reader.text(get("thinking")),
        "action": reader.mapping(get("action"), "action"),
        "action_result": reader.mapping(get("action_result"), "value"),
        "duration_ms": invalid.check("duration_ms", get("duration"), _milliseconds),
        "success": reader.flag(get("success")),
        "error_message": reader.text(get("error_message")),
        "current_app": reader.text(get("current_app")),
        "resources": _without_none(
            {
                name: invalid.check("resources", amount, _number)
                for name, amount in invalid.check("resources", get("resources"), _items) or ()
            }
        ),
    }
    given_calls = get("model_call")
    calls = _calls(earlier_calls if given_calls is None else given_calls, invalid)
    timings = _model_timings(calls, invalid)
    for part, duration in invalid.check("timings", get("timings"), _items) or ():
        timings[f"{part}_ms"] = invalid.check("timings", duration, _milliseconds)
    fields["timings"] = _without_none(timings)
    usage = invalid.check("usage", get("usage"), Usage.of)
    if usage is None:
        usage = _total(invalid.check("usage", call.usage, Usage.of) for call in calls)
    fields["usage"] = None if usage is None else _without_none(vars(usage))
    for call in calls:
        if call.model is not None:
            fields["x_model"] = reader.text(call.model)
        if records_model_calls:
            fields["model_input"] = reader.json(call.input)
            fields["model_output"] = reader.json(call.output)
    screenshots = _screenshots(arguments)
    fields["step_type"] = _step_type(reader.text(get("step_type")), fields, bool(screenshots))
    fields["invalid_fields"] = invalid.names
    return StepData(
        now(),
        {name: value for name, value in fields.items() if value not in (None, {}, [])},
        screenshots,
        _STEP_BYTES + reader.bytes,
        reader.unreadable,
    )


class _InvalidFields:
    """The names of fields that were omitted, or are incomplete, because of an invalid value."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def check(self, name: str, value: object, convert: Callable[[Any], T | None]) -> T | None:
        """Returns the converted value; None for None, or if `convert` returns None or raises."""
        if value is None:
            return None
        try:
            converted = convert(value)
        except Exception:
            converted = None
        if converted is None:
            self.add(name)
        return converted


def _step_type(name: str | None, fields: Mapping[str, Any], has_screenshots: bool) -> str:
    if name:
        return name[:MAX_STEP_TYPE_CHARS]
    if fields["action"] is not None:
        return "action"
    if fields["error_message"] is not None:
        return "error"
    if fields["thinking"] is not None:
        return "thinking"
    return "screenshot" if has_screenshots else "action"


def _screenshots(arguments: StepFields) -> list[CapturedScreenshot]:
    sources: list[tuple[Any, Role | None]] = [
        (arguments.get("before"), "before"),
        (arguments.get("after"), "after"),
    ]
    others = arguments.get("screenshots", ())
    if is_a(others, (list, tuple)):
        sources += [(source, None) for source in list(others)]
    else:  # a single screenshot
        sources.append((others, None))
    sensitive = arguments.get("sensitive", False)
    return [capture(source, role, sensitive) for source, role in sources if source is not None]


def _calls(calls: object, invalid: _InvalidFields) -> list[ModelCall]:
    given: list[Any] = list(calls) if is_a(calls, (list, tuple)) else [calls]  # type: ignore[call-overload]
    valid = [call for call in given if is_a(call, ModelCall)]
    if len(valid) < len(given):
        invalid.add("model_call")
    return valid


def _model_timings(calls: Sequence[ModelCall], invalid: _InvalidFields) -> dict[str, int | None]:
    """Returns the time of all calls, and when the first one produced its first tokens."""
    if not calls:
        return {}

    def milliseconds(seconds: float | None) -> int | None:
        return invalid.check("timings", seconds, _milliseconds)

    durations = [ms for call in calls if (ms := milliseconds(call.duration)) is not None]
    return {
        "time_to_first_token_ms": milliseconds(calls[0].time_to_first_token),
        "time_to_thinking_end_ms": milliseconds(calls[0].time_to_thinking_end),
        "model_ms": min(sum(durations), MAX_INT) if durations else None,
    }


def _total(usages: Any) -> Usage | None:
    total = None
    for usage in usages:
        if usage is not None:
            total = usage if total is None else total + usage
    return total


def _milliseconds(duration: Any) -> int | None:
    """Converts a duration in seconds. Returns None if it is negative or not storable."""
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
    milliseconds = round(seconds * 1000) if math.isfinite(seconds) else -1
    return milliseconds if 0 <= milliseconds <= MAX_INT else None


def _number(amount: Any) -> float | None:
    number = float(amount)
    return number if math.isfinite(number) else None


def _items(values: Any) -> list[tuple[str, Any]]:
    return [(str(name), value) for name, value in list(values.items())]


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

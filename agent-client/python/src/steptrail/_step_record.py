"""The fields of a step's record, from the arguments of `Task.step`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypedDict, TypeVar

from ._limits import MAX_INT, MAX_STEP_TYPE_CHARS
from ._screenshots import CapturedScreenshot, ImageSource, Role, Screenshot, capture
from ._usage import ModelCall, Usage, has_content
from ._values import ValueReader, is_a

T = TypeVar("T")

_STEP_BYTES = 500
"""The estimated memory of a step without its texts and screenshots."""


class StepFields(TypedDict, total=False):
    """The arguments of `Task.step`, which documents them."""

    action: Mapping[str, Any] | str | object | None
    step_type: str | None
    thinking: str | None
    action_result: Mapping[str, Any] | object | None
    success: bool | None
    error_message: str | None
    before: ImageSource | None
    after: ImageSource | None
    screenshots: Sequence[ImageSource | Screenshot]
    sensitive: bool
    usage: Usage | Mapping[str, Any] | object | None
    model_call: ModelCall | Sequence[ModelCall] | None
    timings: Mapping[str, float | timedelta] | None
    resources: Mapping[str, float] | None
    current_app: str | None
    duration: float | timedelta | None


@dataclass(slots=True)
class StepData:
    """A step as it is queued."""

    time_ns: int
    """When the step ended, since the epoch."""
    fields: dict[str, Any]
    """The fields of the record that do not depend on the task."""
    screenshots: list[CapturedScreenshot]
    text_bytes: int
    unreadable: int

    @property
    def screenshot_bytes(self) -> int:
        return sum(screenshot.memory for screenshot in self.screenshots)


def build(
    arguments: StepFields,
    earlier_calls: Sequence[ModelCall],
    records_model_calls: bool,
    reader: ValueReader | None = None,
) -> StepData:
    """Copies the arguments of a step. Invalid values are omitted, and listed in `invalid_fields`.

    This takes most of the agent's time for a step, so it does nothing for arguments that are None.

    earlier_calls: model calls that were added to the task, used if the arguments contain none.
    reader: the reader that has copied some of the arguments.
    """
    time_ns = time.time_ns()
    reader = reader or ValueReader()
    invalid = _InvalidFields()
    given = {name: value for name, value in arguments.items() if value is not None}
    fields: dict[str, Any] = {"step_type": "action"}
    for name in ("thinking", "error_message", "current_app"):
        if name in given:
            fields[name] = reader.text(given[name])
    if "action" in given:
        fields["action"] = reader.mapping(given["action"], "action")
    if "action_result" in given:
        fields["action_result"] = reader.mapping(given["action_result"], "value")
    if "success" in given:
        fields["success"] = reader.flag(given["success"])
    if "duration" in given:
        fields["duration_ms"] = invalid.check("duration_ms", given["duration"], _milliseconds)
    if "resources" in given:
        resources = _converted(invalid, "resources", given["resources"], "", _number)
        fields["resources"] = resources or None
    calls = _calls(given.get("model_call", earlier_calls), invalid)
    timings = _model_timings(calls, invalid) if calls else {}
    if "timings" in given:
        timings |= _converted(invalid, "timings", given["timings"], "_ms", _milliseconds)
    if timings:
        fields["timings"] = timings
    usage = invalid.check("usage", given.get("usage"), Usage.of)
    if usage is None and calls:
        usage = _total(invalid.check("usage", call.usage, Usage.of) for call in calls)
    if usage is not None:
        fields["usage"] = _without_none(vars(usage))
    for call in calls:
        if call.model is not None:
            fields["x_model"] = reader.text(call.model)
        if records_model_calls and has_content(call):
            fields["model_input"] = reader.json(call.input)
            fields["model_output"] = reader.json(call.output)
    screenshots = _screenshots(given)
    fields["step_type"] = _step_type(reader.text(given.get("step_type")), fields, bool(screenshots))
    if invalid.names:
        fields["invalid_fields"] = invalid.names
    return StepData(
        time_ns, _without_none(fields), screenshots, _STEP_BYTES + reader.bytes, reader.unreadable
    )


def _converted(
    invalid: _InvalidFields,
    field: str,
    values: object,
    suffix: str,
    convert: Callable[[Any], Any],
) -> dict[str, Any]:
    """Converts the values of a mapping. Omits those that are not valid."""
    converted = {
        name + suffix: invalid.check(field, value, convert)
        for name, value in invalid.check(field, values, _items) or ()
    }
    return _without_none(converted)


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
    if "action" in fields:
        return "action"
    if "error_message" in fields:
        return "error"
    if "thinking" in fields:
        return "thinking"
    return "screenshot" if has_screenshots else "action"


def _screenshots(given: Mapping[str, Any]) -> list[CapturedScreenshot]:
    sources: list[tuple[Any, Role | None]] = []
    if "before" in given:
        sources.append((given["before"], "before"))
    if "after" in given:
        sources.append((given["after"], "after"))
    others = given.get("screenshots", ())
    if is_a(others, (list, tuple)):
        sources += [(source, None) for source in list(others)]
    else:  # a single screenshot
        sources.append((others, None))
    sensitive = given.get("sensitive", False)
    return [capture(source, role, sensitive) for source, role in sources if source is not None]


def _calls(calls: Any, invalid: _InvalidFields) -> list[ModelCall]:
    given = list(calls) if is_a(calls, (list, tuple)) else [calls]
    valid = [call for call in given if is_a(call, ModelCall)]
    if len(valid) < len(given):
        invalid.add("model_call")
    return valid


def _model_timings(calls: Sequence[ModelCall], invalid: _InvalidFields) -> dict[str, Any]:
    """Returns the time of all calls, and when the first one produced its first tokens."""

    def milliseconds(seconds: float | None) -> int | None:
        return invalid.check("timings", seconds, _milliseconds)

    durations = [ms for call in calls if (ms := milliseconds(call.duration)) is not None]
    return _without_none(
        {
            "time_to_first_token_ms": milliseconds(calls[0].time_to_first_token),
            "time_to_thinking_end_ms": milliseconds(calls[0].time_to_thinking_end),
            "model_ms": min(sum(durations), MAX_INT) if durations else None,
        }
    )


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

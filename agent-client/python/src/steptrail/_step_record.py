"""The fields of a step's record, from the arguments of `Task.step`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ._ids import now
from ._limits import MAX_INT, MAX_STEP_TYPE_CHARS
from ._screenshots import CapturedScreenshot, Role, capture
from ._usage import ModelCall, Usage
from ._values import ValueReader

if TYPE_CHECKING:
    from ._step import StepFields

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
    """Copies the arguments of a step. Values that are not valid are omitted.

    earlier_calls: model calls that were added to the task, used if the arguments contain none.
    """
    reader = ValueReader()
    get = arguments.get
    fields: dict[str, Any] = {
        "step_type": None,
        "thinking": reader.text(get("thinking")),
        "action": reader.mapping(get("action"), "action"),
        "action_result": reader.mapping(get("action_result"), "value"),
        "duration_ms": _milliseconds(get("duration")),
        "success": reader.flag(get("success")),
        "error_message": reader.text(get("error_message")),
        "current_app": reader.text(get("current_app")),
        "resources": _numbers(get("resources")),
    }
    calls = _calls(get("model_call")) or list(earlier_calls)
    timings = _model_timings(calls)
    for part, duration in _items(get("timings")):
        timings[f"{part}_ms"] = _milliseconds(duration)
    fields["timings"] = _without_none(timings)
    usage = Usage.of(get("usage")) or _total(Usage.of(call.usage) for call in calls)
    fields["usage"] = _without_none(vars(usage)) if usage is not None else None
    for call in calls:
        if call.model is not None:
            fields["x_model"] = reader.text(call.model)
        if records_model_calls:
            fields["model_input"] = reader.json(call.input)
            fields["model_output"] = reader.json(call.output)
    screenshots = _screenshots(arguments)
    fields["step_type"] = _step_type(reader.text(get("step_type")), fields, bool(screenshots))
    return StepData(
        now(),
        {name: value for name, value in fields.items() if value is not None and value != {}},
        screenshots,
        _STEP_BYTES + reader.bytes,
        reader.unreadable,
    )


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
    sensitive = bool(arguments.get("sensitive", False))
    sources: list[tuple[Any, Role | None]] = [
        (arguments.get("before"), "before"),
        (arguments.get("after"), "after"),
    ]
    others = arguments.get("screenshots", ())
    if isinstance(others, (list, tuple)):
        sources += [(source, None) for source in others]
    else:  # a single screenshot
        sources.append((others, None))
    return [capture(source, role, sensitive) for source, role in sources if source is not None]


def _calls(calls: object) -> list[ModelCall]:
    if isinstance(calls, ModelCall):
        return [calls]
    if not isinstance(calls, (list, tuple)):
        return []
    return [call for call in calls if isinstance(call, ModelCall)]


def _model_timings(calls: Sequence[ModelCall]) -> dict[str, int | None]:
    if not calls:
        return {}
    durations = [ms for call in calls if (ms := _milliseconds(call.duration)) is not None]
    return {
        "time_to_first_token_ms": _milliseconds(calls[0].time_to_first_token),
        "time_to_thinking_end_ms": _milliseconds(calls[0].time_to_thinking_end),
        "model_ms": min(sum(durations), MAX_INT) if durations else None,
    }


def _total(usages: Any) -> Usage | None:
    total = None
    for usage in usages:
        if usage is not None:
            total = usage if total is None else total + usage
    return total


def _milliseconds(duration: object) -> int | None:
    """Returns a duration in seconds as milliseconds; None if it is negative or not a duration."""
    try:
        if isinstance(duration, timedelta):
            duration = duration.total_seconds()
        seconds = float(duration)  # type: ignore[arg-type]
        if not math.isfinite(seconds):
            return None
        milliseconds = round(seconds * 1000)
    except Exception:
        return None
    return milliseconds if 0 <= milliseconds <= MAX_INT else None


def _numbers(values: object) -> dict[str, Any]:
    numbers = {}
    for name, amount in _items(values):
        try:
            number = float(amount)
        except Exception:
            continue
        if math.isfinite(number):
            numbers[name] = number
    return numbers


def _items(values: object) -> list[tuple[str, Any]]:
    if not isinstance(values, Mapping):
        return []
    return [(str(name), value) for name, value in list(values.items())]


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

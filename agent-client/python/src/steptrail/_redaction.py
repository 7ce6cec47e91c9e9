"""Removes private content from records and screenshots before they are written.

If a redactor fails, the text or screenshot is dropped. Only the type of its exception is reported,
because the message may contain the content.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _pillow, _png
from ._errors import RecordRejected, ScreenshotLost
from ._records import Record
from ._screenshots import CapturedScreenshot, Region, Role

TEXT_FIELDS = (
    "description",
    "metadata",
    "attributes",
    "thinking",
    "action",
    "action_result",
    "error_message",
    "model_input",
    "model_output",
    "message",
    "reason",
)


ANY_JSON_FIELDS = ("model_input", "model_output")
"""Those that need not be a text or an object."""


@dataclass(frozen=True, kw_only=True)
class ScreenshotContext:
    """The step of a screenshot, for `redact_screenshot`. Its texts are not redacted.

    sensitive: whether the agent marked the screenshot as sensitive.
    """

    task_id: str
    step_number: int
    step_type: str
    role: Role
    sensitive: bool
    thinking: str | None
    action: Mapping[str, Any] | None


Regions = Sequence[Region | tuple[int, int, int, int]]
TextRedactor = Callable[[str], str | None]
ScreenshotRedactor = Callable[[bytes, ScreenshotContext], Iterable[Any] | bytes | None]


class Redaction:
    """Applies the redactors of a tracker. Raises TypeError if one is invalid."""

    def __init__(
        self, text: TextRedactor | None, screenshot: ScreenshotRedactor | Regions | None
    ) -> None:
        if text is not None and not callable(text):
            raise TypeError(f"redact_text must be callable, but is {text!r}")
        self._text = text
        self._screenshot: ScreenshotRedactor | None = None
        self._regions: list[Region] = []
        if callable(screenshot):
            self._screenshot = screenshot
        elif screenshot is not None:
            self._regions = _regions(screenshot)

    def texts(self, record: Record) -> tuple[Record, RecordRejected | None]:
        """Returns the record with redacted texts, and the last error of the redactor if it failed.

        Fields for which it failed are omitted and listed in `withheld_fields`.
        """
        if self._text is None:
            return record, None
        redacted = dict(record)
        withheld: list[str] = []
        error = None
        for field in TEXT_FIELDS:
            if field in record:
                try:
                    redacted[field] = self._value(record[field])
                except BaseException as e:  # on the writer's thread: affects this field only
                    error = RecordRejected(f"redact_text raised {type(e).__name__}")
                    withheld.append(field)
                    del redacted[field]
        if withheld:
            redacted["withheld_fields"] = withheld
        return redacted, error

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            text = repr(value)  # a telephone number may be recorded as a number
            redacted = self._redact(text)
            return value if redacted == text else redacted
        return value

    def _redact(self, text: str) -> str | None:
        assert self._text is not None
        redacted = self._text(text)
        if redacted is not None and not isinstance(redacted, str):
            raise TypeError("redact_text must return a str or None")
        return redacted

    def screenshot(
        self, shot: CapturedScreenshot, context: ScreenshotContext
    ) -> tuple[bytes, list[Region]]:
        """Returns the redacted PNG and the regions within it that were blacked out.

        Raises ScreenshotLost.
        """
        png = shot.png()
        try:
            regions = [*self._regions, *_regions(shot.redact)]
            if self._screenshot is not None:
                redacted = self._screenshot(png, context)
                if redacted is None:
                    raise ScreenshotLost("withheld", "redact_screenshot returned None")
                if isinstance(redacted, (bytes, bytearray)):
                    png = bytes(redacted)
                    if _png.size(png) is None:
                        raise ValueError("not a PNG")
                else:
                    regions += _regions(redacted)
            return _black_out(png, regions) if regions else (png, [])
        except ScreenshotLost:
            raise
        except BaseException as e:  # on the writer's thread: affects this screenshot only
            message = f"a screenshot could not be redacted ({type(e).__name__})"
            raise ScreenshotLost("redaction_failed", message) from None


def _regions(regions: Iterable[Any]) -> list[Region]:
    try:
        return [Region(*map(operator.index, (x, y, w, h))) for x, y, w, h in regions]
    except (TypeError, ValueError):
        message = "redacted regions must be (x, y, width, height) of integers"
        raise TypeError(f"{message}, but are {regions!r}") from None


def _black_out(png: bytes, regions: Iterable[Region]) -> tuple[bytes, list[Region]]:
    """Blacks out regions. An image that no region intersects is returned unchanged."""
    size = _png.size(png)
    assert size is not None
    within = [part for region in regions if (part := _clip(region, *size)) is not None]
    if not within:
        return png, []
    pixels = _pillow.decode(png) or _png.decode(png)
    for part in within:
        pixels.black_out(*part)
    return _png.encode(pixels), within


def _clip(region: Region, width: int, height: int) -> Region | None:
    left, top = max(region.x, 0), max(region.y, 0)
    right = min(region.x + region.width, width)
    bottom = min(region.y + region.height, height)
    return Region(left, top, right - left, bottom - top) if left < right and top < bottom else None

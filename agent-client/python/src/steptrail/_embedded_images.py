"""Replaces images in the texts of a record.

The step's screenshots contain them already, and are redacted and deleted separately.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ._screenshots import CapturedScreenshot

REPLACEMENT = "[image]"

_STARTS = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")
"""The start of the base64 of a PNG, JPEG, WebP and GIF."""

_MARKERS = (*_STARTS, r"\/9j\/", "base64,", "Base64,", "BASE64,")
"""A text without any of them contains no image. Searching for them is much faster."""

_CHAR = "[A-Za-z0-9+/=_%-]"
# In a text that contains JSON, a slash and a line break may be escaped. A line of MIME has 76
# characters; a shorter one may be another text.
_BASE64 = rf"{_CHAR}+(?:(?:\\/|(?:\s|\\[nr])+(?={_CHAR}{{40}})){_CHAR}*)*"
# Without the prefix of a data URL, a short text is not an image: the smallest PNG has 67 bytes.
_START = r"(?<![A-Za-z0-9+/])(?:iVBORw0KGgo|\\?/9j\\?/|UklGR|R0lGOD)"
_IMAGE = re.compile(
    rf"(?i:data:[^,\s]{{0,100}};base64),{_BASE64}|{_START}(?=(?:{_CHAR}|\\/){{50}}){_BASE64}"
)
_SPACE = re.compile(r"\s+")


def replace_images(value: Any, screenshots: Sequence[CapturedScreenshot] = ()) -> Any:
    """Returns a JSON value without images in base64.

    An image that equals a screenshot of the step becomes a reference such as `{"frame": "before"}`,
    another one `{"omitted": "image", "bytes": 12345}`, and one in a longer text `[image]`. Other
    data URLs in base64 count as images, because their type may be wrong.
    """
    if isinstance(value, dict):
        return {key: replace_images(item, screenshots) for key, item in value.items()}
    if isinstance(value, list):
        return [replace_images(item, screenshots) for item in value]
    if not isinstance(value, str) or not any(marker in value for marker in _MARKERS):
        return value
    if _IMAGE.fullmatch(value.strip()) is None:
        return _IMAGE.sub(REPLACEMENT, value)
    data = _SPACE.sub("", value.rpartition(",")[2])
    for screenshot in screenshots:
        if screenshot.is_encoded_as(data):
            return {"frame": screenshot.role}
    return {"omitted": "image", "bytes": len(data) // 4 * 3}

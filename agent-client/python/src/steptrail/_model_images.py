"""Replaces images in what a model received and returned.

The step's screenshots contain them already, and are redacted and deleted separately.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ._screenshots import BASE64_MARKER, CapturedScreenshot

_IMAGE_URL = "data:image/"
_STARTS = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")
"""The start of the base64 of a PNG, JPEG, WebP and GIF."""

_MIN_CHARS = 64
"""A shorter text without the prefix of a data URL is not an image; the smallest PNG has 67
bytes."""

_BASE64 = re.compile(r"[A-Za-z0-9+/=_%-]+")
_URL_IN_TEXT = re.compile(r"data:image/[^,;\s]{1,60};base64,(?:[A-Za-z0-9+/=_%-]|\\/)+")
"""In a text that contains JSON, a slash may be escaped."""


def replace_images(value: Any, screenshots: Sequence[CapturedScreenshot]) -> Any:
    """Returns a JSON value without images.

    An image that equals a screenshot of the step becomes a reference such as `{"frame": "before"}`,
    another one `{"omitted": "image", "bytes": 12345}`, and a data URL in a longer text `[image]`.
    """
    if isinstance(value, dict):
        return {key: replace_images(item, screenshots) for key, item in value.items()}
    if isinstance(value, list):
        return [replace_images(item, screenshots) for item in value]
    if not isinstance(value, str):
        return value
    is_url = value.startswith(_IMAGE_URL)
    _, marker, data = value.partition(BASE64_MARKER) if is_url else ("", BASE64_MARKER, value)
    is_image = is_url or (len(value) >= _MIN_CHARS and value.startswith(_STARTS))
    if is_image and marker and _BASE64.fullmatch(data):
        for screenshot in screenshots:
            if screenshot.is_encoded_as(data):
                return {"frame": screenshot.role}
        return {"omitted": "image", "bytes": len(data) // 4 * 3}
    return _URL_IN_TEXT.sub("[image]", value) if _IMAGE_URL in value else value

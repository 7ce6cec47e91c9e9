"""Screenshots as an agent passes them, and their conversion to PNG.

`capture` runs on the agent's thread and copies what the agent may change later. `to_png` runs on
the writer's thread.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union

from . import _pillow, _png
from ._errors import ScreenshotLost
from ._limits import MAX_IMAGE_BYTES, MAX_PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    ImageSource = Union[
        bytes, bytearray, memoryview, str, os.PathLike[str], Image, NDArray[Any], "Screenshot"
    ]
    """The PNG, JPEG or WebP as bytes, its path or its data URL; a PIL image; or a numpy array of
    uint8 with the shape (height, width) or (height, width, channels): grey, RGB or RGBA."""

Role = Literal["before", "after", "other"]
ROLES = ("before", "after", "other")

_DATA_URL = "data:"
_BASE64_MARKER = ";base64,"
_MAX_PATH_CHARS = 1_000
"""A longer text is base64."""

_CHANNELS = {1: 1, 3: 3, 4: 4}


class Region(NamedTuple):
    """A rectangle of a screenshot, in pixels from the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Screenshot:
    """A screenshot with its properties.

    image: bytes of a PNG, JPEG or WebP; the path of such a file, which is read at once; a data URL;
        a PIL image; or a numpy array of uint8 with grey, RGB or RGBA pixels (convert BGR first).
        JPEG, WebP and PIL images need the extra `steptrail[images]`; without it they are lost,
        counted as `not_an_image`.
    role: `before` (the screen on which the agent based its decision), `after` (the screen after the
        action) or `other`. Ignored in the arguments `before` and `after` of a step.
    sensitive: whether the image may contain private data; the viewer then hides it at first.
    redact: regions to black out before the image is written.
    captured_at: the capture time, if it differs from the time at which the step is recorded; a
        naive datetime is in local time.
    """

    image: ImageSource
    role: Role = "other"
    sensitive: bool = False
    redact: Sequence[Region | tuple[int, int, int, int]] = ()
    captured_at: datetime | None = None

    @classmethod
    def from_base64(
        cls,
        data: str,
        *,
        role: Role = "other",
        sensitive: bool = False,
        redact: Sequence[Region | tuple[int, int, int, int]] = (),
        captured_at: datetime | None = None,
    ) -> Screenshot:
        """Creates a screenshot from base64, with or without a prefix such as `data:image/png;base64,`."""
        url = data if data.startswith(_DATA_URL) else f"data:image/png{_BASE64_MARKER}{data}"
        return cls(url, role, sensitive, redact, captured_at)

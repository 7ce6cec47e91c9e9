"""Decodes images with Pillow, which is optional (the extra `steptrail[images]`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ._limits import MAX_PIXELS
from ._png import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

_CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
_FORMATS = ("PNG", "JPEG", "WEBP")


def decode(data: bytes) -> Pixels | None:
    """Decodes a PNG, JPEG or WebP; returns None if Pillow is not installed.

    Raises ValueError if the image is damaged, in another format or too large.
    """
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            return pixels(image)
    except Exception as e:  # Pillow's decoders raise many types for damaged images
        raise ValueError(f"the image cannot be decoded ({type(e).__name__})") from None


def pixels(image: Image) -> Pixels:
    """Returns the pixels of a PIL image; modes other than grey and RGB are converted to RGB."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ValueError(f"an image of {width} by {height} pixels is too large")
    if image.mode not in _CHANNELS:
        image = image.convert("RGB")
    return Pixels(width, height, _CHANNELS[image.mode], image.tobytes())

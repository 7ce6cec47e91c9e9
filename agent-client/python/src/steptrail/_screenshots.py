"""Screenshots as an agent passes them, and their conversion to PNG.

`capture` runs on the agent's thread, and copies what the agent may change later.
`CapturedScreenshot.png` runs on the writer's thread.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, Union

from . import _pillow, _png
from ._errors import ScreenshotLost, describe
from ._ids import format_time
from ._limits import MAX_IMAGE_BYTES, MAX_PIXELS
from ._values import is_a

if TYPE_CHECKING:
    from PIL.Image import Image


class HasPixels(Protocol):
    """A PIL image or a numpy array."""

    @property
    def __array_interface__(self) -> Any: ...


ImageSource = Union[
    bytes,
    bytearray,
    memoryview,
    str,
    "os.PathLike[str]",
    "HasPixels",
    "Screenshot",
]
"""The PNG, JPEG or WebP as bytes, its path or its data URL; a PIL image; or a numpy array of uint8
with the shape (height, width) or (height, width, channels): grey, RGB or RGBA."""

Role = Literal["before", "after", "other"]
_ROLES = ("before", "after", "other")

_DATA_URL = "data:"
BASE64_MARKER = ";base64,"
_MAX_PATH_CHARS = 1_000
"""A longer text is base64."""

_MAX_MESSAGE_CHARS = 200


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
        a PIL image, which is copied (and decoded, if Pillow has not decoded it yet); or a numpy
        array of uint8 with grey, RGB or RGBA pixels (convert BGR first), which is copied.
        JPEG and WebP need Pillow (`steptrail[images]`); without it they are lost, counted as
        `not_an_image`.
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
        """Creates a screenshot from base64 or from a data URL."""
        url = data if data.startswith(_DATA_URL) else f"data:image/png{BASE64_MARKER}{data}"
        return cls(url, role, sensitive, redact, captured_at)


@dataclass(frozen=True)
class _Base64:
    """The base64 of an image, with or without the prefix of a data URL."""

    text: str

    def decode(self) -> bytes:
        if self.text.startswith(_DATA_URL):
            _, marker, data = self.text.partition(BASE64_MARKER)
            if not marker:
                raise ScreenshotLost("not_an_image", "the data URL of the screenshot is not base64")
        else:
            data = self.text
        try:
            return base64.b64decode(data)  # skips line breaks
        except (binascii.Error, ValueError):
            message = "the screenshot is not valid base64"
            raise ScreenshotLost("not_an_image", message) from None


@dataclass(frozen=True)
class CapturedScreenshot:
    """A copy of a screenshot, or the reason why there is none."""

    role: Role
    image: bytes | _Base64 | _png.Pixels | Image | ScreenshotLost
    sensitive: bool
    redact: Sequence[Any]
    captured_at: str | None
    memory: int
    """The bytes of the image in memory."""

    def png(self) -> bytes:
        """Returns the image as PNG; a PNG unchanged. Raises ScreenshotLost."""
        image = self.image
        if isinstance(image, ScreenshotLost):
            raise image
        try:
            if isinstance(image, _Base64):
                image = image.decode()
            if isinstance(image, bytes):
                if _png.size(image) is not None:
                    return image
                pixels = _pillow.decode(image)
            elif isinstance(image, _png.Pixels):
                pixels = image
            else:
                pixels = _pillow.pixels(image)
        except ValueError as e:
            raise ScreenshotLost("not_an_image", f"the screenshot is lost: {e}") from None
        if pixels is None:
            message = "the screenshot is not a PNG; run pip install pillow to record other formats"
            raise ScreenshotLost("not_an_image", message)
        return _png.encode(pixels)

    def is_encoded_as(self, data: str) -> bool:
        """Returns whether the agent passed this image in this encoding. `data`: base64."""
        if isinstance(self.image, _Base64):
            return self.image.text.endswith(data)
        if isinstance(self.image, bytes) and len(data) == (len(self.image) + 2) // 3 * 4:
            return base64.b64encode(self.image) == data.encode("ascii", "replace")
        return False


def capture(source: Any, role: Role | None, sensitive: object) -> CapturedScreenshot:
    """Copies a screenshot from the agent. Does not raise.

    role: replaces that of a `Screenshot`; None to use it.
    sensitive: whether the image is sensitive even if its `Screenshot` does not say so. A value
        whose truth is not known counts as True.
    """
    if is_a(source, CapturedScreenshot):  # by `Task.begin_step` or `Step.update`
        captured: CapturedScreenshot = source
        return replace(captured, sensitive=_flag(sensitive) or captured.sensitive)
    shot: Any = source if is_a(source, Screenshot) else Screenshot(source)
    image: Any
    size = 0
    try:
        image, size = _copy(shot.image)
    except ScreenshotLost as e:
        image = e
    except Exception as e:
        message = f"the screenshot cannot be read ({describe(e)[:_MAX_MESSAGE_CHARS]})"
        image = ScreenshotLost("not_captured", message)
    redact: tuple[Any, ...] = ()
    captured_at = None
    try:
        redact = tuple(shot.redact)
        captured_at = None if shot.captured_at is None else format_time(shot.captured_at)
    except Exception as e:
        message = f"a field of the Screenshot is not valid ({type(e).__name__})"
        image, size = ScreenshotLost("redaction_failed", message), 0
    return CapturedScreenshot(
        role or (shot.role if is_a(shot.role, str) and shot.role in _ROLES else "other"),
        image,
        _flag(sensitive) or _flag(shot.sensitive),
        redact,
        captured_at,
        size,
    )


def _flag(value: object) -> bool:
    try:
        return bool(value)
    except Exception:
        return True


def _copy(image: Any) -> tuple[bytes | _Base64 | _png.Pixels | Image, int]:
    """Returns a copy and its memory in bytes. Only mutable objects are copied."""
    if isinstance(image, bytes):
        return image, len(image)
    if isinstance(image, (bytearray, memoryview)):
        data = bytes(image)
        return data, len(data)
    if isinstance(image, str) and (image.startswith(_DATA_URL) or len(image) > _MAX_PATH_CHARS):
        return _Base64(image), sys.getsizeof(image)
    if isinstance(image, (str, os.PathLike)):
        data = _read(image)
        return data, len(data)
    if hasattr(image, "convert") and hasattr(image, "mode"):  # a PIL image
        _require_size(*image.size)  # first, because a copy decodes the image
        copy: Image = image.copy()
        return copy, copy.width * copy.height * len(copy.getbands())
    if hasattr(image, "__array_interface__"):
        pixels = _array(image)
        return pixels, len(pixels.data)
    if isinstance(image, BaseException):
        raise ScreenshotLost("not_captured", f"the capture raised {type(image).__name__}")
    raise ScreenshotLost("not_an_image", f"a {type(image).__name__} is not a screenshot")


def _read(path: str | os.PathLike[str]) -> bytes:
    """Reads a regular file. Does not wait for the writer of a named pipe."""
    descriptor = os.open(os.path.expanduser(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_IMAGE_BYTES:
            message = "the path of the screenshot is not a file of at most 64 MiB"
            raise ScreenshotLost("not_an_image", message)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_IMAGE_BYTES)
    finally:
        os.close(descriptor)


def _require_size(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        message = f"an image of {width} by {height} pixels is not supported"
        raise ScreenshotLost("not_an_image", message)


def _array(array: Any) -> _png.Pixels:
    shape = tuple(array.shape)
    channels = shape[2] if len(shape) == 3 else 1
    if str(array.dtype) != "uint8" or len(shape) not in (2, 3) or not 1 <= channels <= 4:
        message = (
            f"an array of {array.dtype} with the shape {shape} is not a screenshot; "
            "expected uint8 and (height, width, channels)"
        )
        raise ScreenshotLost("not_an_image", message)
    height, width = shape[:2]
    _require_size(width, height)
    return _png.Pixels(width, height, channels, array.tobytes())

"""Decodes and encodes PNG with the standard library (https://www.w3.org/TR/png-3/)."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ._limits import MAX_PIXELS

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGBA = 0, 2, 3, 4, 6
_CHANNELS = {_GREY: 1, _RGB: 3, _PALETTE: 1, _GREY_ALPHA: 2, _RGBA: 4}
_COLOUR_TYPES = {1: _GREY, 2: _GREY_ALPHA, 3: _RGB, 4: _RGBA}
_COMPRESSION = 3
"""Level 6 takes three times as long, and the shipper encodes the image again anyway."""


@dataclass
class Pixels:
    """An image in memory: rows of pixels with one byte for each of 1 to 4 channels (grey, grey and
    alpha, RGB, RGBA)."""

    width: int
    height: int
    channels: int
    data: bytes | bytearray

    def __post_init__(self) -> None:
        if not 0 < self.width * self.height <= MAX_PIXELS:
            raise ValueError(f"an image of {self.width} by {self.height} pixels is not supported")
        if len(self.data) != self.width * self.height * self.channels:
            raise ValueError("the image is incomplete")

    def black_out(self, x: int, y: int, width: int, height: int) -> None:
        """Fills a rectangle within the image with opaque black."""
        data = self.data = bytearray(self.data)
        black = bytes(self.channels) if self.channels % 2 else bytes(self.channels - 1) + b"\xff"
        for row in range(y, y + height):
            start = (row * self.width + x) * self.channels
            data[start : start + width * self.channels] = black * width


def size(png: bytes) -> tuple[int, int] | None:
    """Returns width and height; None if `png` does not start like a PNG of at least one pixel."""
    if len(png) < 24 or png[:8] != SIGNATURE or png[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", png[16:24])
    return (width, height) if 0 < width < 2**31 and 0 < height < 2**31 else None


def encode(pixels: Pixels) -> bytes:
    """Returns the pixels as PNG."""
    row_size = pixels.width * pixels.channels
    rows = memoryview(pixels.data)
    filtered = b"".join(
        part
        for start in range(0, len(rows), row_size)
        for part in (b"\0", rows[start : start + row_size])
    )
    header = struct.pack(
        ">IIBBBBB", pixels.width, pixels.height, 8, _COLOUR_TYPES[pixels.channels], 0, 0, 0
    )
    return SIGNATURE + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(filtered, _COMPRESSION)),
            (b"IEND", b""),
        )
    )


def decode(png: bytes) -> Pixels:
    """Decodes a PNG of 8 bits per channel that is not interlaced.

    A palette becomes RGB without its transparency. Takes up to a second for the screen of a phone.
    Raises ValueError for another or a damaged PNG.
    """
    try:
        return _decode(png)
    except (struct.error, zlib.error, KeyError, IndexError) as e:
        raise ValueError(f"the PNG is damaged ({type(e).__name__})") from None


def _decode(png: bytes) -> Pixels:
    if size(png) is None:
        raise ValueError("the image is not a PNG")
    chunks = list(_chunks(png))
    width, height, bits, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if bits != 8 or interlaced or width * height > MAX_PIXELS:
        raise ValueError("the PNG is interlaced, too large or not of 8 bits per channel")
    channels = _CHANNELS[colour_type]
    row_size = width * channels
    compressed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    filtered = zlib.decompressobj().decompress(compressed, (1 + row_size) * height)
    data = bytearray()
    above = bytes(row_size)
    for start in range(0, len(filtered), 1 + row_size):
        row = filtered[start + 1 : start + 1 + row_size]
        above = _unfilter(filtered[start], row, above, channels)
        data += above
    if colour_type == _PALETTE:
        palette = dict(chunks)[b"PLTE"].ljust(3 * 256, b"\0")
        colours = bytearray(3 * len(data))
        for channel in range(3):
            colours[channel::3] = data.translate(palette[channel : 3 * 256 : 3])
        data, channels = colours, 3
    return Pixels(width, height, channels, data)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = len(SIGNATURE)
    while offset < len(png):
        length = int.from_bytes(png[offset : offset + 4], "big")
        yield png[offset + 4 : offset + 8], png[offset + 8 : offset + 8 + length]
        offset += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _unfilter(kind: int, row: bytes, above: bytes, distance: int) -> bytes:
    """Decodes a row. `distance`: to the same channel of the pixel on the left, in bytes."""
    if kind == 0:
        return row
    if kind == 1:
        return _prefix_sums(row, distance)
    if kind == 2:
        size = len(row)
        return _add(_integer(row), _integer(above), size).to_bytes(size, "little")
    predict = _PREDICTORS[kind]
    plain = bytearray(len(row))
    for channel in range(distance):
        plain[channel::distance] = predict(row[channel::distance], above[channel::distance])
    return bytes(plain)


def _integer(row: bytes) -> int:
    return int.from_bytes(row, "little")


def _add(a: int, b: int, size: int) -> int:
    """Adds the bytes of two rows, modulo 256. One addition of long integers is faster than a loop.

    The highest bits are added separately, so that no carry reaches the next byte.
    """
    low, high = _masks(size)
    return ((a & low) + (b & low)) ^ ((a ^ b) & high)


@functools.lru_cache(maxsize=4)
def _masks(size: int) -> tuple[int, int]:
    return _integer(b"\x7f" * size), _integer(b"\x80" * size)


def _prefix_sums(row: bytes, distance: int) -> bytes:
    """Adds to each byte all bytes of its channel on the left, in rounds of doubled distance."""
    size = len(row)
    sums, everything = _integer(row), (1 << 8 * size) - 1
    while distance < size:
        sums = _add(sums, (sums << 8 * distance) & everything, size)
        distance *= 2
    return sums.to_bytes(size, "little")


def _average(row: bytes, above: bytes) -> bytearray:
    plain = bytearray()
    left = 0
    for byte, up in zip(row, above, strict=True):
        left = (byte + ((left + up) >> 1)) & 255
        plain.append(left)
    return plain


def _paeth(row: bytes, above: bytes) -> bytearray:
    plain = bytearray()
    left = corner = 0
    for byte, up in zip(row, above, strict=True):
        if up != corner:  # otherwise the left pixel is nearest, as in most of a screen
            to_left, to_up = abs(up - corner), abs(left - corner)
            to_corner = abs(left + up - 2 * corner)
            if to_left > to_up or to_left > to_corner:
                left = up if to_up <= to_corner else corner
            corner = up
        left = (byte + left) & 255
        plain.append(left)
    return plain


_PREDICTORS = {3: _average, 4: _paeth}

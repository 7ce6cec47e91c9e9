"""Screenshots of a phone for benchmarks."""

from __future__ import annotations

import random
import struct
import zlib

WIDTH = 1080
HEIGHT = 2400
_BYTES_PER_PIXEL = 3
_PHOTO_ROWS = 280
"""Rows of random pixels, which cannot be compressed. They make a PNG of 0.9 MB, as large as that of
a real phone's screen with icons and a photo."""


def create_screen(seed: int) -> bytes:
    """Returns a PNG of 1080x2400 pixels, which differs from that of another seed."""
    photo = random.Random(seed).randbytes(_PHOTO_ROWS * WIDTH * _BYTES_PER_PIXEL)
    background = bytes((HEIGHT - _PHOTO_ROWS) * WIDTH * _BYTES_PER_PIXEL)
    return encode_png(WIDTH, HEIGHT, photo + background)


def encode_png(width: int, height: int, pixels: bytes) -> bytes:
    """Returns a PNG.

    pixels: red, green and blue of each pixel, row by row.
    """
    row = width * _BYTES_PER_PIXEL
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, height * row, row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_encode_chunk(kind, data) for kind, data in chunks)


def _encode_chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

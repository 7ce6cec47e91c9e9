"""Small images for tests."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def image(mode: str = "RGB", width: int = 7, height: int = 5) -> Image.Image:
    """Returns an image in which each pixel differs from its neighbours."""
    bands = [
        Image.frombytes(
            "L",
            (width, height),
            bytes((37 * x + 59 * y + 83 * band) % 256 for y in range(height) for x in range(width)),
        )
        for band in range(len(Image.new(mode, (1, 1)).getbands()))
    ]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0].convert(mode)


def encoded(format: str = "PNG", mode: str = "RGB", width: int = 7, height: int = 5) -> bytes:
    out = io.BytesIO()
    image(mode, width, height).save(out, format, lossless=True)
    return out.getvalue()


PNG = encoded()


def decoded(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, colour_type: int, rows: bytes, *, bits: int = 8, interlaced: int = 0
) -> bytes:
    """Returns a PNG of filtered rows, each with its filter byte."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, interlaced)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return SIGNATURE + data

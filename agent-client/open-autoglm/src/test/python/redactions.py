"""Redactors, and pictures of the kinds that they process."""

import random
import struct
import zlib

from phone_agent.device_factory import chunk, png

RECTANGLES = [(3, 2, 5, 4), (6, 9, 100, 3)]
_WIDTH, _HEIGHT = 13, 17
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def without_weather(text):
    return text.replace("天气", "###")


def raises_on_weather(text):
    if "天气" in text:
        raise SystemExit(text)
    return None if text.startswith("想") else text


def chosen(picture, step):
    """A different result for each step: a rectangle, another picture, None, two failures, and no rectangles."""
    assert picture[1:4] == b"PNG" and len(step.task_id) == 36 and step.role == "before" and step.thinking == "想一想"
    return {
        1: lambda: [(10, 20, 30, 40)],
        2: lambda: png(5, 6, 0),
        3: lambda: None if step.sensitive and step.step_type == "action" else picture,
        4: lambda: step.action["element"].clear() or step.no_such_field,
        5: lambda: b"no picture",
        6: lambda: [],
    }[step.step_number]()


def pictures():
    """A picture of each kind that can be redacted, with rows in all five filters, followed by kinds that cannot be."""
    good = [_picture(colours) for colours in _CHANNELS]
    bad = [_picture(2, bits=16), _picture(0, bits=4), _picture(6, interlaced=1), _picture(5), _picture(2, cut=40), good[1][:60]]
    return good + bad


def _picture(colours, bits=8, interlaced=0, cut=0):
    noise = random.Random(colours)
    pixel = _CHANNELS.get(colours, 1)
    above, rows = bytes(_WIDTH * pixel), b""
    for y in range(_HEIGHT):
        row = bytes(noise.choice((0, 1, 2, 128, 254, 255) if colours != 3 else range(4)) for _ in above)
        kind = noise.randrange(5) if y else 4
        rows += bytes([kind]) + _filtered(kind, row, above, pixel)
        above = row
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, bits, colours, 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes((200, 10, 10, 0, 0, 0, 10, 200, 10, 10, 10, 200))) if colours == 3 else b""
    packed = zlib.compress(rows[: len(rows) - cut])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + palette
        + chunk(b"tEXt", b"Comment\0a secret")
        + chunk(b"IDAT", packed[:30])
        + chunk(b"IDAT", packed[30:])
        + chunk(b"IEND", b"")
    )


def _filtered(kind, row, above, pixel):
    """PNG (third edition), section 9.2."""
    filtered = []
    for i, byte in enumerate(row):
        left, corner = (row[i - pixel], above[i - pixel]) if i >= pixel else (0, 0)
        up = above[i]
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(guess - value))  # the first of equal ones
        filtered.append(byte - (0, left, up, (left + up) // 2, nearest)[kind] & 255)
    return bytes(filtered)

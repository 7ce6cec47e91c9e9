import base64
import struct
import zlib
from dataclasses import dataclass


@dataclass
class Screenshot:
    base64_data: str
    width: int
    height: int
    is_sensitive: bool = False


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, gray):
    """A picture in one shade of grey."""
    rows = (b"\0" + bytes([gray]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Phone:
    """The device factory: returns a different shade for each screenshot, and records the calls."""

    def __init__(self):
        self.calls = []
        self.looks = 0
        self.show = lambda look: Screenshot(base64.b64encode(png(54, 120, look)).decode(), 54, 120, look == 3)

    def get_screenshot(self, device_id=None, timeout=10):
        self.looks += 1
        self.calls.append("get_screenshot")
        shown = self.show(self.looks)
        if isinstance(shown, BaseException):
            raise shown
        return shown

    def get_current_app(self, device_id=None):
        return "System Home"


phone = Phone()


def get_device_factory():
    return phone

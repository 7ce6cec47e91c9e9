"""Fake phones: an `adb` program and a WebDriverAgent server."""

from __future__ import annotations

import base64
import json
import re
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 108, 240

_ADB = """#!/bin/sh
# A fake adb. $FAKE_PHONE/calls lists its calls; screens/N.png is the Nth screen.
[ "$1" = -s ] && shift 2
echo "$*" >> "$FAKE_PHONE/calls"
number=$(cat "$FAKE_PHONE/number" 2>/dev/null || echo 0)
case "$*" in
"shell screencap"*)
    number=$((number + 1))
    echo $number > "$FAKE_PHONE/number"
    [ -e "$FAKE_PHONE/screens/$number.sensitive" ] && echo "Status: -1"
    ;;
"pull "*) cp "$FAKE_PHONE/screens/$number.png" "$3" ;;
"shell dumpsys window"*)
    [ -e "$FAKE_PHONE/screens/$number.away" ] && exit 0
    echo "mCurrentFocus=Window{1 u0 com.android.settings/.Settings}"
    ;;
"shell input tap 99 "*) kill -INT $PPID; sleep 1 ;;
esac
exit 0
"""


def png(number: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Returns a PNG of one colour, which depends on `number`."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + bytes([40 * number % 256, 90, 200]) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


class AndroidPhone:
    """A folder with a fake `adb`. A tap at x = 99 sends SIGINT to the program that called adb.

    sensitive, away: the numbers of the captures at which the screen is protected, and at which the
        phone reports no app.
    """

    def __init__(
        self, folder: Path, sensitive: tuple[int, ...] = (), away: tuple[int, ...] = ()
    ) -> None:
        self.folder = folder
        screens = folder / "screens"
        screens.mkdir(parents=True)
        for number in range(1, 21):
            (screens / f"{number}.png").write_bytes(png(number))
        for number in sensitive:
            (screens / f"{number}.sensitive").touch()
        for number in away:
            (screens / f"{number}.away").touch()
        adb = folder / "bin" / "adb"
        adb.parent.mkdir()
        adb.write_text(_ADB)
        adb.chmod(0o755)


def calls_of(folder: Path) -> list[str]:
    """Returns the calls of a fake `adb`, without the random names of temporary files."""
    path = folder / "calls"
    text = path.read_text() if path.exists() else ""
    return [re.sub(r"/\S*screenshot_\S+", "TEMPORARY", line) for line in text.splitlines()]


class WebDriverAgent:
    """A fake WebDriverAgent of an iPhone on a free port of the loopback interface.

    calls: by the number of the scenario.
    """

    def __init__(self) -> None:
        self.calls: dict[int, list[Any]] = {}
        self._number = self._captures = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, method: str, path: str, body: Any) -> Any:
        if path == "/scenario":
            self._number, self._captures = body["number"], 0
            self.calls[self._number] = []
            return {}
        self.calls[self._number].append([method, path, body])
        if path == "/screenshot":
            self._captures += 1
            return {"value": base64.b64encode(png(self._captures)).decode()}
        if path == "/wda/activeAppInfo":
            return {"value": {"bundleId": "com.apple.Preferences"}}
        if path == "/session":
            return {"sessionId": "session-1"}
        return {"value": None}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                self._respond(None)

            def do_POST(self) -> None:
                self._respond(
                    json.loads(self.rfile.read(int(self.headers["content-length"])) or b"null")
                )

            def _respond(self, body: Any) -> None:
                content = json.dumps(agent._answer(self.command, self.path, body)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler

"""Uses the helpers for uiautomator2 and Appium with the real packages and fake phones."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recorded import RecordedOutbox

from .bench import frame_of
from .environments import Environment, make_environment
from .phones import HEIGHT, WIDTH, png

pytestmark = pytest.mark.frameworks


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(png(1))).convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


class PhoneHandler(BaseHTTPRequestHandler):
    """The server of uiautomator2 on a phone, and an Appium server."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/ping":
            self._send(b"pong")
        elif self.path.endswith("/screenshot"):
            self._answer({"value": base64.b64encode(png(1)).decode()})
        else:
            self._answer({"value": None})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/jsonrpc/0":
            assert body["method"] == "takeScreenshot"
            self._answer({"jsonrpc": "2.0", "id": 1, "result": base64.b64encode(_jpeg()).decode()})
        elif self.path == "/session":
            capabilities = body["capabilities"]["alwaysMatch"]
            self._answer({"value": {"sessionId": "1", "capabilities": capabilities}})
        elif body.get("script") == "mobile: activeAppInfo":
            self._answer({"value": {"bundleId": "com.apple.Preferences"}})
        else:
            assert body["script"] == "mobile: getCurrentPackage"
            self._answer({"value": "com.android.settings"})

    def _answer(self, answer: Any) -> None:
        self._send(json.dumps(answer).encode())

    def _send(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), PhoneHandler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("requirement", "request_", "app"),
    [
        ("uiautomator2==3.7.1", {"driver": "uiautomator2"}, "com.android.settings"),
        (
            "Appium-Python-Client==6.0.9",
            {"driver": "appium", "platform": "Android"},
            "com.android.settings",
        ),
        (
            "Appium-Python-Client==6.0.9",
            {"driver": "appium", "platform": "iOS"},
            "com.apple.Preferences",
        ),
    ],
)
def test_helpers_capture_screen_and_app_and_do_not_raise(
    url: str, tmp_path: Path, requirement: str, request_: dict[str, Any], app: str
) -> None:
    name = requirement.partition("=")[0].lower()
    environment = Environment(make_environment(name, [requirement, "Pillow"]))
    outbox = tmp_path / "outbox"
    asked = {"url": url, "outbox": str(outbox), **request_}
    (answer,) = environment.run("phone_drivers", [asked], tmp_path)

    assert answer["failures"] == 2
    task = RecordedOutbox(outbox).task
    step, failed = task.steps
    assert step["current_app"] == app
    assert step["frames"][0]["sensitive"] is True
    assert step["frames"][0]["redacted_regions"] == [{"x": 0, "y": 0, "width": 20, "height": 20}]
    image = Image.open(io.BytesIO(frame_of(task, step))).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    assert image.getpixel((0, 0)) == (0, 0, 0)
    assert image.getpixel((50, 50)) == pytest.approx((40, 90, 200), abs=4)
    assert "frames" not in failed

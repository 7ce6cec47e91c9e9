"""Screenshots and the current app from uiautomator2, for steps.

import uiautomator2
from steptrail.integrations.uiautomator2 import current_app, screenshot

device = uiautomator2.connect()
with steptrail.task("Turn the volume up") as task:
    before, app = screenshot(device), current_app(device)
    device(text="Volume").click()
    task.step({"action": "click", "text": "Volume"}, before=before, current_app=app)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._screenshots import Region, Screenshot
from ._wrapping import observing

__all__ = ["current_app", "screenshot"]


def screenshot(
    device: Any,
    *,
    sensitive: bool = False,
    redact: Sequence[Region | tuple[int, int, int, int]] = (),
) -> Screenshot | None:
    """Captures the screen; returns None if that fails, which the logger `steptrail` logs once.

    device: of `uiautomator2.connect`. The caller waits for the phone.
    sensitive: whether the image may contain private data.
    redact: regions to black out before the image is written, in pixels.
    """
    with observing("the screen of uiautomator2"):
        return Screenshot(device.screenshot(), sensitive=sensitive, redact=redact)
    return None


def current_app(device: Any) -> str | None:
    """Returns the package of the app on the screen, such as `com.android.settings`.

    Returns None if that fails, which the logger `steptrail` logs once.
    """
    with observing("the current app of uiautomator2"):
        return str(device.app_current()["package"])
    return None

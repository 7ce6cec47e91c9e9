"""Screenshots and the current app from Appium, for steps.

from appium import webdriver
from steptrail.integrations.appium import current_app, screenshot

driver = webdriver.Remote("http://localhost:4723", options=options)
with steptrail.task("Turn the volume up") as task:
    before, app = screenshot(driver), current_app(driver)
    driver.find_element("accessibility id", "Volume").click()
    task.step({"action": "click", "id": "Volume"}, before=before, current_app=app)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._screenshots import Region, Screenshot
from ._wrapping import observing

__all__ = ["current_app", "screenshot"]


def screenshot(
    driver: Any,
    *,
    sensitive: bool = False,
    redact: Sequence[Region | tuple[int, int, int, int]] = (),
) -> Screenshot | None:
    """Captures the screen; returns None if that fails, which the logger `steptrail` logs once.

    driver: an `appium.webdriver.Remote`. The caller waits for the phone.
    sensitive: whether the image may contain private data.
    redact: regions to black out before the image is written, in pixels.
    """
    with observing("the screen of Appium"):
        data = driver.get_screenshot_as_base64()
        return Screenshot.from_base64(data, sensitive=sensitive, redact=redact)
    return None


def current_app(driver: Any) -> str | None:
    """Returns the package or the bundle id of the app on the screen.

    Returns None if that fails, which the logger `steptrail` logs once.
    """
    with observing("the current app of Appium"):
        if str(driver.capabilities.get("platformName", "")).lower() == "ios":
            return str(driver.execute_script("mobile: activeAppInfo")["bundleId"])
        return str(driver.current_package)
    return None

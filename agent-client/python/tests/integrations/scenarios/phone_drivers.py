"""Uses the helpers with the real drivers: python phone_drivers.py REQUESTS ANSWERS

The request has `driver` (`uiautomator2` or `appium`), `url` of the fake server of the driver,
`platform` (for Appium) and `outbox`.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import socket
from typing import Any
from urllib.parse import urlsplit

from scenario_runner import run_scenarios  # type: ignore[import-not-found, unused-ignore]


def connect_uiautomator2(request: dict[str, Any]) -> Any:
    import adbutils  # type: ignore[import-not-found, unused-ignore]
    import uiautomator2  # type: ignore[import-not-found, unused-ignore]

    jar = importlib.resources.files("uiautomator2").joinpath("assets/u2.jar").read_bytes()
    where = urlsplit(request["url"])

    class Phone(adbutils.AdbDevice):  # type: ignore[misc, unused-ignore]
        """A fake phone on which the server of uiautomator2 runs already."""

        def __init__(self) -> None:
            super().__init__(adbutils.AdbClient(), serial="emulator-5554")

        def create_connection(self, network: Any, address: Any) -> socket.socket:
            return socket.create_connection((where.hostname, where.port or 0))

        def shell(self, command: Any, *args: Any, **kwargs: Any) -> str:
            if "md5sum" in command:
                return hashlib.md5(jar).hexdigest()
            if "window" in str(command):
                return "mCurrentFocus=Window{1a u0 com.android.settings/.Settings}"
            return ""

    return uiautomator2.connect(Phone())


def connect_appium(request: dict[str, Any]) -> Any:
    from appium import webdriver  # type: ignore[import-not-found, unused-ignore]
    from appium.options.common import (  # type: ignore[import-not-found, unused-ignore]
        AppiumOptions,
    )

    options = AppiumOptions().load_capabilities({"platformName": request["platform"]})
    return webdriver.Remote(request["url"], options=options)


def main(request: dict[str, Any]) -> dict[str, Any]:
    import steptrail
    from steptrail.integrations import appium as appium_helpers
    from steptrail.integrations import failures
    from steptrail.integrations import uiautomator2 as uiautomator2_helpers

    is_appium = request["driver"] == "appium"
    device = connect_appium(request) if is_appium else connect_uiautomator2(request)
    helpers: Any = appium_helpers if is_appium else uiautomator2_helpers
    with steptrail.Tracker(outbox=request["outbox"]) as tracker, tracker.task("look") as task:
        task.step(
            "look",
            before=helpers.screenshot(device, sensitive=True, redact=[(0, 0, 20, 20)]),
            current_app=helpers.current_app(device),
        )
        task.step(
            "look again",
            before=helpers.screenshot(object()),
            current_app=helpers.current_app(object()),
        )
        task.succeed()
    return {"failures": sum(failures.values())}


if __name__ == "__main__":
    run_scenarios(main)

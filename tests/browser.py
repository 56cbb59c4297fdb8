"""A headless Chromium for tests that look at pages, and axe-core where it has been installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
# .ci/run installs it there; the repository holds no copy.
AXE = Path(
    os.environ.get("CASCOD_AXE")
    or Path(__file__).parents[1] / ".axe/node_modules/axe-core/axe.min.js"
)

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no chromium and chromedriver on this machine"
)
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="no axe-core: npm install --no-save --prefix .axe axe-core@4"
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser that keeps its console's messages."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def screen(
    browser: Any, width: int, scheme: str = "light", medium: str = "screen"
) -> Iterator[None]:
    """The page as on a screen `width` pixels wide, in a light or dark scheme."""
    # Headless windows are never narrower than 500 pixels; the device's own metrics may be.
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    preference = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"media": medium, "features": [preference]}
    )
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@contextmanager
def no_scripts(browser: Any) -> Iterator[None]:
    """A browser that runs no program of a page."""
    command = "Emulation.setScriptExecutionDisabled"
    browser.execute_cdp_cmd(command, {"value": True})
    try:
        yield
    finally:
        browser.execute_cdp_cmd(command, {"value": False})


def by_css(browser: Any, selector: str) -> list[Any]:
    return browser.find_elements("css selector", selector)


def errors(browser: Any) -> list[dict[str, Any]]:
    return [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]

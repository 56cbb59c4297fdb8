"""The report as a browser shows it: headless Chromium, skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_logs import row, write_log
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait
from synthetic_run import SyntheticSystem, write_report, write_run

from harness.cli import main

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="no chromium and chromedriver on this machine"
    ),
]

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    systems = [
        SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.4}),
        SyntheticSystem("a_method_with_quite_a_long_name", [0, 1], {"ind": 0.5, "ood": 0.5}),
        SyntheticSystem("cascod", [0, 1], {"ind": 0.5, "ood": 0.6}),
    ]
    run = write_run(
        tmp_path_factory.mktemp("run"), systems, rationale=HOSTILE, rng=np.random.default_rng(0)
    )
    return (write_report(run) / "report.html").as_uri()


def by_css(browser: Any, selector: str) -> list[Any]:
    return browser.find_elements("css selector", selector)


def errors(browser: Any) -> list[dict[str, Any]]:
    return [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def matching(browser: Any) -> int:
    return int(by_css(browser, "#count")[0].text.split()[0].replace(",", ""))


def test_it_opens_without_an_error_and_asks_for_nothing_else(browser: Any, page: str) -> None:
    browser.get(page)
    assert errors(browser) == []
    loaded = browser.execute_script("return performance.getEntriesByType('resource').length")
    assert loaded == 0
    assert browser.title == "synthetic"


def test_items_are_filtered_by_suite_method_and_outcome(browser: Any, page: str) -> None:
    browser.get(page)
    everything = matching(browser)
    assert everything == 240
    browser.execute_script(
        "const form = document.getElementById('filter');"
        "form.elements.suite.value = 'embedded_ind';"
        "form.dispatchEvent(new Event('input'))"
    )
    assert matching(browser) == 80
    assert all("embedded_ind" in item.text for item in by_css(browser, "#list summary"))
    by_css(browser, "#filter input[name=flipped]")[0].click()
    flipped = matching(browser)
    assert 0 < flipped < 80
    for item in by_css(browser, "#list summary"):
        marks = {
            mark.text.split()[0]: mark.text.split()[1]
            for mark in item.find_elements("css selector", ".mark")
        }
        assert (marks["std_cot"] == "✓") != (marks["cascod"] == "✓")


def test_an_opened_item_shows_hostile_output_as_text(browser: Any, page: str) -> None:
    browser.get(page)
    by_css(browser, "#list summary")[0].click()
    opened = WebDriverWait(browser, 10).until(lambda b: by_css(b, "#list details[open] pre"))
    assert HOSTILE in [element.text for element in opened]
    assert browser.title == "synthetic"
    assert by_css(browser, "img") == []
    assert errors(browser) == []


def test_more_items_are_listed_on_request(browser: Any, page: str) -> None:
    browser.get(page)
    before = len(by_css(browser, "#list details"))
    browser.execute_script("document.getElementById('more').click()")
    assert len(by_css(browser, "#list details")) == 2 * before


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_readable_at_any_width(browser: Any, page: str, width: int) -> None:
    # Headless windows are never narrower than 500 pixels; the device's own metrics may be.
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        browser.get(page)
        scroll = browser.execute_script("return document.documentElement.scrollWidth")
        assert scroll <= width
        for paragraph in by_css(browser, ".verdict p, .reading"):
            assert paragraph.rect["x"] >= 0
            assert paragraph.rect["x"] + paragraph.rect["width"] <= width
        small = browser.execute_script(
            "return [...document.querySelectorAll('main p, main td, main th, main summary')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)).filter(size => size < 11).length"
        )
        assert small == 0
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_comparison_page_opens_too(browser: Any, tmp_path: Path) -> None:
    for name, right in (("old", [1, 0, 1]), ("new", [1, 1, 0])):
        rows = [row(i, float(r), resps=[[HOSTILE + name]]) for i, r in enumerate(right)]
        write_log(tmp_path / name, "arc", rows, model_args=name)
    file = tmp_path / "compare.html"
    main(["compare", str(tmp_path / "old"), str(tmp_path / "new"), "--html", str(file)])
    browser.get(file.as_uri())
    assert errors(browser) == []
    assert browser.title == "Comparison with old"
    assert len(by_css(browser, "#flips details")) == 2

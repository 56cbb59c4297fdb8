"""The page of a suite's check in a browser: by keyboard, without an error, hostile text as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import by_css, chromium, errors, needs_browser, screen
from selenium.webdriver.common.keys import Keys

from harness.cli import main

pytestmark = [pytest.mark.slow, needs_browser]

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A suite whose questions, options and ids are hostile, checked against itself."""
    root = tmp_path_factory.mktemp("suite")
    rows = [
        {
            "id": f"{HOSTILE}{n}",
            "question": f"{HOSTILE} Which of the two is case {n}?",
            "choices": [HOSTILE, f"{HOSTILE} {n}"],
            "answer": "AB"[n % 2],
        }
        for n in range(12)
    ]
    (root / "q.json").write_text(json.dumps(rows))
    new = ["suite", "new", str(root / "q.json"), "--name", "ours", "--out", str(root)]
    assert main(new) == 0
    made, html = str(root / "ours.jsonl"), root / "check.html"
    assert main(["suite", "check", made, "--against", made, "--html", str(html)]) == 0
    return Path(html).as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_text_stays_text(browser: Any, page: str, width: int, scheme: str) -> None:
    with screen(browser, width, scheme):
        browser.get(page)
        assert browser.title == "The suite ours"
        assert by_css(browser, "img, script") == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert errors(browser) == []


def test_leaks_are_opened_by_keyboard_alone(browser: Any, page: str) -> None:
    browser.get(page)
    summaries = by_css(browser, "#leaks summary")
    assert len(summaries) == 12
    assert not by_css(browser, "#leaks details[open]")
    for _ in range(200):
        focused = browser.switch_to.active_element
        if focused == summaries[0]:
            break
        focused.send_keys(Keys.TAB)
    assert browser.switch_to.active_element == summaries[0]
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    [opened] = by_css(browser, "#leaks details[open]")
    assert HOSTILE in opened.text
    assert "the same question" in opened.text

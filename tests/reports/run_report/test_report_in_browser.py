"""The report as a browser shows it: headless Chromium, skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import by_css, chromium, errors, needs_browser, no_scripts, screen
from sample_logs import row, write_log
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from synthetic_run import SyntheticSystem, write_report, write_run

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
    systems = [
        SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.4}),
        SyntheticSystem("a_method_with_quite_a_long_name", [0, 1], {"ind": 0.5, "ood": 0.5}),
        SyntheticSystem("cascod", [0, 1], {"ind": 0.5, "ood": 0.6}),
    ]
    run = write_run(
        tmp_path_factory.mktemp("run"), systems, rationale=HOSTILE, rng=np.random.default_rng(0)
    )
    return (write_report(run) / "report.html").as_uri()


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
    choose(browser, suite="embedded_ind")
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


def test_forced_answers_are_marked_found_and_shown_beside_what_was_written(
    browser: Any, page: str, tmp_path: Path
) -> None:
    browser.get(page)
    assert by_css(browser, "#filter input[name=forced]") == []
    assert "forced" not in by_css(browser, "#marks")[0].text

    systems = [
        SyntheticSystem("std_cot", [0], {"ind": 0.5, "ood": 0.5}, cut=0.5),
        SyntheticSystem("cascod", [0], {"ind": 0.5, "ood": 0.5}),
    ]
    run = write_run(tmp_path, systems, items_per_task=10)
    browser.get((write_report(run) / "report.html").as_uri())
    assert "⇥ its answer was forced" in by_css(browser, "#marks")[0].text
    everything = matching(browser)
    by_css(browser, "#filter input[name=forced]")[0].click()
    assert 0 < matching(browser) < everything
    for marks in by_css(browser, "#list .marks-of"):
        std_cot, cascod = marks.find_elements("css selector", ".mark")
        assert "⇥" in std_cot.text
        assert "⇥" not in cascod.text
    by_css(browser, "#list summary")[0].click()
    opened = WebDriverWait(browser, 10).until(lambda b: by_css(b, "#list details[open] h3"))
    assert "cut off, forced" in opened[0].text
    assert "As written: no answer, wrong." in by_css(browser, "#list details[open]")[0].text
    browser.refresh()
    assert by_css(browser, "#filter input[name=forced]")[0].is_selected()
    assert errors(browser) == []


def choose(browser: Any, **values: str) -> None:
    for name, value in values.items():
        browser.execute_script(
            "const form = document.getElementById('filter');"
            "form.elements[arguments[0]].value = arguments[1];"
            "form.dispatchEvent(new Event('input'))",
            name,
            value,
        )


def test_a_row_shows_its_question_and_marks_that_a_legend_explains(browser: Any, page: str) -> None:
    browser.get(page)
    legend = by_css(browser, "#marks")[0].text
    for item in by_css(browser, "#list summary")[:20]:
        assert item.find_element("css selector", ".question").text.startswith("What is item ")
        signs = [mark.text.split()[1] for mark in item.find_elements("css selector", ".mark")]
        assert len(signs) == 3
        assert set("".join(signs)) <= set(legend)


def test_filters_live_in_the_address(browser: Any, page: str) -> None:
    browser.get(page)
    choose(browser, suite="embedded_ind", method="cascod", outcome="wrong", text="0007 & more")
    by_css(browser, "#filter input[name=flipped]")[0].click()
    assert matching(browser) == 0
    choose(browser, text="item")
    address, found = browser.current_url, matching(browser)
    assert 0 < found < 80
    assert "suite=embedded_ind" in address

    browser.refresh()
    assert (browser.current_url, matching(browser)) == (address, found)

    browser.get("about:blank")
    browser.get(address)
    assert matching(browser) == found
    assert by_css(browser, "#filter input[name=flipped]")[0].is_selected()
    assert by_css(browser, "#filter input[name=text]")[0].get_attribute("value") == "item"
    # It opens where the items are.
    assert browser.execute_script(
        "return document.getElementById('filter').getBoundingClientRect().top < innerHeight"
    )

    by_css(browser, "#filter button[type=reset]")[0].click()
    WebDriverWait(browser, 10).until(lambda b: matching(b) == 240)
    assert browser.current_url.endswith("#items")


def test_an_address_with_filters_that_do_not_exist_hides_nothing(browser: Any, page: str) -> None:
    browser.get(page + "#items?suite=nowhere&method=%3Cimg%20src%3Dx%3E&flipped=maybe&other=1")
    assert matching(browser) == 240
    assert by_css(browser, "img") == []
    assert errors(browser) == []


def test_without_scripts_there_are_no_filters(browser: Any, page: str) -> None:
    with no_scripts(browser):
        browser.get(page)
        assert not any(
            each.is_displayed() for each in by_css(browser, "form, form *, #more, #marks")
        )
        assert "need JavaScript" in by_css(browser, "noscript")[0].text


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


def test_an_opened_item_marks_the_first_wrong_step_and_shows_a_right_one(
    browser: Any, tmp_path: Path
) -> None:
    for method, ability, last in (("cascod", 2.0, 12), ("std_cot", -1.0, 14)):
        system = SyntheticSystem(method, [0], {"ind": ability, "ood": ability})
        rationale = f"First 2 + 2 = 4.\nThen 4 * 3 = {last}. {HOSTILE}\nSo it is that."
        run = write_run(tmp_path, [system], items_per_task=4, rationale=rationale)
    browser.get((write_report(run) / "report.html").as_uri())
    by_css(browser, "#list summary")[0].send_keys(Keys.ENTER)
    [steps] = WebDriverWait(browser, 10).until(lambda b: by_css(b, "#list details[open] .steps"))
    assert len(steps.find_elements("css selector", "li")) == 3
    [wrong] = steps.find_elements("css selector", "li.wrong")
    assert wrong.text.splitlines() == [
        f"Then 4 * 3 = 14. {HOSTILE}",
        "First wrong step (arithmetic slip): 4 * 3 is 12, not 14.",
        f"cascod, right: Then 4 * 3 = 12. {HOSTILE}",
    ]
    assert "arithmetic slip" in by_css(browser, "#errors table")[0].text
    assert by_css(browser, "img") == []
    assert errors(browser) == []


def test_a_flipped_item_marks_it_as_well(browser: Any, tmp_path: Path) -> None:
    for name, last, right in (("old", 14, 0.0), ("new", 12, 1.0)):
        said = f"First 2 + 2 = 4.\nThen 4 * 3 = {last}. {HOSTILE}\nThe answer is {last}."
        rows = [row(i, right, resps=[[said]], filtered_resps=[said]) for i in range(3)]
        write_log(tmp_path / name, "sums", rows, model_args=name)
    file = tmp_path / "compare.html"
    main(["compare", str(tmp_path / "old"), str(tmp_path / "new"), "--html", str(file)])
    for width in (390, 1280):
        with screen(browser, width):
            browser.get(file.as_uri())
            by_css(browser, "#flips summary")[0].send_keys(Keys.ENTER)
            [wrong] = by_css(browser, "#flips details[open] li.wrong")
            assert HOSTILE in wrong.text
            assert "new, right: Then 4 * 3 = 12." in wrong.text
            assert not browser.execute_script(
                "return document.documentElement.scrollWidth > innerWidth"
            )
    assert by_css(browser, "img") == []
    assert errors(browser) == []

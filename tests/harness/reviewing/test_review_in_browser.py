"""The review page in headless Chromium against a real server: by keys alone, killed and resumed."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import AXE, by_css, chromium, errors, needs_axe, needs_browser, screen
from review_server import ReviewProcess, reviewing, write_chains
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tasks.records.record import read_records, write_records

pytestmark = [pytest.mark.slow, needs_browser]

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "chains.jsonl"
    write_chains(path)
    return path


@pytest.fixture
def server(records: Path) -> Iterator[ReviewProcess]:
    with reviewing(records, "ann") as running:
        yield running


def text(browser: Any, selector: str) -> str:
    return str(by_css(browser, selector)[0].text)


def open_page(browser: Any, url: str) -> None:
    browser.get("about:blank")
    browser.get(url)
    WebDriverWait(browser, 10).until(lambda b: text(b, "#count"))
    WebDriverWait(browser, 10).until(
        lambda b: by_css(b, "#chain")[0].is_displayed() or by_css(b, "#done")[0].is_displayed()
    )


def press(browser: Any, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def wait_for(browser: Any, selector: str, what: str) -> None:
    WebDriverWait(browser, 10).until(lambda b: what in text(b, selector))


def test_five_chains_judged_by_keys_outlive_the_server(browser: Any, records: Path) -> None:
    with reviewing(records, "ann") as server:
        open_page(browser, server.url)
        press(browser, "r")
        wait_for(browser, "#said", "Saved: chain 1 is right.")
        press(browser, "w")
        wait_for(browser, "#said", "Saved: chain 2 is wrong.")
        press(browser, Keys.DOWN, Keys.DOWN)
        assert text(browser, "#wrong").startswith("Wrong from step 2 on")
        press(browser, "w")
        wait_for(browser, "#said", "Saved: chain 3 is wrong from step 2 on.")
        press(browser, "m", *"adds 5 twice", Keys.ENTER, "3", "w")
        wait_for(browser, "#said", "Saved: chain 4 is wrong from step 3 on.")
        press(browser, "1", Keys.ESCAPE, "r")
        wait_for(browser, "#said", "Saved: chain 5 is right.")
        assert text(browser, "#count") == "ann: 5 of 8 judged"
        assert errors(browser) == []
        server.end(signal.SIGKILL)
        press(browser, "r")
        wait_for(browser, "#trouble", "may not be saved")
        assert text(browser, "#count") == "ann: 5 of 8 judged"
    browser.get_log("browser")  # of the connection that was refused

    journal = (records.with_name("chains.reviews") / "ann.jsonl").read_text().splitlines()
    said = [
        (row["verdict"], row["first_wrong_step"], row["note"]) for row in map(json.loads, journal)
    ]
    assert said == [
        ("right", None, ""),
        ("wrong", None, ""),
        ("wrong", 1, ""),
        ("wrong", 2, "adds 5 twice"),
        ("right", None, ""),
    ]
    with reviewing(records, "ann") as server:
        open_page(browser, server.url)
        assert text(browser, "#count") == "ann: 5 of 8 judged"
        assert text(browser, "#place") == "Chain 6 of 8"
        press(browser, Keys.LEFT)
        wait_for(browser, "#place", "Chain 5 of 8")
        press(browser, Keys.LEFT)
        wait_for(browser, "#verdict", "judged: wrong from step 3 on")
        assert by_css(browser, "#note")[0].get_attribute("value") == "adds 5 twice"
        press(browser, "n")
        wait_for(browser, "#place", "Chain 6 of 8")
        press(browser, "r")
        wait_for(browser, "#said", "Saved: chain 6")
        press(browser, "r")
        wait_for(browser, "#said", "Saved: chain 7")
        press(browser, "r")
        wait_for(browser, "#done", "All chains are judged")
        assert not by_css(browser, "#right")[0].is_enabled()
        assert errors(browser) == []


def test_undo_returns_to_the_chain_and_the_gold_answer_waits_for_a_judgement(
    browser: Any, server: ReviewProcess
) -> None:
    open_page(browser, server.url)
    press(browser, "g")
    wait_for(browser, "#said", "once the chain is judged")
    press(browser, "r")
    wait_for(browser, "#place", "Chain 2 of 8")
    press(browser, "u")
    wait_for(browser, "#said", "Undone: the last judgement of chain 1.")
    assert (text(browser, "#place"), text(browser, "#verdict")) == ("Chain 1 of 8", "")
    assert "GOLD" not in browser.page_source
    press(browser, "r")
    wait_for(browser, "#place", "Chain 2 of 8")
    press(browser, Keys.LEFT)
    wait_for(browser, "#place", "Chain 1 of 8")
    press(browser, "g")
    wait_for(browser, "#gold", "GOLD")
    assert errors(browser) == []


def test_a_key_held_down_judges_once(browser: Any, server: ReviewProcess) -> None:
    open_page(browser, server.url)
    held = {"type": "keyDown", "key": "r", "code": "KeyR"}
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", held)
    for _ in range(20):
        browser.execute_cdp_cmd("Input.dispatchKeyEvent", held | {"autoRepeat": True})
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", held | {"type": "keyUp"})
    wait_for(browser, "#said", "Saved: chain 1 is right.")
    assert server.ask("progress")[1]["judged"].count(True) == 1


def test_letters_in_a_note_judge_nothing(browser: Any, server: ReviewProcess) -> None:
    open_page(browser, server.url)
    press(browser, "m", *"rwung 123")
    assert by_css(browser, "#note")[0].get_attribute("value") == "rwung 123"
    assert server.ask("progress")[1]["judged"].count(True) == 0


def test_hostile_chains_stay_text(browser: Any, records: Path) -> None:
    [first, *_] = read_records(records)
    hostile = replace(
        first,
        task="<b>task</b>",
        question=f"{HOSTILE} \u202eevil",
        rationale=f"One {HOSTILE}.\nTwo \u202e turns.\n{'long' * 200}",
        teacher_answer=HOSTILE,
    )
    write_records(records, [hostile])
    with reviewing(records, "ann") as server, screen(browser, 390):
        open_page(browser, server.url)
        assert text(browser, "#task") == "<b>task</b>"
        assert text(browser, "#question") == f"{HOSTILE} \\u202eevil"
        assert text(browser, "#answer") == HOSTILE
        steps = [step.text for step in by_css(browser, ".step .text")]
        assert steps[:2] == [f"One {HOSTILE}.", "Two \\u202e turns."]
        assert by_css(browser, "img, b") == []
        assert browser.title == "Review of rationales"
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        assert errors(browser) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_everything_is_reached_by_tab_seen_in_focus_and_named(
    browser: Any, server: ReviewProcess, width: int, scheme: str
) -> None:
    with screen(browser, width, scheme):
        server.judge(1, "wrong", 1)
        open_page(browser, f"{server.url}#2")
        names = []
        for _ in range(30):
            press(browser, Keys.TAB)
            focused = browser.switch_to.active_element
            if focused.tag_name == "body":
                break
            names.append(focused.accessible_name)
            outlined = browser.execute_script(
                "const at = document.activeElement;"
                "return [at, at.closest('.step')].some("
                "each => each && getComputedStyle(each).outlineStyle === 'solid')"
            )
            assert outlined, names[-1]
        for name in ("Previous", "Next", "Note", "Right", "Wrong from step 2 on", "Undo"):
            assert any(each.startswith(name) for each in names), (name, names)
        assert any("pens" in each or "4 =" in each for each in names), names
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        small = [
            (target.text, target.rect)
            for target in by_css(browser, "button, summary, .step, #note")
            if target.is_displayed() and min(target.rect["height"], target.rect["width"]) < 24
        ]
        assert small == []
        assert errors(browser) == []


def test_a_chosen_step_is_not_left_under_the_bar_of_buttons(browser: Any, records: Path) -> None:
    [first, *_] = read_records(records)
    steps = "\n".join(f"Step {n} adds one, and one more, and so on." for n in range(60))
    write_records(records, [replace(first, rationale=steps)])
    with reviewing(records, "ann") as server, screen(browser, 390):
        open_page(browser, server.url)
        for _ in range(40):
            press(browser, Keys.DOWN)
        top = browser.execute_script(
            "const {left, bottom} = document.activeElement.getBoundingClientRect();"
            "const bar = document.querySelector('.actions').getBoundingClientRect();"
            "return [bottom, bar.top, innerHeight]"
        )
        assert top[0] <= top[1] < top[2]


@needs_axe
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier_in_reviewing(
    browser: Any, server: ReviewProcess, width: int, scheme: str
) -> None:
    with screen(browser, width, scheme):
        server.judge(1, "wrong", 1)
        for place in (1, 2):
            open_page(browser, f"{server.url}#{place}")
            browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
            browser.execute_script(AXE.read_text())
            violations = browser.execute_async_script(
                "const done = arguments[0]; axe.run().then(result => done(result.violations))"
            )
            assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []

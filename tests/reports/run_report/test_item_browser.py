"""Which items a report lets one look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from synthetic_run import SyntheticSystem, write_run

from reports.reasoning.first_error import Beside
from reports.run_report import item_browser
from reports.run_report.browsed_items import BrowsedItems
from reports.run_report.build import build_report
from reports.run_report.render_markdown import render_markdown
from reports.run_report.sections import sections


def browsed(run: Path) -> BrowsedItems:
    (found,) = build_report(run).items
    return found


def run_of(directory: Path, rationale: str = "Because.") -> Path:
    systems = [
        SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.4}),
        SyntheticSystem("cascod", [0, 1], {"ind": 0.5, "ood": 0.6}),
    ]
    return write_run(
        directory, systems, items_per_task=60, rationale=rationale, rng=np.random.default_rng(0)
    )


def test_a_small_run_shows_every_item_telling_ones_first(tmp_path: Path) -> None:
    found = browsed(run_of(tmp_path))
    assert len(found.items) == found.total == 360
    telling = [bool(item.kinds) for item in found.items]
    assert telling == sorted(telling, reverse=True)
    assert found.totals == {
        kind: found.shown(kind) for kind in ("flipped", "unparsed", "truncated")
    }
    for item in found.items:
        a, b = item.answers
        assert ("flipped" in item.kinds) == (a.correct != b.correct)
        assert ("unparsed" in item.kinds) == (a.parsed is None or b.parsed is None)
        assert ("truncated" in item.kinds) == (a.truncated or b.truncated)


def test_a_large_one_shows_some_of_every_kind_and_says_of_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(tmp_path, rationale="Because. " * 100)
    monkeypatch.setattr(item_browser, "BUDGET", 40 * 2 * 900)
    found = browsed(run)
    assert 30 <= len(found.items) <= 40
    assert found.total == 360
    for kind in ("flipped", "unparsed", "truncated"):
        assert 0 < found.shown(kind) <= found.totals[kind]
    assert any(not item.kinds for item in found.items)


def test_the_choice_depends_on_the_items_alone(tmp_path: Path) -> None:
    first, second = (browsed(run_of(tmp_path / name)) for name in ("a", "b"))
    assert first == second


def test_long_texts_keep_their_beginning_and_their_end(tmp_path: Path) -> None:
    text = "Begin. " + "x" * 5_000 + " End."
    answer = browsed(run_of(tmp_path, rationale=text)).items[0].answers[0]
    assert len(answer.rationale) < 1_300
    assert answer.rationale.startswith("Begin. ")
    assert answer.rationale.endswith(" End.")


def run_with_a_slip(directory: Path) -> Path:
    for method, ability, last in (("cascod", 2.0, 12), ("std_cot", -1.0, 14)):
        system = SyntheticSystem(method, [0], {"ind": ability, "ood": ability})
        rationale = f"First 2 + 2 = 4.\nThen 4 * 3 = {last}."
        run = write_run(directory, [system], items_per_task=3, rationale=rationale)
    return run


def test_a_wrong_step_has_its_reason_and_the_right_step_of_another_method_beside_it(
    tmp_path: Path,
) -> None:
    for item in browsed(run_with_a_slip(tmp_path)).items:
        cascod, std_cot = item.answers
        assert cascod.first_error is None
        error = std_cot.first_error
        assert error is not None
        assert (error.step, error.kind) == (1, "arithmetic slip")
        assert error.reason == "4 * 3 is 12, not 14"
        assert error.steps == ("First 2 + 2 = 4.", "Then 4 * 3 = 14.")
        assert error.beside == Beside("cascod", "Then 4 * 3 = 12.")


def test_the_report_counts_the_kinds_of_first_errors_by_method(tmp_path: Path) -> None:
    report = build_report(run_with_a_slip(tmp_path))
    [section] = [each for each in sections(report) if each.anchor == "errors"]
    [table] = section.tables
    assert table.columns == ("first error", "cascod", "std_cot")
    rows = {row[0].text: [(cell.text, cell.small) for cell in row[1:]] for row in table.rows}
    assert rows == {
        "arithmetic slip": [("0", ""), ("18", "100% of 18")],
        "none found": [("0", ""), ("0", "0% of 18")],
        "right all the same": [("0", "0% of 18"), ("0", "")],
    }
    text = render_markdown(report, {})
    assert "First wrong step: 2 (arithmetic slip): 4 \\* 3 is 12, not 14." in text


def test_where_no_step_was_found_wrong_the_report_does_not_speak_of_it(tmp_path: Path) -> None:
    sound = SyntheticSystem("std_cot", [0], {"ind": 2.0, "ood": 2.0})
    report = build_report(write_run(tmp_path, [sound], items_per_task=3))
    assert "errors" not in [section.anchor for section in sections(report)]

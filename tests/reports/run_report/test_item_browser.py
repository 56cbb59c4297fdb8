"""Which items a report lets one look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from synthetic_run import SyntheticSystem, write_run

from reports.run_report import item_browser
from reports.run_report.build import build_report
from reports.run_report.report_content import BrowsedItems


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

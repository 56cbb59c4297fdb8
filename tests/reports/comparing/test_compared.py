"""Systems against a baseline: which contrasts are made, how they are adjusted, which items flip."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sample_logs import row, write_log

from reports.comparing.compared import Compared, compare_sides, short_names
from reports.comparing.compared_tables import summary
from reports.comparing.render_compared import (
    compared_html,
    compared_latex,
    compared_markdown,
)
from reports.logs.samples import read_side
from reports.rendering.as_json import to_json
from reports.statistics.multiplicity import holm

HOSTILE = "<script>alert(1)</script> 5 % of_it & \\more"


def log(directory: Path, right: dict[str, list[int]], seed: str = "1") -> Path:
    """One seed of a system: for each task which items are right."""
    for task, marks in right.items():
        rows = [
            row(
                i,
                float(mark),
                resps=[[f"{HOSTILE} says {directory.name} {seed} {mark}"]],
                arguments={"gen_args_0": {"arg_0": f"Question {i}?", "arg_1": {}}},
                target=f"gold {i}",
            )
            for i, mark in enumerate(marks)
        ]
        write_log(directory / seed, task, rows, model_args=f"{directory.name}{seed}")
    return directory


def compare(*directories: Path) -> Compared:
    sides = [read_side(directory) for directory in directories]
    return compare_sides(sides, intersect=False, flips=5, rng=np.random.default_rng(0))


@pytest.fixture
def two(tmp_path: Path) -> Compared:
    old = log(tmp_path / "old", {"t": [1, 1, 0, 0, 1, 0], "u": [1, 0, 1, 0]})
    new = log(tmp_path / "new", {"t": [1, 0, 1, 1, 1, 0], "u": [1, 0, 1, 0]})
    return compare(old, new)


def test_two_checkpoints_are_compared_on_all_items_and_on_every_task(two: Compared) -> None:
    assert [(d.level, d.on) for d in two.differences] == [
        ("whole", "all items"),
        ("task", "t"),
        ("task", "u"),
    ]
    whole, t, u = two.differences
    assert t.contrast.value == pytest.approx(1 / 6)
    assert (t.baseline_accuracy, t.treatment_accuracy) == pytest.approx((3 / 6, 4 / 6))
    assert whole.contrast.value == pytest.approx((1 / 6 + 0) / 2)
    assert whole.contrast.claim == "checkpoint"
    assert u.contrast.lower < u.contrast.value == 0 < u.contrast.upper


def test_single_checkpoints_also_get_the_classical_table(two: Compared) -> None:
    (pair,) = two.pairs
    counts = (pair.both_right, pair.treatment_only, pair.baseline_only, pair.both_wrong)
    assert counts == (4, 2, 1, 3)
    assert pair.mid_p == pytest.approx(0.625)
    assert pair.difference.value == pytest.approx(0.1)
    assert pair.difference.lower < 0 < 0.1 < pair.difference.upper


def test_flipped_items_come_with_both_texts(two: Compared) -> None:
    assert two.flipped == {"new": (2, 1)}
    assert {(flip.id, flip.gained) for flip in two.flips} == {
        ("2", True),
        ("3", True),
        ("1", False),
    }
    flip = next(flip for flip in two.flips if flip.id == "2")
    assert (flip.prompt, flip.gold) == ("Question 2?", "gold 2")
    assert [said.text.rsplit("says ")[1] for said in flip.said] == ["old 1 0", "new 1 1"]


def test_with_seeds_the_claim_is_about_methods_and_flips_go_by_majority(tmp_path: Path) -> None:
    for seed, old, new in (
        ("1", [1, 1, 0, 0], [0, 1, 1, 0]),
        ("2", [1, 0, 0, 1], [0, 1, 1, 0]),
        ("3", [1, 1, 1, 0], [0, 0, 1, 0]),
    ):
        log(tmp_path / "old", {"t": old}, seed)
        log(tmp_path / "new", {"t": new}, seed)
    compared = compare(tmp_path / "old", tmp_path / "new")
    assert compared.differences[0].contrast.claim == "method"
    assert compared.pairs == ()
    assert compared.flipped == {"new": (1, 1)}
    lost = next(flip for flip in compared.flips if not flip.gained)
    assert [said.right for said in lost.said] == [1.0, 0.0]


def test_several_systems_are_one_family(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    marks = {name: rng.integers(0, 2, 60).tolist() for name in ("base", "a", "b", "c")}
    compared = compare(*(log(tmp_path / name, {"t": m}) for name, m in marks.items()))
    whole = [d for d in compared.differences if d.level == "whole"]
    assert [d.treatment for d in whole] == ["a", "b", "c"]
    assert [d.p_adjusted for d in whole] == holm([d.contrast.p for d in whole])
    assert {d.adjustment for d in whole} == {"holm"}


def test_the_same_run_twice_is_identical_and_not_significant(tmp_path: Path) -> None:
    log(tmp_path / "a" / "run", {"t": [1, 0, 1]})
    compared = compare(tmp_path / "a", tmp_path / "a" / "run")
    (whole,) = compared.differences
    assert (whole.contrast.identical, whole.contrast.p) == (True, 1.0)
    assert list(summary(compared)) == ["a/run − a: the same response to every item."]
    assert compared.flips == ()


def test_names_drop_the_folders_that_all_share() -> None:
    assert short_names(["runs/x/std/seed1", "runs/x/cas/seed1"]) == ["std/seed1", "cas/seed1"]
    assert short_names(["a", "b"]) == ["a", "b"]
    assert short_names(["a/b", "a/b/c"]) == ["b", "b/c"]


def test_every_form_keeps_model_output_plain_text(two: Compared) -> None:
    assert json.loads(to_json(two))["flips"][0]["said"][0]["text"].startswith("<script>")
    html = compared_html(two)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html
    markdown = compared_markdown(two)
    assert "\n## Flipped items\n" in markdown
    assert "```text\n<script>" in markdown


def test_latex_is_booktabs_with_everything_special_escaped(tmp_path: Path) -> None:
    old = log(tmp_path / "a_b", {"t_1": [1, 0], "t_2": [1, 1]})
    new = log(tmp_path / "50%", {"t_1": [1, 1], "t_2": [0, 1]})
    latex = compared_latex(compare(old, new))
    assert latex.count(r"\begin{table}") == latex.count(r"\end{table}") == 3
    assert r"t\_1" in latex
    assert r"50\%" in latex
    assert r"50.0 $\to$ 100.0" in latex

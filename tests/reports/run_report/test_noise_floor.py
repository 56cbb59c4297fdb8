"""The baseline against itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from synthetic_run import SyntheticSystem, sample, write_cell, write_run

from reports.run_report.build import build_report


@pytest.fixture
def run(tmp_path: Path) -> Path:
    systems = [
        SyntheticSystem(method, [0, 1, 2], {"ind": 0.5, "ood": 0.5})
        for method in ("std_cot", "cascod")
    ]
    return write_run(tmp_path / "run", systems, items_per_task=20)


def repeat(run: Path, *, right: bool | None = None) -> None:
    """std_cot's seed 0 again: as it was, or with every item right or wrong."""
    source = run / "cells" / "tiny" / "std_cot" / "seed0"
    target = run / "noise_floor" / "tiny" / "std_cot" / "seed0"
    if right is None:
        shutil.copytree(source, target)
        return
    system = SyntheticSystem("std_cot", [0], {})
    samples = [
        sample(suite, task, i, correct=right)
        for suite in ("embedded_ind", "embedded_longer", "embedded_decued")
        for task in ("counting", "navigate")
        for i in range(20)
    ]
    write_cell(run / "other", system, 0, samples)
    target.parent.mkdir(parents=True)
    shutil.move(run / "other" / "cells" / "tiny" / "std_cot" / "seed0", target)
    shutil.rmtree(run / "other")


def test_pairs_of_the_baseline_s_seeds_show_what_a_seed_does(run: Path) -> None:
    rows = build_report(run).noise
    assert {row.pair for row in rows} == {"seed 0, seed 1", "seed 0, seed 2", "seed 1, seed 2"}
    assert {row.method for row in rows} == {"std_cot"}
    per_seed = {
        row.suite: row.per_seed for row in build_report(run).accuracies if row.method == "std_cot"
    }
    first = next(row for row in rows if row.pair == "seed 0, seed 1" and row.on == "ind")
    expected = per_seed["embedded_ind"][1] - per_seed["embedded_ind"][0]
    assert first.difference == pytest.approx(expected)
    assert first.outcomes_changed >= abs(first.difference)


def test_a_cell_run_again_to_the_same_end_has_no_noise(run: Path) -> None:
    repeat(run)
    again = [row for row in build_report(run).noise if row.pair == "seed 0, run again"]
    assert [
        (row.on, row.difference, row.outcomes_changed, row.responses_changed) for row in again
    ] == [
        ("ind", 0.0, 0.0, 0.0),
        ("ood", 0.0, 0.0, 0.0),
    ]


def test_a_cell_that_ends_elsewhere_shows_by_how_much(run: Path) -> None:
    repeat(run, right=True)
    report = build_report(run)
    again = next(row for row in report.noise if row.pair == "seed 0, run again" and row.on == "ind")
    before = next(
        row for row in report.accuracies if (row.method, row.suite) == ("std_cot", "embedded_ind")
    )
    assert again.difference == pytest.approx(1 - before.per_seed[0])
    # A repeat is no further seed of its system.
    assert all(system.seeds == (0, 1, 2) for system in report.systems)


def test_of_many_seeds_each_is_held_against_the_next_alone(tmp_path: Path) -> None:
    system = SyntheticSystem("std_cot", list(range(12)), {"ind": 0.5, "ood": 0.5})
    other = SyntheticSystem("cascod", [0, 1], {"ind": 0.5, "ood": 0.5})
    rows = build_report(write_run(tmp_path / "run", [system, other], items_per_task=4)).noise
    assert [row.pair for row in rows if row.on == "ind"] == [
        f"seed {seed}, seed {seed + 1}" for seed in range(11)
    ]

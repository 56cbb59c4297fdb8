"""`cascod power`: from a pilot to a plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sample_logs import row, write_log

from harness.cli import main


def system(directory: Path, seeds: int, items: int = 300) -> str:
    rng = np.random.default_rng(len(directory.name))
    for seed in range(seeds):
        rows = [
            row(i, float(rng.random() < 0.6), resps=[[f"{directory.name}{seed}"]])
            for i in range(items)
        ]
        write_log(directory / str(seed), "arc", rows, model_args=f"{directory.name}{seed}")
    return str(directory)


def test_it_says_what_the_pilot_finds_and_what_a_plan_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["power", system(tmp_path / "a", 3), system(tmp_path / "bb", 3)]) == 0
    said = capsys.readouterr().out
    assert "300 items, 300 clusters, 3 seeds a side" in said
    assert "10 seeds" in said
    assert "- with 3 seeds a side:" in said
    assert "- with these 300 items:" in said


def test_one_seed_plans_for_these_checkpoints_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["power", system(tmp_path / "a", 1), system(tmp_path / "bb", 1), "--gate"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "one-sided test" in said
    assert "needs a pilot of two" in said
    assert "seeds a side:" not in said


def test_one_item_is_no_pilot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["power", system(tmp_path / "a", 1, 1), system(tmp_path / "bb", 1, 1)]) == 2
    assert "too few clusters" in capsys.readouterr().err

"""A verdict says when a difference is one of who gave an answer that can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_run import SyntheticSystem, sample, write_cell

from reports.logs.plan import register
from reports.run_report.build import build_report

SEEDS = [0, 1, 2]
PRIMARY = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}


def write_side(run: Path, method: str, right: float, unread: float) -> None:
    """Of the answers that can be read, such a share is right; an unread one is wrong."""
    rng = np.random.default_rng(SEEDS[-1] + len(method))
    for seed in SEEDS:
        samples = []
        for suite in ("embedded_ind", "embedded_longer"):
            for i in range(120):
                drawn = sample(suite, "counting", i, correct=bool(rng.random() < right))
                if rng.random() < unread:
                    drawn = replace(drawn, parsed=None, parse_ok=False, correct=False)
                    drawn = replace(drawn, parsed_as_written=None, correct_as_written=False)
                samples.append(replace(drawn, rationale=f"{method} {seed} {i}"))
        write_cell(run, SyntheticSystem(method, SEEDS, {}), seed, samples)


def verdict_of(run: Path):
    text = f"primary: {PRIMARY}\n".replace("'", "")
    (run / "experiment.yaml").write_text(text)
    register(run, {"primary": PRIMARY})
    [verdict] = build_report(run).verdicts
    return verdict


@pytest.mark.parametrize(
    ("cascod", "std_cot", "headline"),
    [
        ((0.7, 0.0), (0.7, 0.7), "Depends on unread answers: cascod beats std_cot out-of-domain,"),
        ((0.7, 0.7), (0.7, 0.0), "Depends on unread answers: the difference goes the other way,"),
        ((0.9, 0.0), (0.3, 0.1), "Supported: cascod beats std_cot out-of-domain."),
        ((0.9, 0.0), (0.3, 0.0), "Supported: cascod beats std_cot out-of-domain."),
    ],
)
def test_what_is_won_where_one_side_alone_was_read_is_not_called_supported(
    tmp_path: Path, cascod: tuple[float, float], std_cot: tuple[float, float], headline: str
) -> None:
    write_side(tmp_path, "cascod", *cascod)
    write_side(tmp_path, "std_cot", *std_cot)
    verdict = verdict_of(tmp_path)
    assert verdict.headline.startswith(headline)
    assert verdict.outcome == ("depends" if headline.startswith("Depends") else "holds")

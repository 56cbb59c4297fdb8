"""The reasoning space of a run: from sampled draws and probes to contrasts, findings and the
page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_run import (
    SUITES,
    SYSTEMS,
    TASKS,
    SyntheticSystem,
    lm_eval_row,
    sample,
    write_report,
    write_run,
)

from reports.run_report.build import build_report
from tasks.errors import UserError

QUESTIONS, SAMPLES = 12, 4
WORDS = [
    "so",
    "then",
    "first",
    "we",
    "add",
    "take",
    "two",
    "five",
    "green",
    "apples",
    "cups",
    "to",
    "from",
    "the",
    "and",
    "it",
    "is",
    "left",
]
Says = Callable[[np.random.Generator], str]


def varied(rng: np.random.Generator) -> str:
    return " ".join(rng.choice(WORDS, 12))


def same(_: np.random.Generator) -> str:
    return "first we add five cups and then take two so it is three"


def add_draws(run: Path, system: SyntheticSystem, says: Says, samples: int = SAMPLES) -> None:
    for seed in system.seeds:
        rng = np.random.default_rng(seed)
        for draw in range(samples):
            folder = cell(run, system, seed) / "sampled" / f"draw{draw}"
            folder.mkdir(parents=True)
            for suite in SUITES:
                rows = [
                    lm_eval_row(
                        replace(
                            sample(suite, task, i, correct=bool(rng.random() < 0.7)),
                            rationale=says(rng),
                        )
                    )
                    for task in TASKS
                    for i in range(QUESTIONS)
                ]
                name = f"samples_cascod_{suite}_2026-01-02T03-04-05.000006.jsonl"
                (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))


def add_probes(
    run: Path, system: SyntheticSystem, preset: float, questions: int = QUESTIONS
) -> None:
    """A student whose answer stands from the beginning on a share `preset` of the items."""
    for seed in system.seeds:
        rng = np.random.default_rng(seed)
        lines = []
        for suite, role in SUITES.items():
            for task in TASKS:
                for i in range(questions):
                    item = sample(suite, task, i, correct=True)
                    fixed = rng.random() < preset
                    other = [0.8, 0.1, 0.1] if fixed else [0.1, 0.8, 0.1]
                    lines.append(
                        {
                            "suite": suite,
                            "role": role,
                            "task": task,
                            "id": item.id,
                            "cluster": item.cluster,
                            "question": "",
                            "gold": item.gold,
                            "candidates": ["(A)", "(B)", "(C)"],
                            "probabilities": {
                                "own": [0.8, 0.1, 0.1],
                                **dict.fromkeys(
                                    ["none", "part_25", "part_50", "part_75", "mistake", "filler"],
                                    other,
                                ),
                            },
                        }
                    )
        file = cell(run, system, seed) / "probed.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def cell(run: Path, system: SyntheticSystem, seed: int | None) -> Path:
    return run / "cells" / system.student / system.method / f"seed{seed}"


STD, CASCOD = SYSTEMS[1], SYSTEMS[2]


@pytest.fixture(scope="module")
def explored(tmp_path_factory) -> Path:
    run = write_run(tmp_path_factory.mktemp("explored") / "run", (STD, CASCOD))
    add_draws(run, STD, same)
    add_draws(run, CASCOD, varied)
    add_probes(run, STD, 0.9)
    add_probes(run, CASCOD, 0.1)
    return run


def test_a_wider_space_is_called_wider_with_its_figures(explored):
    space = build_report(explored).reasoning
    assert space.samples == SAMPLES
    values = {(row.method, row.measure, row.on): row for row in space.rows}
    assert values["std_cot", "vendi", "ood"].mean.value == pytest.approx(0, abs=1e-9)
    assert values["cascod", "vendi", "ood"].mean.value > 0.3
    assert values["std_cot", "words", "ind"].mean.value == 13
    assert values["cascod", "words", "ind"].mean.value == 12
    assert values["std_cot", "vendi", "ood"].questions == 2 * 2 * QUESTIONS
    found = {(f.question, f.on): f for f in space.findings}
    assert found["Is the space wider?", "ood"].said == "cascod is wider"
    assert found["Is the answer preset?", "ind"].said == "cascod presets it less often"
    assert found["Does the rationale matter?", "ood"].said == "cascod follows it more"


def test_early_answers_are_a_curve_from_the_preset_share_to_all(explored):
    curves = {(row.method, row.on): row for row in build_report(explored).reasoning.early}
    curve = curves["std_cot", "ood"]
    assert curve.shown == (0, 0.25, 0.5, 0.75, 1)
    assert curve.same[-1] == 1
    assert curve.same[0] == pytest.approx(0.9, abs=0.1)
    assert curves["cascod", "ood"].same[0] == pytest.approx(0.1, abs=0.1)


def test_intervals_are_never_certain_and_contain_their_value(explored):
    space = build_report(explored).reasoning
    for found in (*(row.mean for row in space.rows), *(row.contrast for row in space.contrasts)):
        assert found.lower <= found.value <= found.upper
        assert found.lower < found.upper, found
    assert all(0 < row.contrast.p <= row.p_adjusted <= 1 for row in space.contrasts)


def test_the_report_shows_both_sections_with_charts_and_readings(explored):
    folder = write_report(explored)
    page = (folder / "report.html").read_text()
    assert {"space.svg", "preset.svg"} <= {path.name for path in (folder / "figures").iterdir()}
    for words in ("4 samples a question", "is the answer preset?", "Lanham et al.", "at a glance"):
        assert words in page
    json.loads((folder / "report.json").read_text(), parse_constant=pytest.fail)


def test_one_probed_question_a_task_has_its_curve_if_no_measure_yet(tmp_path):
    one_seed = replace(STD, seeds=STD.seeds[:1])
    run = write_run(tmp_path / "run", (one_seed,))
    add_draws(run, one_seed, same)
    add_probes(run, one_seed, 0.9, questions=1)
    figures = {path.name for path in (write_report(run) / "figures").iterdir()}
    assert {"space.svg", "preset.svg"} <= figures


def test_a_run_without_samples_has_no_such_section(tmp_path):
    run = write_run(tmp_path / "run", (STD, CASCOD))
    assert build_report(run).reasoning is None


def test_a_method_that_was_not_sampled_throughout_is_left_out_with_a_note(tmp_path):
    run = write_run(tmp_path / "run", (STD, CASCOD))
    add_draws(run, STD, same)
    add_draws(run, replace(CASCOD, seeds=[0]), varied)
    report = build_report(run)
    assert {row.method for row in report.reasoning.rows} == {"std_cot"}
    assert any("tiny / cascod: not every seed" in note for note in report.notes)


def test_methods_are_compared_at_the_same_number_of_samples(tmp_path):
    run = write_run(tmp_path / "run", (STD, CASCOD))
    add_draws(run, STD, varied, samples=6)
    add_draws(run, CASCOD, varied)
    space = build_report(run).reasoning
    assert space.samples == SAMPLES
    row = next(r for r in space.contrasts if (r.measure, r.on) == ("vendi", "ood"))
    assert row.contrast.lower < 0 < row.contrast.upper


def test_a_draw_that_lacks_a_question_is_named(tmp_path):
    run = write_run(tmp_path / "run", (STD, CASCOD))
    add_draws(run, STD, same)
    file = next((cell(run, STD, 0) / "sampled/draw2").iterdir())
    file.write_text("".join(file.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(UserError, match=r"draw2.*not in all draws"):
        build_report(run)


def test_findings_of_one_seed_a_side_speak_of_these_checkpoints(tmp_path):
    run = write_run(tmp_path / "run", [replace(each, seeds=[0]) for each in (STD, CASCOD)])
    add_draws(run, replace(STD, seeds=[0]), same)
    add_draws(run, replace(CASCOD, seeds=[0]), varied)
    found = {(f.question, f.on): f for f in build_report(run).reasoning.findings}
    assert found["Is the space wider?", "ood"].said == "cascod is wider, these checkpoints"

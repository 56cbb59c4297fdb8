"""Responses that were cut off: accuracies with forced answers and as written, and what a verdict
is worth that rests on who finished an answer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from synthetic_run import SyntheticSystem, sample, write_cell, write_report, write_run

from reports.logs.run_data import load_run
from reports.run_report.build import build_report
from reports.run_report.render_terminal import print_report
from reports.run_report.report_content import ComparisonRow, Report
from reports.run_report.result_tables import accuracy_table, comparison_table, macro_table
from reports.run_report.unfinished import unfinished_answers
from reports.statistics.multiplicity import benjamini_hochberg, holm

OOD = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}
AS_WRITTEN = {**OOD, "answers": "as_written"}
SEEDS = (0, 1, 2)
NOT_FORCED = "No answer was forced"
FORMS = ("report.md", "report.html", "tables.tex")


def pair(
    cascod: float, std_cot: float, *, cut: float, both_cut: float = 0.0, ind: float = 0.8
) -> list[SyntheticSystem]:
    """CasCoD and Std-CoT with these out-of-domain abilities, of Std-CoT's responses `cut` cut."""
    return [
        SyntheticSystem("std_cot", SEEDS, {"ind": ind, "ood": std_cot}, cut=cut),
        SyntheticSystem("cascod", SEEDS, {"ind": ind, "ood": cascod}, cut=both_cut),
    ]


# Equal where both may finish; as written one of them loses a third of its answers.
RESTS_ON_WHO_FINISHED = pair(0.6, 0.6, cut=0.35)


def report_of(
    directory: Path,
    systems: Sequence[SyntheticSystem],
    primary: Mapping[str, Any] = OOD,
    family: Sequence[Mapping[str, Any]] = (),
) -> Report:
    return build_report(
        write_run(directory, systems, items_per_task=80, primary=primary, family=family)
    )


def primary_of(report: Report) -> ComparisonRow:
    (row,) = [row for row in report.comparisons if row.primary]
    return row


@pytest.fixture(scope="module")
def forced_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("run")
    return write_run(run, RESTS_ON_WHO_FINISHED, items_per_task=80, primary=OOD)


@pytest.fixture(scope="module")
def forced(forced_run: Path) -> Report:
    return build_report(forced_run)


def test_where_nothing_was_forced_one_line_says_so_and_tables_are_as_ever(tmp_path: Path) -> None:
    run = write_run(tmp_path, items_per_task=10)
    report = build_report(run)
    directory = write_report(run)
    for form in FORMS:
        text = (directory / form).read_text()
        assert text.count(NOT_FORCED) == 1, form
        assert "as written" not in text.replace(unfinished_answers(report), "")
    assert accuracy_table(report).columns[3:] == (
        "embedded_ind (IND)",
        "embedded_longer (OOD)",
        "embedded_decued (OOD)",
    )
    for row in (*report.accuracies, *report.tasks):
        assert (row.as_written, row.unparsed_as_written, row.forced) == (
            row.accuracy,
            row.unparsed,
            0.0,
        )
    for comparison in report.comparisons:
        assert comparison.otherwise.contrast == comparison.contrast
        assert not comparison.depends


def test_samples_of_before_stand_as_written(tmp_path: Path) -> None:
    run = write_run(tmp_path, items_per_task=10)
    now = load_run(run)
    for file in run.glob("cells/*/*/*/eval/samples_*.jsonl"):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        for row in rows:
            for name in ("answer_forced", "parsed_as_written", "correct_as_written", "raw"):
                del row[name]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = load_run(run)
    assert not before.forced
    for old, new in zip(before.systems, now.systems, strict=True):
        assert (old.correct_as_written == new.correct).all()
        assert (old.parse_ok_as_written == new.parse_ok).all()


def test_both_accuracies_and_the_shares_cut_and_forced_are_those_of_the_samples(
    forced_run: Path, forced: Report
) -> None:
    run = load_run(forced_run)
    system = run.system("tiny", "std_cot")
    assert system is not None
    (row,) = [r for r in forced.accuracies if (r.method, r.suite) == ("std_cot", "embedded_longer")]
    items = run.items.suite == "embedded_longer"
    assert row.accuracy.value == pytest.approx(system.correct[:, items].mean())
    written = system.correct & ~system.answer_forced
    assert row.as_written.value == pytest.approx(written[:, items].mean())
    assert row.as_written.lower < row.as_written.value < row.as_written.upper
    assert row.forced == pytest.approx(system.answer_forced[:, items].mean())
    assert row.truncated >= row.forced > 0.25
    assert row.unparsed_as_written - row.unparsed > 0.2
    macros = {(r.method, r.on): r for r in forced.macros}
    ood = [r for r in forced.accuracies if (r.method, r.role) == ("std_cot", "ood")]
    assert macros["std_cot", "ood"].as_written.value == pytest.approx(
        np.mean([r.as_written.value for r in ood])
    )


def test_they_stand_side_by_side_in_every_form(forced_run: Path, forced: Report) -> None:
    directory = write_report(forced_run)
    for table in (accuracy_table(forced), macro_table(forced)):
        names = " ".join(table.columns)
        assert names.count("with forced answers") == names.count("as written") == 3
    (row,) = [r for r in forced.accuracies if (r.method, r.suite) == ("std_cot", "embedded_ind")]
    both = [f"{100 * found.value:.1f}" for found in (row.accuracy, row.as_written)]
    for form in FORMS:
        text = (directory / form).read_text()
        assert NOT_FORCED not in text
        for figure in (*both, f"forced {100 * row.forced:.1f}"):
            assert figure in text, form
        assert "(IND), as written" in text
    printed = io.StringIO()
    print_report(forced, Console(width=160, file=printed))
    assert all(figure in printed.getvalue() for figure in both)
    content = json.loads((directory / "report.json").read_text())
    (logged,) = [
        r for r in content["accuracies"] if (r["method"], r["suite"]) == (row.method, row.suite)
    ]
    assert (logged["value"], logged["as_written"]) == (row.accuracy.value, row.as_written.value)


def test_what_rests_on_who_finished_is_not_called_supported(tmp_path: Path) -> None:
    report = report_of(tmp_path, RESTS_ON_WHO_FINISHED, AS_WRITTEN)
    (verdict,) = report.verdicts
    assert verdict.outcome == "depends"
    assert verdict.headline == (
        "Depends on unfinished answers: that cascod beats std_cot out-of-domain is supported as "
        "written, not shown with forced answers."
    )
    row = primary_of(report)
    assert (row.answers, row.depends) == ("as_written", True)
    assert row.contrast.lower > 0
    assert row.otherwise.contrast.lower < 0 < row.otherwise.contrast.upper
    assert any("With forced answers the difference is" in reason for reason in verdict.reasons)


def test_the_same_run_judged_with_forced_answers_says_the_same_the_other_way_round(
    forced: Report,
) -> None:
    (verdict,) = forced.verdicts
    assert verdict.headline == (
        "Depends on unfinished answers: that cascod beats std_cot out-of-domain is not shown with "
        "forced answers, supported as written."
    )
    row = primary_of(forced)
    shares = row.unfinished
    assert (shares.treatment_forced, row.answers) == (0.0, "forced")
    assert 0.25 < shares.baseline_forced <= shares.baseline_cut
    assert "the answer was forced in 0.0% and 3" in verdict.reasons[1]
    (marked,) = [cells for cells in comparison_table(forced).rows if cells[1].tone == "strong"]
    assert (marked[4].text, marked[-1].tone) == ("forced", "bad")


@pytest.mark.parametrize(
    ("systems", "outcome", "begins"),
    [
        (pair(0.85, 0.4, cut=0.2), "holds", "Supported: cascod beats"),
        (pair(0.3, 0.85, cut=0.1), "contradicted", "Contradicted: "),
        (pair(0.5, 0.5, cut=0.02, both_cut=0.02), "not shown", "Not shown: "),
    ],
)
def test_what_holds_both_ways_is_said_as_ever(
    tmp_path: Path, systems: list[SyntheticSystem], outcome: str, begins: str
) -> None:
    report = report_of(tmp_path, systems)
    (verdict,) = report.verdicts
    assert (verdict.outcome, report.forced) == (outcome, True)
    assert verdict.headline.startswith(begins)


def test_opposite_signs_are_told_in_the_headline_though_neither_is_shown(tmp_path: Path) -> None:
    report = report_of(tmp_path, pair(0.56, 0.6, cut=0.1))
    row = primary_of(report)
    assert row.contrast.value < 0 < row.otherwise.contrast.value
    (verdict,) = report.verdicts
    assert verdict.outcome == "not shown"
    assert verdict.headline.endswith(
        "the difference is above zero as written, below it with forced answers."
    )


def test_a_gap_claim_depends_on_them_too(tmp_path: Path) -> None:
    # In-domain everything fits; as written Std-CoT's gap is wide because it is cut off far away.
    def cell(method: str, forced_ood: bool) -> None:
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            samples = [
                sample(
                    suite,
                    task,
                    i,
                    correct=bool(rng.random() < 0.7),
                    rationale=f"{method} {seed}",
                    forced=forced_ood and suite != "embedded_ind" and i % 2 == 0,
                )
                for suite in ("embedded_ind", "embedded_longer")
                for task in ("counting", "navigate")
                for i in range(80)
            ]
            write_cell(tmp_path, SyntheticSystem(method, SEEDS, {}), seed, samples)

    cell("std_cot", forced_ood=True)
    cell("cascod", forced_ood=False)
    primary = "primary: {treatment: cascod, baseline: std_cot, contrast: gap, answers: as_written}"
    (tmp_path / "experiment.yaml").write_text(primary)
    (verdict,) = build_report(tmp_path).verdicts
    assert verdict.outcome == "depends"
    assert "supported as written, not shown with forced answers" in verdict.headline


def test_both_ways_are_adjusted_among_the_same_comparisons(tmp_path: Path) -> None:
    weighted = SyntheticSystem("weighted_std_cot", SEEDS, {"ind": 0.8, "ood": 0.65}, cut=0.1)
    family = [{"treatment": "weighted_std_cot", "baseline": "std_cot", "contrast": "ood"}]
    report = report_of(tmp_path, [*RESTS_ON_WHO_FINISHED, weighted], family=family)
    for kind, adjust, least in (
        ("confirmatory", holm, 2),
        ("exploratory", benjamini_hochberg, 5),
    ):
        rows = [row for row in report.comparisons if row.kind == kind]
        assert len(rows) >= least
        assert [row.otherwise.p_adjusted for row in rows] == adjust(
            [row.otherwise.contrast.p for row in rows]
        )
    assert [row.depends for row in report.comparisons if row.kind == "confirmatory"] == [True, True]


def test_the_same_answer_forced_and_written_are_no_identical_responses(tmp_path: Path) -> None:
    for method in ("std_cot", "cascod"):
        samples = [
            sample(suite, "counting", i, correct=True, forced=method == "std_cot")
            for suite in ("embedded_ind", "embedded_longer")
            for i in range(20)
        ]
        write_cell(tmp_path, SyntheticSystem(method, [0], {}), 0, samples)
    (tmp_path / "experiment.yaml").write_text(
        "primary: {treatment: cascod, baseline: std_cot, contrast: ood}"
    )
    (verdict,) = build_report(tmp_path).verdicts
    assert verdict.outcome == "depends"
    assert "for these checkpoints, as an exploratory result" in verdict.headline


def test_items_show_both_answers_and_can_be_told(forced_run: Path, forced: Report) -> None:
    (browsed,) = forced.items
    assert browsed.totals["forced"] == browsed.shown("forced") > 0
    for item in browsed.items:
        assert ("forced" in item.kinds) == any(answer.forced for answer in item.answers)
        for answer in item.answers:
            if answer.forced:
                assert (answer.parsed_as_written, answer.correct_as_written) == (None, False)
            else:
                assert answer.parsed_as_written == answer.parsed
    assert (
        "forced answer right: (A); as written wrong: None"
        in (write_report(forced_run) / "report.md").read_text()
    )

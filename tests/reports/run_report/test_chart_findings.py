"""What charts say of themselves: true of the rows drawn, and no more than intervals allow."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_run import SyntheticSystem, write_report, write_run

from reports.run_report.build import build_report
from reports.run_report.chart_findings import (
    accuracy_finding,
    averages_finding,
    comparisons_finding,
    tasks_finding,
)
from reports.run_report.report_content import AccuracyRow, Report
from reports.statistics.intervals import Interval


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build_report(write_run(tmp_path_factory.mktemp("run")))


def with_accuracies(report: Report, figures: dict[str, list[tuple[float, float]]]) -> Report:
    """The report with accuracies of two methods, as (value, half width) a suite."""
    suites = list(dict.fromkeys(row.suite for row in report.accuracies))
    template = report.accuracies[0]
    rows: list[AccuracyRow] = [
        replace(
            template,
            method=method,
            suite=suite,
            accuracy=Interval(value, value - half, value + half),
            majority=0.32,
        )
        for method, values in figures.items()
        for suite, (value, half) in zip(suites, values, strict=True)
    ]
    return replace(report, accuracies=tuple(rows))


def test_the_highest_in_most_suites_is_named_with_its_range(report: Report) -> None:
    shown = with_accuracies(
        report,
        {
            "std_cot": [(0.5, 0.1), (0.2, 0.05), (0.4, 0.1)],
            "cascod": [(0.6, 0.1), (0.5, 0.05), (0.3, 0.1)],
        },
    )
    said = accuracy_finding(shown)
    assert said.startswith("cascod 30.0 to 60.0%, highest of 2 methods in 2 of 3 suites;")
    # 50 ± 5 lies above 20 ± 5; 60 ± 10 and 50 ± 10 overlap.
    assert "above all others in 1 of 3 suites" in said
    assert "3 of 6 intervals lie above the majority class" in said


def test_a_tie_has_no_first(report: Report) -> None:
    level = [(0.5, 0.1), (0.5, 0.1), (0.5, 0.1)]
    said = accuracy_finding(with_accuracies(report, {"std_cot": level, "cascod": level}))
    assert said.startswith("No method is alone highest in any suite;")
    assert "above all others in 0 of 3 suites" in said


def test_the_primary_difference_stands_with_its_interval(report: Report) -> None:
    said = comparisons_finding(report).replace("−", "-")
    (row,) = [row for row in report.comparisons if row.primary]
    told = re.search(r"OOD: ([+-][\d.]+) points \(([+-][\d.]+) to ([+-][\d.]+)\)", said)
    assert told
    found = row.contrast
    expected = [100 * figure for figure in (found.value, found.lower, found.upper)]
    assert [float(figure) for figure in told.groups()] == pytest.approx(expected, abs=0.051)


def test_only_adjusted_p_values_show_a_difference(report: Report) -> None:
    none = tuple(
        replace(row, contrast=replace(row.contrast, p=0.001), p_adjusted=0.2)
        for row in report.comparisons
    )
    assert "After adjustment 0 of " in comparisons_finding(replace(report, comparisons=none))


def test_a_loss_is_only_said_of_gaps_whose_interval_says_it(report: Report) -> None:
    gaps = [row for row in report.macros if row.on == "gap"]
    lost = sum(row.average.lower > 0 for row in gaps)
    assert 0 < lost < len(gaps)
    assert f"above 0 for {lost} of {len(gaps)} methods" in averages_finding(report)


def test_the_heat_map_counts_its_marks(report: Report, tmp_path: Path) -> None:
    below = sum(not row.above_majority for row in report.tasks)
    assert f"{below} of {len(report.tasks)} (*)" in tasks_finding(report)
    systems = [
        SyntheticSystem(method, [0, 1], {"ind": 0.9, "ood": ood})
        for method, ood in (("std_cot", 0.2), ("cascod", 0.3))
    ]
    run = write_run(tmp_path, systems)
    svg = (write_report(run) / "figures" / "tasks.svg").read_text()
    marked = sum(not row.above_majority for row in build_report(run).tasks)
    assert 0 < marked == len(re.findall(r">\d+\*<", svg))


def test_each_student_is_told_of_by_itself(tmp_path: Path) -> None:
    systems = [
        SyntheticSystem(method, [0], {"ind": 0.5, "ood": 0.5}, student=student)
        for student in ("small", "tiny")
        for method in ("std_cot", "cascod")
    ]
    said = accuracy_finding(build_report(write_run(tmp_path, systems, items_per_task=8)))
    assert said.startswith("small: ")
    assert " tiny: " in said


def test_the_page_and_the_markdown_carry_the_same_words(tmp_path: Path, report: Report) -> None:
    folder = write_report(write_run(tmp_path))
    words = accuracy_finding(report).split(";")[0].split(",")[1]
    assert words in (folder / "report.html").read_text()
    assert words in (folder / "report.md").read_text()

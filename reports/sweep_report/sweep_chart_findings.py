"""What each chart of a sweep shows, in words from the figures drawn: its label and its caption."""

from __future__ import annotations

from reports.rendering.numerals import percent, signed_points
from reports.sweep_report.sweep_charts import charted_differences, charted_suites
from reports.sweep_report.sweep_content import DifferenceRow, SweepReport
from reports.sweep_report.sweep_summary import on_label


def accuracy_finding(report: SweepReport, student: str) -> str:
    """Where each method starts and ends in the first panel's suite."""
    first, last = report.values[0].label, report.values[-1].label
    suite = charted_suites(report)[0]
    at = {
        (row.method, row.at): row
        for row in report.accuracies
        if (row.student, row.on) == (student, suite)
    }
    ends = [
        f"{method} {percent(at[method, first].accuracy.value)}% to "
        f"{percent(at[method, last].accuracy.value)}%"
        for method in report.methods
        if (method, first) in at and (method, last) in at
    ]
    told = f"{suite}, from {report.key} = {first} to {last}: {', '.join(ends)}. " if ends else ""
    return (
        f"{told}Bands: 95% intervals. Dotted: majority class, what always giving a task's "
        "commonest answer would score."
    )


def difference_finding(report: SweepReport, student: str) -> str:
    """On what and at how many values an interval lies on one side of 0."""
    told = []
    for on in charted_differences(report, student):
        rows = [row for row in report.differences if (row.student, row.on) == (student, on)]
        above, below = (
            sum(row.contrast.lower > 0 for row in rows),
            sum(row.contrast.upper < 0 for row in rows),
        )
        told.append(
            f"{on_label(on)}: {_range(rows)}, interval above 0 at {above} and below 0 at {below} "
            f"of {len(rows)} values."
        )
    return " ".join([*told, "Bands: 95% intervals, one a value and not adjusted."])


def _range(rows: list[DifferenceRow]) -> str:
    values = [row.contrast.value for row in rows]
    return f"{signed_points(min(values))} to {signed_points(max(values))} points"

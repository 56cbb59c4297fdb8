"""Charts of a sweep: accuracy, and treatment - baseline, against the values, a panel a suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from reports.rendering.chart_kit import INK, Sheet, legend, look, panels
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.sweep_report.sweep_content import SweepReport
from reports.sweep_report.sweep_summary import on_label

MOST_PANELS = 6
COLUMNS = 3
DECUED = "decued"
MAJORITY = "majority class"


def accuracy_chart(report: SweepReport, student: str, sheet: Sheet) -> Figure:
    """A curve a method with its 95% band, a panel a suite; dotted: majority class."""
    shown = charted_suites(report)
    figure, grid = _panels(sheet, len(shown))
    for axes, suite in zip(grid, shown, strict=True):
        own = [row for row in report.accuracies if (row.student, row.on) == (student, suite)]
        for method in report.methods:
            curve = {row.at: row.accuracy for row in own if row.method == method}
            _curve(axes, report, curve, method, method)
        chance = {row.at: row.majority for row in own if row.majority is not None}
        x = [value.x for value in report.values if value.label in chance]
        shares = [100 * share for share in chance.values()]
        axes.plot(x, shares, color=INK, lw=1, ls=":", label=MAJORITY)
        axes.set_ylim(0, 104)
        axes.set_title(suite)
    _finish(report, grid, "accuracy, %")
    legend(figure, sheet, grid)
    return figure


def difference_chart(report: SweepReport, student: str, sheet: Sheet) -> Figure | None:
    """Treatment - baseline with its 95% band: the plan's estimand, then a panel a suite."""
    if report.pair is None:
        return None
    shown = charted_differences(report, student)
    if not shown:
        return None
    figure, grid = _panels(sheet, len(shown))
    for axes, on in zip(grid, shown, strict=True):
        curve = {
            row.at: row.contrast
            for row in report.differences
            if (row.student, row.on) == (student, on)
        }
        _curve(axes, report, curve, report.pair[0], " − ".join(report.pair))
        axes.axhline(0, color=INK, lw=0.8)
        axes.set_title(on_label(on) + (" (planned)" if on == report.on else ""))
    _finish(report, grid, "difference, points")
    legend(figure, sheet, grid)
    return figure


def charted_differences(report: SweepReport, student: str) -> list[str]:
    """What the panels of differences are about: the plan's estimand, then suites."""
    asked = {row.on for row in report.differences if row.student == student}
    suites = charted_suites(report)
    wide = [report.on] if report.on and report.on not in suites else []
    return [on for on in (*wide, *suites) if on in asked][:MOST_PANELS]


def charted_suites(report: SweepReport) -> list[str]:
    """The suites to show: those without the hint first, then the others out-of-domain, then
    in-domain.
    """
    ranked = sorted(report.suites, key=lambda row: (DECUED not in row.suite, row.role != "ood"))
    return [row.suite for row in ranked][:MOST_PANELS]


def _panels(sheet: Sheet, number: int) -> tuple[Figure, list[Any]]:
    # Four panels are two by two, not three and one.
    across = 2 if number == 4 else COLUMNS
    return panels(sheet, number, 2.2 if sheet.narrow else 2.6, across=across, share=True)


def _curve(
    axes: Any,
    report: SweepReport,
    estimates: Mapping[str, Interval | Contrast],
    method: str,
    label: str,
) -> None:
    """The estimates by the label of their value."""
    place = {value.label: value.x for value in report.values}
    if not estimates:
        return
    x = [place[at] for at in estimates]
    colour, marker = look(report.methods, method)
    lower, upper = (
        [100 * bound for bound in ends]
        for ends in zip(*[(each.lower, each.upper) for each in estimates.values()], strict=True)
    )
    axes.fill_between(x, lower, upper, color=colour, alpha=0.14, lw=0)
    axes.plot(
        x,
        [100 * each.value for each in estimates.values()],
        color=colour,
        marker=marker,
        markersize=5,
        lw=1.6,
        label=label,
    )


def _finish(report: SweepReport, grid: Sequence[Any], ylabel: str) -> None:
    for axes in grid:
        if report.scale == "log":
            axes.set_xscale("log")
        axes.set_xticks([value.x for value in report.values], [v.label for v in report.values])
        axes.minorticks_off()
        axes.grid()
        if axes.get_subplotspec().is_first_col():
            axes.set_ylabel(ylabel)
        if axes.xaxis.get_tick_params()["labelbottom"]:
            axes.set_xlabel(report.key)

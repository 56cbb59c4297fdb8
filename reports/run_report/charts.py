"""What each chart shows, drawn from a report's content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from reports.rendering.chart_kit import (
    COLOURS,
    INK,
    Sheet,
    legend,
    look,
    name_rows,
    panels,
    room_for_names,
    zero_line,
)
from reports.rendering.numerals import count
from reports.run_report.report_content import AccuracyRow, ComparisonRow, MacroRow, Report
from reports.run_report.result_tables import comparison_label
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval

MAJORITY = "majority class"
ABOVE = 0.2  # how far above a row its name stands on a narrow sheet


def accuracy_chart(report: Report, sheet: Sheet) -> Figure:
    """Dot and interval for every method in every suite, a panel a student; dotted: majority
    class.
    """
    methods = methods_of(report)
    students = students_of(report)
    suites = [row.suite for row in report.suites]
    # On a narrow sheet the upper third of a row is its name's.
    first, last = (-0.12, 0.42) if sheet.narrow else (-0.4, 0.4)
    step = (last - first) / len(methods)
    row_height = (0.4 if sheet.narrow else 0.22) + 0.17 * len(methods)
    height = 1.2 + len(suites) * row_height
    figure, grid = panels(sheet, len(students), height, share=True)
    for axes, student in zip(grid, students, strict=True):
        for row in report.accuracies:
            if row.student == student:
                centre = suites.index(row.suite) + first + step / 2
                _dot(axes, row, centre + methods.index(row.method) * step, methods)
        for position, suite in enumerate(report.suites):
            chance = next(r.majority for r in report.accuracies if r.suite == suite.suite)
            ends = [position + first - 0.02, position + last + 0.02]
            axes.plot([100 * chance] * 2, ends, color=INK, lw=1, ls=":", label=MAJORITY)
        name_rows(axes, sheet, [f"{s.suite} ({s.role.upper()})" for s in report.suites], 0.2)
        axes.set_ylim(len(suites) - 0.25, -0.5)
        axes.set_xlabel("accuracy, %")
        axes.set_title(student)
        axes.grid(axis="x")
    for axes in grid:
        _explain_dotted(axes, 100 * chance, len(suites) - 0.28)
    legend(figure, sheet, grid)
    return figure


def _explain_dotted(axes: Any, x: float, y: float) -> None:
    """Says what the dotted line is, at the foot of the last one."""
    left, right = axes.get_xlim()
    before = x > (left + right) / 2
    axes.annotate(
        MAJORITY,
        (x, y),
        xytext=(-4 if before else 4, 3),
        textcoords="offset points",
        ha="right" if before else "left",
        va="bottom",
        size="small",
        in_layout=False,
    )


def averages_chart(report: Report, sheet: Sheet) -> Figure | None:
    """IND against OOD averages; on the dashed line a student generalizes without loss."""
    ind, ood = _by_system(report, "ind"), _by_system(report, "ood")
    if not set(ind) & set(ood):
        return None
    methods = methods_of(report)
    students = students_of(report)
    figure, grid = panels(sheet, len(students), 3.6)
    for axes, student in zip(grid, students, strict=True):
        for system in (s for s in ind if s in ood and s[0] == student):
            x, y = ind[system], ood[system]
            colour, marker = look(methods, system[1])
            axes.errorbar(
                100 * x.average.value,
                100 * y.average.value,
                xerr=_reach(x.average),
                yerr=_reach(y.average),
                color=colour,
                marker=marker,
                ls="none",
                lw=1.3,
                label=system[1],
            )
        low = min(axes.get_xlim()[0], axes.get_ylim()[0])
        high = max(axes.get_xlim()[1], axes.get_ylim()[1])
        axes.plot([low, high], [low, high], color=INK, lw=0.8, ls="--", alpha=0.5)
        axes.set(xlabel="IND average, %", ylabel="OOD average, %", title=student)
        axes.grid()
    legend(figure, sheet, grid)
    return figure


def comparisons_chart(report: Report, sheet: Sheet) -> Figure | None:
    """Differences between trained systems; the primary comparison filled, others hollow."""
    rows = charted_comparisons(report)
    if not rows:
        return None
    students = list(dict.fromkeys(row.student for row in rows))
    shown = {student: [row for row in rows if row.student == student] for student in students}
    labels = {
        student: [
            f"{row.treatment} − {row.baseline}, {comparison_label(row)}"
            f"{' (primary)' if row.primary else ''}"
            for row in own
        ]
        for student, own in shown.items()
    }
    heights = [len(own) for own in shown.values()]
    row_height = (0.44 if sheet.narrow else 0.26) + max(
        room_for_names(sheet, names) for names in labels.values()
    )
    size = sheet.width, 0.9 + row_height * sum(heights)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(shown), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    methods = methods_of(report)
    for axes, (student, own) in zip(grid, shown.items(), strict=True):
        for position, row in enumerate(own):
            colour, marker = look(methods, row.treatment)
            axes.errorbar(
                100 * row.contrast.value,
                position,
                xerr=_reach(row.contrast),
                color=colour,
                marker=marker,
                lw=2.2 if row.primary else 1.3,
                markerfacecolor=colour if row.primary else "none",
            )
        zero_line(axes, sheet, len(own))
        name_rows(axes, sheet, labels[student], ABOVE)
        axes.set_ylim(len(own) - 0.6, -0.9 if sheet.narrow else -0.5)
        axes.set_title(student)
        axes.grid(axis="x")
    grid[-1].set_xlabel("difference, percentage points")
    return figure


def charted_comparisons(report: Report) -> list[ComparisonRow]:
    """The comparisons of trained systems that did not answer alike."""
    trained = {(system.student, system.method) for system in report.systems if system.seeds}
    return [
        row
        for row in report.comparisons
        if not row.contrast.identical and (row.student, row.treatment) in trained
    ]


def effects_chart(report: Report, sheet: Sheet) -> Figure | None:
    """What each ingredient of CasCoD does: in-domain filled, out-of-domain hollow, a panel a
    kind.
    """
    if not report.effects:
        return None
    student = report.effects[0].student
    kinds = {"alone": "each ingredient alone", "step": "one change at a time"}
    shown = {
        kind: [row for row in report.effects if (row.student, row.kind) == (student, kind)]
        for kind in kinds
    }
    kept = {kind: rows for kind, rows in shown.items() if rows}
    heights = [len({row.name for row in rows}) for rows in kept.values()]
    row_height = 0.6 if sheet.narrow else 0.42
    size = sheet.width, 1 + row_height * sum(heights)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(kept), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axes, (kind, rows) in zip(grid, kept.items(), strict=True):
        names = list(dict.fromkeys(row.name for row in rows))
        for row in rows:
            ind = row.on == "ind"
            axes.errorbar(
                100 * row.contrast.value,
                names.index(row.name) + (-0.14 if ind else 0.14),
                xerr=_reach(row.contrast),
                color=COLOURS[0] if ind else COLOURS[1],
                marker="o" if ind else "s",
                markersize=5,
                ls="none",
                lw=1.3,
                label="in-domain" if ind else "out-of-domain",
            )
        zero_line(axes, sheet, len(names))
        name_rows(axes, sheet, names, ABOVE)
        axes.set_ylim(len(names) - 0.5, -0.8 if sheet.narrow else -0.5)
        axes.set_title(kinds[kind])
        axes.grid(axis="x")
    grid[-1].set_xlabel("difference, percentage points")
    legend(figure, sheet, list(grid))
    return figure


def costs_chart(report: Report, sheet: Sheet) -> Figure | None:
    """Accuracy (OOD average where there is one) against training FLOPs."""
    points = charted_costs(report)
    if not points:
        return None
    methods = methods_of(report)
    students = students_of(report)
    figure, grid = panels(sheet, len(students), 3.2)
    for axes, student in zip(grid, students, strict=True):
        for flops, macro in (point for point in points if point[1].student == student):
            colour, marker = look(methods, macro.method)
            axes.errorbar(
                flops,
                100 * macro.average.value,
                yerr=_reach(macro.average),
                color=colour,
                marker=marker,
                ls="none",
                lw=1.3,
                label=macro.method,
            )
        axes.set_xlim(0, 1.15 * max(flops for flops, _ in points))
        axes.xaxis.set_major_formatter(lambda flops, _: count(flops) if flops else "0")
        axes.set(
            xlabel="training FLOPs, one seed",
            ylabel=f"{points[0][1].on.upper()} average, %",
            title=student,
        )
        axes.grid()
    legend(figure, sheet, grid)
    return figure


def charted_costs(report: Report) -> list[tuple[float, MacroRow]]:
    """Training FLOPs of one seed and the average reached, of every system that has both."""
    on = "ood" if any(row.on == "ood" for row in report.macros) else "ind"
    scores = _by_system(report, on)
    return [
        (row.training_flops, scores[row.student, row.method])
        for row in report.costs
        if row.training_flops and (row.student, row.method) in scores
    ]


def _dot(axes: Any, row: AccuracyRow, y: float, methods: Sequence[str]) -> None:
    colour, marker = look(methods, row.method)
    axes.errorbar(
        100 * row.accuracy.value,
        y,
        xerr=_reach(row.accuracy),
        color=colour,
        marker=marker,
        markersize=5,
        lw=1.3,
        ls="none",
        label=row.method,
    )


def _reach(found: Interval | Contrast) -> list[list[float]]:
    """The distances from a value to its interval's ends, in percentage points (2, 1)."""
    return [[100 * (found.value - found.lower)], [100 * (found.upper - found.value)]]


def methods_of(report: Report) -> list[str]:
    """All methods, in the order of their colours."""
    return list(dict.fromkeys(system.method for system in report.systems))


def students_of(report: Report) -> list[str]:
    """The students that were trained; stored completions have no panel of their own."""
    trained = [system.student for system in report.systems if system.seeds]
    return list(dict.fromkeys(trained or [system.student for system in report.systems]))


def _by_system(report: Report, on: str) -> dict[tuple[str, str], MacroRow]:
    return {(row.student, row.method): row for row in report.macros if row.on == on}

"""What each chart shows, drawn from a report's content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from reports.rendering.chart_kit import COLOURS, INK, legend, look
from reports.rendering.numerals import count
from reports.run_report.report_content import AccuracyRow, MacroRow, Report
from reports.run_report.result_tables import comparison_label
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval

HEAT = LinearSegmentedColormap.from_list("heat", ["#f6e8d9", "#8fc0dd"])
ON_HEAT = "#16202a"


def accuracy_chart(report: Report) -> Figure:
    """Dot and interval for every method in every suite, a panel a student; dotted: majority class."""
    methods = methods_of(report)
    students = _students(report)
    suites = [row.suite for row in report.suites]
    step = 0.8 / len(methods)
    height = 1.2 + len(suites) * (0.22 + 0.17 * len(methods))
    figure, panels = _panels(len(students), height, share=True)
    for axes, student in zip(panels, students, strict=True):
        for row in report.accuracies:
            if row.student == student:
                centre = suites.index(row.suite) - 0.4 + step / 2
                _dot(axes, row, centre + methods.index(row.method) * step, methods)
        for position, suite in enumerate(report.suites):
            chance = next(r.majority for r in report.accuracies if r.suite == suite.suite)
            axes.plot(
                [100 * chance] * 2, [position - 0.42, position + 0.42], color=INK, lw=1, ls=":"
            )
        axes.set_yticks(
            range(len(suites)), [f"{s.suite} ({s.role.upper()})" for s in report.suites]
        )
        axes.set_ylim(len(suites) - 0.5, -0.5)
        axes.set_xlabel("accuracy, %")
        axes.set_title(student)
        axes.grid(axis="x")
    legend(figure, panels)
    return figure


def averages_chart(report: Report) -> Figure | None:
    """IND against OOD averages; on the dashed line a student generalizes without loss."""
    ind, ood = _by_system(report, "ind"), _by_system(report, "ood")
    if not set(ind) & set(ood):
        return None
    methods = methods_of(report)
    students = _students(report)
    figure, panels = _panels(len(students), 3.8)
    for axes, student in zip(panels, students, strict=True):
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
    legend(figure, panels)
    return figure


def comparisons_chart(report: Report) -> Figure | None:
    """Differences between trained systems; the primary comparison filled, others hollow."""
    trained = {(system.student, system.method) for system in report.systems if system.seeds}
    rows = [
        row
        for row in report.comparisons
        if not row.contrast.identical and (row.student, row.treatment) in trained
    ]
    if not rows:
        return None
    several = len({row.student for row in rows}) > 1
    labels = [
        f"{row.student + ': ' if several else ''}{row.treatment} − {row.baseline}, "
        f"{comparison_label(row)}{' (primary)' if row.primary else ''}"
        for row in rows
    ]
    figure, (axes,) = _panels(1, 1 + 0.26 * len(rows))
    figure.set_figwidth(max(figure.get_figwidth(), 3.5 + 0.075 * max(map(len, labels))))
    methods = methods_of(report)
    for position, row in enumerate(rows):
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
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("difference, percentage points")
    axes.grid(axis="x")
    return figure


def effects_chart(report: Report) -> Figure | None:
    """What each ingredient of CasCoD does: in-domain filled, out-of-domain hollow, a panel a kind."""
    if not report.effects:
        return None
    student = report.effects[0].student
    kinds = {"alone": "each ingredient alone", "step": "one change at a time"}
    shown = {
        kind: [row for row in report.effects if (row.student, row.kind) == (student, kind)]
        for kind in kinds
    }
    panels = {kind: rows for kind, rows in shown.items() if rows}
    heights = [len({row.name for row in rows}) for rows in panels.values()]
    figure = Figure(figsize=(7.2, 1 + 0.42 * sum(heights)), layout="constrained")
    grid = figure.subplots(len(panels), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axes, (kind, rows) in zip(grid, panels.items(), strict=True):
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
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_title(kinds[kind])
        axes.grid(axis="x")
    grid[-1].set_xlabel("difference, percentage points")
    legend(figure, list(grid))
    return figure


def tasks_chart(report: Report) -> Figure | None:
    """Accuracy of every method on every task, a panel a student; None where a suite is one task."""
    tasks = list(dict.fromkeys((row.suite, row.task) for row in report.tasks))
    if len(tasks) < 2:
        return None
    methods = methods_of(report)
    students = _students(report)
    figure, panels = _panels(len(students), 1.2 + 0.24 * len(tasks), share=True)
    for axes, student in zip(panels, students, strict=True):
        values = np.full((len(tasks), len(methods)), np.nan)
        for row in report.tasks:
            if row.student == student:
                place = tasks.index((row.suite, row.task)), methods.index(row.method)
                values[place] = 100 * row.accuracy.value
        edges = [np.arange(count + 1) - 0.5 for count in (len(methods), len(tasks))]
        axes.pcolormesh(*edges, values, cmap=HEAT, vmin=0, vmax=100)
        axes.invert_yaxis()
        for (y, x), value in np.ndenumerate(values):
            if not np.isnan(value):
                # On a coloured field, so not in the colour of the text around.
                axes.text(x, y, f"{value:.0f}", ha="center", va="center", color=ON_HEAT, size=8)
        axes.set_xticks(range(len(methods)), methods, rotation=20, ha="right")
        axes.set_yticks(range(len(tasks)), [f"{suite} / {task}" for suite, task in tasks], size=8)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.set_title(f"{student}: accuracy, %")
    return figure


def costs_chart(report: Report) -> Figure | None:
    """Accuracy (OOD average where there is one) against training FLOPs."""
    on = "ood" if any(row.on == "ood" for row in report.macros) else "ind"
    scores = _by_system(report, on)
    points = [
        (row, scores[row.student, row.method])
        for row in report.costs
        if row.training_flops and (row.student, row.method) in scores
    ]
    if not points:
        return None
    methods = methods_of(report)
    students = _students(report)
    figure, panels = _panels(len(students), 3.4)
    for axes, student in zip(panels, students, strict=True):
        for row, macro in (point for point in points if point[0].student == student):
            colour, marker = look(methods, row.method)
            axes.errorbar(
                row.training_flops,
                100 * macro.average.value,
                yerr=_reach(macro.average),
                color=colour,
                marker=marker,
                ls="none",
                lw=1.3,
                label=row.method,
            )
        axes.set_xlim(0, 1.15 * max(row.training_flops or 0.0 for row, _ in points))
        axes.xaxis.set_major_formatter(lambda flops, _: count(flops) if flops else "0")
        axes.set(
            xlabel="training FLOPs, one seed", ylabel=f"{on.upper()} average, %", title=student
        )
        axes.grid()
    legend(figure, panels)
    return figure


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


def _panels(number: int, height: float, *, share: bool = False) -> tuple[Figure, list[Any]]:
    figure = Figure(figsize=(max(7.2, 4.2 * number), height), layout="constrained")
    panels = figure.subplots(1, number, squeeze=False, sharex=share, sharey=share)
    return figure, list(panels[0])


def methods_of(report: Report) -> list[str]:
    """All methods, in the order of their colours."""
    return list(dict.fromkeys(system.method for system in report.systems))


def _students(report: Report) -> list[str]:
    """The students that were trained; stored completions have no panel of their own."""
    trained = [system.student for system in report.systems if system.seeds]
    return list(dict.fromkeys(trained or [system.student for system in report.systems]))


def _by_system(report: Report, on: str) -> dict[tuple[str, str], MacroRow]:
    return {(row.student, row.method): row for row in report.macros if row.on == on}

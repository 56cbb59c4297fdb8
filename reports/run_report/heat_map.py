"""The heat map: accuracy of every method on every task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports.rendering.chart_kit import INK, Sheet, panels, pieces, wrapped
from reports.run_report.charts import methods_of, students_of
from reports.run_report.report_content import Report

# A wash over the paper, whatever its colour: 0% is bare, and letters keep the colour of the text
# around. At its strongest it leaves them 6:1 on light paper and on dark.
HEAT = "#2f7ed8"
STRONGEST = 0.55
MARK = "*"
LINE = 0.23  # inches
LONGEST_UPRIGHT = 28  # letters


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of methods as they stand above their columns: upright where one does not fit."""

    names: tuple[str, ...]
    upright: bool


def tasks_chart(report: Report, sheet: Sheet) -> Figure | None:
    """Accuracy of every method on every task, a panel a student; None where there is one task.

    Marked are those whose interval is not wholly above the majority class.
    """
    tasks = list(dict.fromkeys((row.suite, row.task or "") for row in report.tasks))
    if len(tasks) < 2:
        return None
    methods, students = methods_of(report), students_of(report)
    lines = _lines(tasks)
    # Letters across the cells of a panel: the names of tasks take the rest.
    room = int(0.62 * sheet.letters / (1 if sheet.narrow else min(2, len(students))))
    names = _columns(methods, room // len(methods))
    height = 0.9 + LINE * len(lines) + _room_above(sheet, names)
    figure, grid = panels(sheet, len(students), height, share=True)
    for axes, student in zip(grid, students, strict=True):
        for row in report.tasks:
            if row.student == student:
                x, y = methods.index(row.method), lines.index((row.suite, row.task or ""))
                _cell(axes, x, y, 100 * row.accuracy.value, marked=not row.above_majority)
        _name(axes, sheet, lines, names)
        title = f"{student}: accuracy, %; {MARK} not clearly above the majority class"
        axes.set_title(wrapped(title, room), pad=10)
    return figure


def _lines(tasks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines of the map from above: each suite's name (without a task), then its tasks."""
    suites = dict.fromkeys(suite for suite, _ in tasks)
    return [
        line
        for suite in suites
        for line in [(suite, ""), *(each for each in tasks if each[0] == suite)]
    ]


def _cell(axes: Any, x: int, y: int, percent: float, *, marked: bool) -> None:
    axes.add_patch(
        Rectangle(
            (x - 0.48, y - 0.46), 0.96, 0.92, color=HEAT, alpha=STRONGEST * percent / 100, lw=0
        )
    )
    text = f"{percent:.0f}{MARK if marked else ''}"
    axes.text(x, y, text, ha="center", va="center", color=INK, size="small")


def _columns(methods: list[str], cell: int) -> Columns:
    """The names above columns `cell` letters wide."""
    upright = any(len(piece) > cell for method in methods for piece in pieces(method))
    most = LONGEST_UPRIGHT if upright else cell
    return Columns(tuple(wrapped(method, most) for method in methods), upright)


def _room_above(sheet: Sheet, columns: Columns) -> float:
    """Inches that the names of columns take."""
    lines = [name.split("\n") for name in columns.names]
    if not columns.upright:
        return LINE * max(map(len, lines))
    longest = max(len(line) for name in lines for line in name)
    return longest * sheet.width / sheet.letters


def _name(axes: Any, sheet: Sheet, lines: list[tuple[str, str]], columns: Columns) -> None:
    methods = len(columns.names)
    axes.set_xlim(-0.5, methods - 0.5)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.xaxis.tick_top()
    rotation = 90 if columns.upright else 0
    axes.set_xticks(range(methods), columns.names, rotation=rotation, size="small")
    names = [wrapped(task, sheet.letters // 2) if task else suite for suite, task in lines]
    axes.set_yticks(range(len(lines)), names, size="small")
    # A panel that shares its names with the one beside it has none of its own.
    for label, (_, task) in zip(axes.get_yticklabels(), lines, strict=False):
        label.set_fontweight("normal" if task else "bold")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)

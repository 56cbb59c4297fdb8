"""Charts of the reasoning space: how wide it is, and when the answer is fixed."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from matplotlib.figure import Figure

from reports.reasoning_report.reasoning_space import MeasureRow, Part
from reports.rendering.chart_kit import INK, Sheet, legend, look
from reports.run_report.charts import methods_of
from reports.run_report.report_content import Report
from reports.statistics.weights import ROLES

# What a glance at the sampled rationales should take in.
SPACE = (
    "vendi",
    "vendi_of_right",
    "exact_paths",
    "paths",
    "words",
    "pass_1",
    "pass_k",
    "majority_k",
)
PRESET = ("same_without", "follows_mistake", "changes_with_filler", "changes_with_other", "gain")
COLUMNS = 4
MEASURE_HEIGHT = 1.9  # inches


def space_chart(report: Report, sheet: Sheet) -> Figure | None:
    """A panel a measure: dot and interval for every method, in-domain filled, out-of-domain
    hollow.
    """
    return _measures_chart(report, sheet, "space", SPACE)


def probe_chart(report: Report, sheet: Sheet) -> Figure | None:
    """Same answer against the share of the rationale shown, a panel a role; below it a panel a
    measure, where there is one.
    """
    space = report.reasoning
    if space is None or not space.early:
        return None
    student = space.early[0].student
    methods = methods_of(report)
    roles = [on for on in ROLES if any(row.on == on for row in space.early)]
    shown = [name for name in PRESET if _has(report, "preset", name)]
    heights = [2.1 * (len(roles) if sheet.narrow else 1.4)]
    if shown:
        heights.append(MEASURE_HEIGHT * -(-len(shown) // _columns(sheet, "preset", len(shown))))
    figure = Figure(figsize=(sheet.width, 0.6 + sum(heights)), layout="constrained")
    parts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    shape = (len(roles), 1) if sheet.narrow else (1, len(roles))
    curves = list(parts[0].subplots(*shape, squeeze=False, sharey=True).flat)
    for axes, on in zip(curves, roles, strict=True):
        for row in space.early:
            if (row.student, row.on) == (student, on):
                colour, marker = look(methods, row.method)
                axes.plot(
                    [100 * part for part in row.shown],
                    [100 * same for same in row.same],
                    color=colour,
                    marker=marker,
                    markersize=5,
                    label=row.method,
                )
        axes.set(xlabel="rationale shown, %", ylim=(0, 104), title=f"{ROLES[on]}: early answers")
        axes.grid()
        if sheet.narrow or on == roles[0]:
            axes.set_ylabel("answer as after all, %")
    measures = _draw_measures(parts[1], report, sheet, shown, "preset", student) if shown else []
    legend(figure, sheet, [*curves, *measures])
    return figure


def _measures_chart(
    report: Report, sheet: Sheet, part: Part, wanted: tuple[str, ...]
) -> Figure | None:
    space = report.reasoning
    names = [name for name in wanted if _has(report, part, name)]
    if space is None or not names:
        return None
    student = next(row.student for row in space.rows if row.part == part)
    rows = -(-len(names) // _columns(sheet, part, len(names)))
    figure = Figure(figsize=(sheet.width, 0.7 + MEASURE_HEIGHT * rows), layout="constrained")
    panels = _draw_measures(figure, report, sheet, names, part, student)
    legend(figure, sheet, panels)
    return figure


def _draw_measures(
    figure: Any, report: Report, sheet: Sheet, names: list[str], part: Part, student: str
) -> list[Any]:
    assert report.reasoning is not None
    measures = {measure.name: measure for measure in report.reasoning.measures}
    methods = methods_of(report)
    columns = _columns(sheet, part, len(names))
    grid = figure.subplots(-(-len(names) // columns), columns, squeeze=False)
    panels = list(grid.flat)
    for axes, name in zip(panels, names, strict=False):
        of_measure = [
            row
            for row in report.reasoning.rows
            if (row.student, row.part, row.measure) == (student, part, name)
        ]
        shown = [method for method in methods if any(row.method == method for row in of_measure)]
        for row in of_measure:
            _dot(axes, row, shown.index(row.method), methods)
        axes.set_yticks([])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        title_width = int(sheet.letters / columns) - 2
        axes.set_title(fill(measures[name].title, title_width), size="small")
        axes.grid(axis="x")
        if measures[name].low < 0:
            axes.axvline(0, color=INK, lw=0.8)
    for on, filled in (("ind", INK), ("ood", "none")):
        panels[len(names) - 1].plot(
            [], [], color=INK, marker="o", markerfacecolor=filled, ls="none", label=ROLES[on]
        )
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    return panels[: len(names)]


def _columns(sheet: Sheet, part: Part, number: int) -> int:
    if sheet.narrow:
        return min(2, number)
    return min(COLUMNS, number) if part == "space" else number


def _dot(axes: Any, row: MeasureRow, place: int, methods: list[str]) -> None:
    colour, marker = look(methods, row.method)
    ind = row.on == "ind"
    axes.errorbar(
        row.mean.value,
        place - 0.15 if ind else place + 0.15,
        xerr=[
            [max(0.0, row.mean.value - row.mean.lower)],
            [max(0.0, row.mean.upper - row.mean.value)],
        ],
        color=colour,
        marker=marker,
        markersize=5,
        markerfacecolor=colour if ind else "none",
        lw=1.2,
        ls="none",
        label=row.method,
    )


def _has(report: Report, part: Part, name: str) -> bool:
    space = report.reasoning
    return space is not None and any((row.part, row.measure) == (part, name) for row in space.rows)

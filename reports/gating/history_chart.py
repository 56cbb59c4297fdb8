"""A history as a chart, and as a page around it."""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from reports.gating.history import History
from reports.gating.history_rows import Row, history_table, rows_of, summary
from reports.rendering.chart_kit import COLOURS, INK, Sheet, legend, panels
from reports.rendering.figures import draw
from reports.rendering.numerals import signed_interval, signed_points
from reports.rendering.pages import environment

CHART = "history"
MARKS = {
    "PASS": ("o", COLOURS[2]),
    "INCONCLUSIVE": ("D", COLOURS[4]),
    "FAIL": ("X", COLOURS[5]),
    None: ("s", COLOURS[0]),
}
LEGEND = {"PASS": "PASS", "INCONCLUSIVE": "INCONCLUSIVE", "FAIL": "FAIL", None: "the first"}


def history_html(history: History, name: str) -> str:
    """One self-contained page; all text escaped."""
    rows = rows_of(history)
    drawing = draw(CHART, partial(chart, rows, history.margin), partial(finding, rows))
    return (
        environment("reports.gating")
        .get_template("history_page.html.j2")
        .render(
            name=name,
            summary=summary(history),
            drawing=drawing,
            table=history_table(rows, drawn=False),
        )
    )


def chart(rows: list[Row], margin: float, sheet: Sheet) -> Figure:
    """The change of every build since the first, with intervals, anchors and the margin."""
    figure, [axes] = panels(sheet, 1, 3.4)
    later = [row for row in rows if row.change is not None]
    numbers = np.array([row.build.number for row in later])
    ends = np.array([[c.lower, c.upper] for row in later if (c := row.change)]).reshape(-1, 2)
    axes.fill_between(numbers, *(100 * ends.T), color=COLOURS[0], alpha=0.15, lw=0)
    for outcome, (marker, colour) in MARKS.items():
        own = [row for row in rows if row.build.outcome == outcome]
        if own:
            axes.plot(
                [row.build.number for row in own],
                [100 * row.change.value if row.change else 0.0 for row in own],
                marker,
                color=colour,
                label=LEGEND[outcome],
            )
    for row in rows:
        if row.build.anchor:
            axes.axvline(row.build.number, color=INK, lw=0.6, ls=":")
    axes.axhline(0, color=INK, lw=0.8)
    axes.axhline(-100 * margin, color=COLOURS[5], lw=0.8, ls="--", label="the margin")
    axes.set_xlabel("build (dotted: anchors)")
    axes.set_ylabel("points since build 1")
    axes.xaxis.get_major_locator().set_params(integer=True)
    legend(figure, sheet, [axes])
    return figure


def finding(rows: list[Row]) -> str:
    """The last build's change, in words."""
    last = rows[-1]
    if last.change is None:
        return "One build, so far."
    return (
        f"Build {last.build.number} differs from build 1 by {signed_points(last.change.value)} "
        f"points (95% interval {signed_interval(last.change)}), on {last.change.items:,} items. "
        f"Band: 95% intervals. Dotted lines: anchors."
    )

"""Charts as SVG text: readable inline in a page, light or dark, and as files of their own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import matplotlib
from matplotlib.figure import Figure

from reports.charts import (
    INK,
    accuracy_chart,
    averages_chart,
    comparisons_chart,
    costs_chart,
)
from reports.content import Report

STYLE = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.12,
    "legend.frameon": False,
}
DARK_STYLE = "<style>@media (prefers-color-scheme: dark) { svg { color: #e6e6e6 } }</style>"


def figures(report: Report) -> Iterator[tuple[str, str]]:
    """The report's charts as (name, SVG document)."""
    drawings = {
        "accuracy": accuracy_chart,
        "averages": averages_chart,
        "comparisons": comparisons_chart,
        "costs": costs_chart,
    }
    for name, draw in drawings.items():
        with matplotlib.rc_context(STYLE | {"svg.hashsalt": name}):
            figure = draw(report)
            if figure is not None:
                yield name, _svg(figure, name)


def inline(svg: str) -> str:
    """An SVG document as an element for HTML: no prologue, styled and sized by the page."""
    element = re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", element, count=1)


def _svg(figure: Figure, name: str) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue().replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<g |<path |<clipPath )id="', rf'\1id="{name}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\1{name}-", svg)
    return re.sub(r"(<svg [^>]*>)", rf"\1{DARK_STYLE}", svg, count=1)

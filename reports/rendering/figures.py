"""Charts as files: SVG that reads inline in a page, light or dark, and PDF for a paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.text import Text

from reports.rendering.chart_kit import INK, NARROW, WIDE, Sheet
from tasks.visible import visible_lines

STYLE: dict[Any, object] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": "medium",
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


Chart = Callable[[Sheet], Figure | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as an SVG document and a PDF file, once more as SVG for narrow screens, and in
    words.
    """

    svg: str
    pdf: bytes
    narrow: str
    finding: str

    @property
    def inline(self) -> Markup:
        """Both SVG documents as elements for HTML; the page's style shows the one that fits."""
        return Markup(_inline(self.svg, "wide") + _inline(self.narrow, "narrow"))


def draw(name: str, chart: Chart, finding: Callable[[], str]) -> Drawing | None:
    """One chart in the style of all; `name` is the prefix of its ids, `finding` labels it."""
    with _style(name, WIDE):
        figure = chart(WIDE)
        if figure is None:
            return None
        _spell_out(figure)
        svg, pdf = _svg(figure, name), _pdf(figure)
    with _style(f"{name}-narrow", NARROW):
        figure = chart(NARROW)
        if figure is None:
            return None
        _spell_out(figure)
        return Drawing(svg, pdf, _svg(figure, f"{name}-narrow"), finding())


def _style(salt: str, sheet: Sheet) -> AbstractContextManager[None]:
    return matplotlib.rc_context(STYLE | {"svg.hashsalt": salt, "font.size": sheet.font})


def _inline(svg: str, kind: str) -> str:
    """An SVG document as an element for HTML: no prologue, styled and sized by the page."""
    element = re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', f'class="{kind}"', element, count=1)


def _spell_out(figure: Figure) -> None:
    """Show what is hidden in a chart's texts; matplotlib's PDF fails on a byte-order mark."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            # An axis writes its labels anew whenever it is drawn.
            labels = [label.get_text() for label in axis.get_ticklabels()]
            shown = [visible_lines(label) for label in labels]
            if shown != labels:
                axis.set_ticks(axis.get_ticklocs(), shown)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(visible_lines(text.get_text()))


def _svg(figure: Figure, name: str) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue().replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<g |<path |<clipPath )id="', rf'\1id="{name}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\1{name}-", svg)
    return re.sub(r"(<svg [^>]*>)", rf"\1{DARK_STYLE}", svg, count=1)


def _pdf(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    # Type 42 fonts stay text; without dates the same report gives the same bytes.
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure.savefig(buffer, format="pdf", metadata={"CreationDate": None, "Creator": None})
    return buffer.getvalue()

"""What all charts share: the sheets they are drawn on, panels, row labels, colours, legends."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

# At least 3:1 on the page's paper, light and dark (WCAG 2.2, 1.4.11).
COLOURS = ("#2f7ed8", "#d96c24", "#2a9d6f", "#b65fc9", "#a9851a", "#d1495b", "#5b8fa8", "#848484")

MARKERS = "osD^vPX*"

LEGEND_LINE = 0.22  # inches

LINE = 0.16  # inches

INK = "#010203"  # stands for the colour of the text around the chart

LETTER = 0.6  # width of a letter as a share of the font's size


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart is drawn on: its width in inches and the size of its letters in points.

    On a `narrow` one panels stand below one another and the names of rows above the rows.
    """

    width: float
    font: float
    narrow: bool

    @property
    def letters(self) -> int:
        """How many letters a line holds."""
        return int(72 * self.width / (LETTER * self.font))


# One width for all charts of a page, so that letters are equally large in all of them.
WIDE = Sheet(8.4, 10, narrow=False)
NARROW = Sheet(4.0, 10, narrow=True)


def panels(
    sheet: Sheet, number: int, height: float, *, across: int = 2, share: bool = False
) -> tuple[Figure, list[Any]]:
    """A figure of `number` panels, each `height` inches high, on a wide sheet up to `across` a
    row.
    """
    columns = 1 if sheet.narrow else min(across, number)
    rows = math.ceil(number / columns)
    figure = Figure(figsize=(sheet.width, height * rows), layout="constrained")
    grid = list(figure.subplots(rows, columns, squeeze=False, sharex=share, sharey=share).flat)
    for spare in grid[number:]:
        # The panel above takes over the axis labels of one that is left empty.
        spare.remove()
        grid[grid.index(spare) - columns].tick_params(labelbottom=True)
    return figure, grid[:number]


def name_rows(axes: Any, sheet: Sheet, names: Sequence[str], lift: float) -> None:
    """Names of the rows 0, 1, ...: beside them, or `lift` above them where there is no room
    beside.
    """
    lines = _row_names(sheet, names)
    if not sheet.narrow:
        axes.set_yticks(range(len(names)), lines)
        return
    axes.set_yticks([])
    for row, name in enumerate(lines):
        # Not part of the layout: a long name would push the axis aside.
        axes.annotate(
            name,
            (0, row - lift),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="bottom",
            in_layout=False,
        )


def room_for_names(sheet: Sheet, names: Sequence[str]) -> float:
    """Inches that the longest name needs in its row beyond its first line."""
    return LINE * max(name.count("\n") for name in _row_names(sheet, names))


def zero_line(axes: Any, sheet: Sheet, rows: int) -> None:
    """The line of no difference; on a narrow sheet it leaves the names of rows free."""
    if not sheet.narrow:
        axes.axvline(0, color=INK, lw=0.8)
        return
    places = range(rows)
    axes.vlines(
        [0] * rows, [y - 0.18 for y in places], [y + 0.3 for y in places], color=INK, lw=0.8
    )


def _row_names(sheet: Sheet, names: Sequence[str]) -> list[str]:
    return [
        wrapped(name, sheet.letters - 6 if sheet.narrow else sheet.letters // 2) for name in names
    ]


def wrapped(text: str, most: int) -> str:
    """The text in lines of at most `most` characters, broken behind spaces and `_/+-`."""
    lines = [""]
    for piece in pieces(text):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > most:
            lines.append("")
        lines[-1] += piece
    return "\n".join(
        line[start : start + most].strip()
        for line in lines
        for start in range(0, max(1, len(line.rstrip())), most)
    )


def pieces(text: str) -> list[str]:
    """The text in pieces that may stand on lines of their own."""
    return [piece for piece in re.findall(r"[^\s_/+-]*[\s_/+-]*", text) if piece]


def legend(figure: Figure, sheet: Sheet, panels: Sequence[Any]) -> None:
    """One legend for all panels, above them; the figure grows where it takes several lines."""
    unique: dict[str, Any] = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        unique |= dict(zip(labels, handles, strict=True))
    names = [wrapped(name, sheet.letters - 8) for name in unique]
    longest = max(len(line) for name in names for line in name.split("\n"))
    across = max(1, min(5, len(unique), sheet.letters // (8 + longest)))
    lines = -(-len(unique) // across)
    figure.set_figheight(figure.get_figheight() + LEGEND_LINE * (lines - 1))
    figure.legend(unique.values(), names, loc="outside upper left", ncols=across)


def look(methods: Sequence[str], method: str) -> tuple[str, str]:
    """A method's colour and marker."""
    position = methods.index(method)
    return COLOURS[position % len(COLOURS)], MARKERS[position % len(MARKERS)]

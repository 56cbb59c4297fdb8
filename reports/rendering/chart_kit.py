"""What all charts share: colours, markers, legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

COLOURS = ("#2f7ed8", "#e07b39", "#2a9d6f", "#b65fc9", "#b8921f", "#d1495b", "#5b8fa8", "#8a8a8a")

MARKERS = "osD^vPX*"

LEGEND_WIDTH = 100  # characters

LEGEND_LINE = 0.22  # inches

INK = "#010203"  # stands for the colour of the text around the chart


def legend(figure: Figure, panels: Sequence[Any]) -> None:
    """One legend for all panels, above them; the figure grows where it takes several lines."""
    unique: dict[str, Any] = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        unique |= dict(zip(labels, handles, strict=True))
    across = max(1, min(5, len(unique), LEGEND_WIDTH // (8 + max(map(len, unique)))))
    lines = -(-len(unique) // across)
    figure.set_figheight(figure.get_figheight() + LEGEND_LINE * (lines - 1))
    figure.legend(unique.values(), unique.keys(), loc="outside upper left", ncols=across)


def look(methods: Sequence[str], method: str) -> tuple[str, str]:
    """A method's colour and marker."""
    position = methods.index(method)
    return COLOURS[position % len(COLOURS)], MARKERS[position % len(MARKERS)]

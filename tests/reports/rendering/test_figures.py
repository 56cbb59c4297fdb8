"""Charts as files, whatever the names in them are."""

from __future__ import annotations

from matplotlib.figure import Figure

from reports.rendering.chart_kit import Sheet
from reports.rendering.figures import draw


def test_hidden_characters_of_names_are_spelt_out_in_every_form() -> None:
    def chart(sheet: Sheet) -> Figure:
        figure = Figure()
        axes = figure.subplots()
        axes.plot([0, 1], label="cas\ufeffcod")
        axes.set_yticks([0, 1], ["ti\ufeffny", "plain"])
        axes.set_title("title \u202e")
        figure.legend()
        return figure

    drawing = draw("names", chart, lambda: "a finding")
    assert drawing is not None
    for svg in (drawing.svg, drawing.narrow):
        for shown in ("cas\\ufeffcod", "ti\\ufeffny", "plain", "title \\u202e"):
            assert shown in svg
    assert drawing.pdf.startswith(b"%PDF")

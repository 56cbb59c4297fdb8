"""Tables on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from reports.rendering.tables import Table

TONES = {"good": "green", "bad": "red", "strong": "bold", "plain": ""}


def print_table(table: Table, console: Console) -> None:
    """One table."""
    console.print(_grid(table))


def _grid(table: Table) -> Grid:
    """The table, with a first cell that repeats the one above left blank."""
    grid = Grid(title=table.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(table.columns):
        grid.add_column(
            escape(column),
            justify="left" if position < table.numeric_from else "right",
            overflow="fold",
        )
    above = None
    for row in table.rows:
        cells = []
        for cell in row:
            style = TONES[cell.tone]
            text = f"[{style}]{escape(cell.text)}[/]" if style else escape(cell.text)
            cells.append(f"{text}\n[dim]{escape(cell.small)}[/]" if cell.small else text)
        grid.add_row("" if row[0] == above else cells[0], *cells[1:])
        above = row[0]
    return grid

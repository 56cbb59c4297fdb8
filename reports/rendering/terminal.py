"""Tables on a terminal, of whatever width: names stay whole, only phrases and headings wrap."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from reports.rendering.tables import Entry, Table
from tasks.visible import visible

TONES = {"good": "green", "bad": "red", "strong": "bold", "plain": ""}
GAP = 2  # characters between columns
FIGURES_APART = "· "  # an interval and its p value may stand on two lines
LOG_WIDTH = 160  # a CI log is no terminal and has no edge to wrap at


class Terminal(Console):
    """Standard output; that its reader has gone (`head`) is for the command to judge.

    rich would exit with status 1, a gate's FAIL.
    """

    def __init__(self, *, width: int | None = None) -> None:
        # `longer:+1:` is a suite's name and a colon, no thumb.
        super().__init__(width=width, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise it."""
        raise BrokenPipeError


def wide_terminal() -> Terminal:
    """A terminal for wide tables: as wide as a log where it is none."""
    return Terminal(width=None if sys.stdout.isatty() else LOG_WIDTH)


def plain(text: str) -> str:
    """Text for a line of markup: none of it acts as markup, nothing in it acts on the terminal."""
    return escape(visible(text))


def print_table(table: Table, console: Console) -> None:
    """One table; one that is too wide even with its phrases wrapped continues below itself."""
    for part in _parts(_shown(table), console.width):
        console.print(_grid(part, console.width), "")


def print_totals(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str]
) -> None:
    """A table on standard output of names and figures, with their total as its last row."""
    cells = (
        *(tuple(map(Entry, row)) for row in rows),
        tuple(Entry(each, tone="strong") for each in total),
    )
    print_table(Table(title, tuple(columns), cells, 1), Terminal())


def _shown(table: Table) -> Table:
    """The table made visible throughout; a first cell that repeats the one above is blank."""
    rows, above = [], None
    for row in table.rows:
        first = Entry("") if row[0] == above else row[0]
        above = row[0]
        rows.append(
            tuple(
                replace(cell, text=visible(cell.text), small=visible(cell.small))
                for cell in (first, *row[1:])
            )
        )
    return Table(
        visible(table.title), tuple(map(visible, table.columns)), tuple(rows), table.numeric_from
    )


def _parts(table: Table, width: int) -> Iterator[Table]:
    """The table; where its figures do not fit beside one another, as many as fit at a time."""
    narrowest, fixed = _narrowest(table, width), table.numeric_from
    start = fixed
    while start < len(table.columns):
        end = start + 1
        while end < len(table.columns) and (
            _total(narrowest[:fixed] + narrowest[start : end + 1]) <= width
        ):
            end += 1
        chosen = [*range(fixed), *range(start, end)]
        yield Table(
            table.title if start == fixed else f"{table.title} (continued)",
            tuple(table.columns[i] for i in chosen),
            tuple(tuple(row[i] for i in chosen) for row in table.rows),
            fixed,
        )
        start = end
    if fixed >= len(table.columns):
        yield table


def _grid(table: Table, width: int) -> Grid:
    grid = Grid(
        title=Text(table.title),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
    )
    for position, column in enumerate(_widths(table, width)):
        grid.add_column(
            Text(table.columns[position]),
            justify="left" if position < table.numeric_from else "right",
            width=column,
            overflow="fold",
        )
    for row in table.rows:
        grid.add_row(*map(_text, row))
    return grid


def _text(cell: Entry) -> Text:
    text = Text(cell.text, style=TONES[cell.tone])
    return Text("\n").join([text, Text(cell.small, style="dim")]) if cell.small else text


def _widths(table: Table, width: int) -> list[int]:
    """Natural widths, narrowed where that is too wide, the widest column first."""
    widths, narrowest = _natural(table), _narrowest(table, width)
    while _total(widths) > width:
        wide = [
            i for i, (now, least) in enumerate(zip(widths, narrowest, strict=True)) if now > least
        ]
        if not wide:
            break
        widths[max(wide, key=lambda i: (widths[i], -i))] -= 1
    return widths


def _total(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _natural(table: Table) -> list[int]:
    return [
        max(cell_len(text) for text in (heading, *cells))
        for heading, cells in zip(table.columns, _cells(table), strict=True)
    ]


def _narrowest(table: Table, width: int) -> list[int]:
    """The longest word of a column of words; figures and their intervals do not wrap, headings do.

    No column asks for more than two thirds of the width.
    """
    least = []
    for position, (heading, cells) in enumerate(zip(table.columns, _cells(table), strict=True)):
        whole = heading.split()
        apart = FIGURES_APART if position >= table.numeric_from else None
        whole += [part for text in cells for part in text.split(apart)]
        least.append(min(max(map(cell_len, whole), default=0), width * 2 // 3))
    return least


def _cells(table: Table) -> list[list[str]]:
    return [
        [text for row in table.rows for text in (row[i].text, row[i].small)]
        for i in range(len(table.columns))
    ]

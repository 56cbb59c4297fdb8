"""A flipped item on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from reports.comparing.flips import Flip, Said
from reports.rendering.terminal import plain
from tasks.visible import visible_lines

MOST_SHOWN = 600


def print_flip(flip: Flip, console: Console) -> None:
    """A flipped item with what both sides said, side by side where there is room; its name alone
    where no text was kept.
    """
    change = "[green]wrong → right[/]" if flip.gained else "[red]right → wrong[/]"
    before = "\n" if flip.kept else "  "
    console.print(f"{before}{change} [bold]{plain(flip.task)} {plain(flip.id)}[/]", highlight=False)
    if not flip.kept:
        return
    console.print(f"{_clipped(flip.prompt)}\n[dim]gold: {plain(flip.gold)}[/]")
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for said in flip.said:
        grid.add_column(plain(said.system), ratio=1, overflow="fold")
    grid.add_row(*(_clipped(said.text) for said in flip.said))
    if any(said.first_error for said in flip.said):
        grid.add_row(*(_error(said) for said in flip.said))
    console.print(grid)


def _error(said: Said) -> str:
    return f"[red]{escape(visible_lines(said.first_error.in_words))}[/]" if said.first_error else ""


def _clipped(text: str) -> str:
    """The end of a long text: the question of a prompt, the answer of an output."""
    text = text.strip()
    return escape(visible_lines(text if len(text) <= MOST_SHOWN else "… " + text[-MOST_SHOWN:]))

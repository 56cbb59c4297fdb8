"""The report's main tables on a terminal."""

from __future__ import annotations

from dataclasses import replace

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from reports.comparing.flips import Flip
from reports.reasoning_report import tables as reasoning_tables
from reports.rendering.tables import Table, of_student
from reports.run_report import result_tables
from reports.run_report.content import Report

TONES = {"good": "green", "bad": "red", "strong": "bold", "plain": ""}
MOST_SHOWN = 600
OUTCOMES = {"holds": "green", "contradicted": "red"}


def print_report(report: Report, console: Console) -> None:
    """Verdicts, accuracies, averages, comparisons, findings; the rest stands in the files."""
    console.rule(escape(report.name))
    for verdict in report.verdicts:
        style = OUTCOMES.get(verdict.outcome, "yellow")
        console.print(f"[bold]{escape(verdict.student)}[/]: [{style}]{escape(verdict.headline)}[/]")
        for reason in verdict.reasons:
            console.print(f"- {escape(reason)}", highlight=False)
        console.print()
    if not report.verdicts:
        console.print("No primary comparison was fixed for this run, so it supports no claim.\n")
    whole = tuple(
        row for row in report.comparisons if row.on in result_tables.ESTIMANDS or row.primary
    )
    shown = [
        result_tables.accuracy_list(report),
        result_tables.macro_table(report),
        result_tables.comparison_table(replace(report, comparisons=whole)),
        *(reasoning_tables.findings_tables(report.reasoning) if report.reasoning else ()),
        *result_tables.effects_tables(report),
    ]
    for student in dict.fromkeys(system.student for system in report.systems):
        console.print(f"[bold]{escape(student)}[/]")
        for table in shown:
            own = of_student(table, student)
            if own.rows:
                print_table(own, console)
    for note in report.notes:
        console.print(f"note: {escape(note)}", style="dim", highlight=False)


def print_table(table: Table, console: Console) -> None:
    """One table."""
    console.print(_grid(table))


def print_flip(flip: Flip, console: Console) -> None:
    """A flipped item with what both sides said, side by side where there is room."""
    change = "[green]wrong → right[/]" if flip.gained else "[red]right → wrong[/]"
    console.print(f"\n{change} [bold]{escape(flip.task)} {escape(flip.id)}[/]", highlight=False)
    console.print(f"{escape(_clipped(flip.prompt))}\n[dim]gold: {escape(flip.gold)}[/]")
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for said in flip.said:
        grid.add_column(escape(said.system), ratio=1, overflow="fold")
    grid.add_row(*(escape(_clipped(said.text)) for said in flip.said))
    console.print(grid)


def _clipped(text: str) -> str:
    """The end of a long text: the question of a prompt, the answer of an output."""
    text = text.strip()
    return text if len(text) <= MOST_SHOWN else "… " + text[-MOST_SHOWN:]


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

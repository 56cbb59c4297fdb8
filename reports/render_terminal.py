"""The report's main tables on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from reports import tables
from reports.content import Report
from reports.tables import Table, without_constant_student

TONES = {"good": "green", "bad": "red", "strong": "bold", "plain": ""}
OUTCOMES = {"holds": "green", "contradicted": "red"}


def print_report(report: Report, console: Console) -> None:
    """Verdicts, accuracies, averages and comparisons; the rest stands in the files."""
    console.rule(escape(report.name))
    for verdict in report.verdicts:
        style = OUTCOMES.get(verdict.outcome, "yellow")
        console.print(f"[bold]{escape(verdict.student)}[/]: [{style}]{escape(verdict.headline)}[/]")
        for reason in verdict.reasons:
            console.print(f"  {escape(reason)}", highlight=False)
        console.print()
    if not report.verdicts:
        console.print("No primary comparison was fixed for this run, so it supports no claim.\n")
    shown = [tables.accuracy_table(report), tables.macro_table(report)]
    if report.comparisons:
        shown.append(tables.comparison_table(report))
    for table in shown:
        console.print(_grid(without_constant_student(table)))
    for note in report.notes:
        console.print(f"note: {escape(note)}", style="dim", highlight=False)


def _grid(table: Table) -> Grid:
    grid = Grid(title=table.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(table.columns):
        grid.add_column(
            escape(column), justify="left" if position < table.numeric_from else "right"
        )
    for row in table.rows:
        cells = []
        for cell in row:
            style = TONES[cell.tone]
            text = f"[{style}]{escape(cell.text)}[/]" if style else escape(cell.text)
            small = escape(cell.small.replace(" · ", "\n"))
            cells.append(f"{text}\n[dim]{small}[/]" if small else text)
        grid.add_row(*cells)
    return grid

"""The report's main tables on a terminal."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console

from reports.reasoning_report import reasoning_tables
from reports.rendering.tables import of_student
from reports.rendering.terminal import plain, print_table
from reports.run_report import result_tables
from reports.run_report.report_content import Report
from reports.run_report.unfinished import unfinished_answers

OUTCOMES = {"holds": "green", "contradicted": "red"}


def print_report(report: Report, console: Console) -> None:
    """Verdicts, accuracies, averages, comparisons, findings; the rest stands in the files."""
    console.rule(plain(report.name))
    for verdict in report.verdicts:
        style = OUTCOMES.get(verdict.outcome, "yellow")
        console.print(f"[bold]{plain(verdict.student)}[/]: [{style}]{plain(verdict.headline)}[/]")
        for reason in verdict.reasons:
            console.print(f"- {plain(reason)}", highlight=False)
        console.print()
    if not report.verdicts:
        console.print("No primary comparison was fixed for this run, so it supports no claim.\n")
    whole = tuple(
        row for row in report.comparisons if row.on in result_tables.ESTIMANDS or row.primary
    )
    shown = [
        result_tables.accuracy_list(report),
        *([reasoning_tables.sampled_table(report.reasoning)] if report.reasoning else []),
        result_tables.macro_table(report),
        result_tables.comparison_table(replace(report, comparisons=whole)),
        *(reasoning_tables.findings_tables(report.reasoning) if report.reasoning else ()),
        *result_tables.effects_tables(report),
    ]
    for student in dict.fromkeys(system.student for system in report.systems):
        console.print(f"[bold]{plain(student)}[/]")
        for table in shown:
            own = of_student(table, student)
            if own.rows:
                print_table(own, console)
    console.print(f"{plain(unfinished_answers(report))}\n", highlight=False)
    for note in report.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)

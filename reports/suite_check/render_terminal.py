"""A suite's check on a terminal."""

from __future__ import annotations

from rich.console import Console

from reports.rendering.terminal import plain, print_table
from reports.suite_check.check import SuiteCheck, in_words
from reports.suite_check.check_tables import assumptions, sections


def print_check(found: SuiteCheck, console: Console) -> None:
    """Sentences first, then the tables."""
    for sentence in in_words(found):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for section in sections(found):
        for table in section.tables:
            print_table(table, console)
    console.print(plain(assumptions(found)), style="dim", highlight=False)

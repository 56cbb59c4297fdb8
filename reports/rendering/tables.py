"""A table as text cells, the same for terminal, Markdown and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "bad", "strong"]

NOT_ASKED = "–"


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure or word, with what belongs under it in smaller type."""

    text: str
    small: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns from `numeric_from` on hold figures; every row has a cell for each column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    numeric_from: int


def of_student(table: Table, student: str) -> Table:
    """One student's rows of a table that starts with the student, without that column."""
    rows = tuple(row[1:] for row in table.rows if row[0].text == student)
    return Table(table.title, table.columns[1:], rows, table.numeric_from - 1)


def without_constant_student(table: Table) -> Table:
    """A table that starts with the student, without that column where there is only one."""
    students = {row[0].text for row in table.rows}
    return of_student(table, students.pop()) if len(students) == 1 else table

"""Questions with their answers, of a file of records or of any table."""

from __future__ import annotations

from pathlib import Path

from tasks.files import numbered_rows
from tasks.records.record import MAY_BE_MISSING, TEXT_FIELDS, CoTRecord, read_records
from tasks.tables.columns import columns_of, said_columns
from tasks.tables.questions import DESCRIPTION, questions
from tasks.tables.read_table import KINDS, read_table


def read_questions(
    source: str,
    said: str = "",
    *,
    description: str | None = None,
    config: str | None = None,
    split: str = "test",
) -> list[CoTRecord]:
    """The records of a file, or a record a row of a table: a file, or a hub data set (its `config`
    and `split`).

    `said` names a table's columns where they do not tell themselves (`question=frage,answer=A`).
    Its task is called like the file. UserError for whatever is wrong with either.
    """
    if not said and _holds_records(Path(source)):
        return read_records(Path(source))
    table = read_table(source, config=config, split=split)
    columns = columns_of(table.columns, said_columns(said), source)
    return questions(table, columns, Path(source).stem, description or DESCRIPTION)


def _holds_records(path: Path) -> bool:
    """Whether it is no table, or JSONL whose first row, if any, has the fields of a record."""
    kind = path.suffix.lower()
    if not path.is_file() or kind not in KINDS:
        return path.is_file()
    if kind != ".jsonl":
        return False
    _, row = next(iter(numbered_rows(path)), (0, None))
    return row is None or (isinstance(row, dict) and set(TEXT_FIELDS) - MAY_BE_MISSING <= set(row))

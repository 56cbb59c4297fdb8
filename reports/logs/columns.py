"""A table of scores or of clusters as columns: CSV, TSV or Parquet, a cell for every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import large_cells, read_text

ENDINGS = (".csv", ".tsv", ".parquet")
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells by column, lower-case names, each (rows,); `lines` (rows,) is where a row stands: the
    line of a text file, the place from 1 in Parquet.
    """

    path: Path
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]

    def needed(self, *names: str) -> None:
        """UserError where one of these columns is missing."""
        if missing := [name for name in names if name not in self.cells]:
            raise UserError(
                f"{self.path}: no column {' or '.join(missing)}; it has {', '.join(self.cells)}"
            )

    def words(self, name: str) -> Sequence[str] | None:
        """A column as text, an empty cell as ""; None where there is no such column."""
        if name not in self.cells:
            return None
        shown: dict[Any, str] = {None: ""}
        for cell in self.cells[name]:
            if cell not in shown:
                shown[cell] = str(cell).strip()
        return [shown[cell] for cell in self.cells[name]]

    def where(self, row: int) -> str:
        """A row's place in its file."""
        return f"{self.path}:{self.lines[row]}"


def read_columns(path: Path) -> Columns:
    """The table in a file; UserError where it cannot be read or has no rows."""
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    columns = _parquet(path) if path.suffix.lower() == ".parquet" else _text(path)
    if not columns.lines:
        raise UserError(f"{path}: no rows in this table")
    return columns


def _text(path: Path) -> Columns:
    """Cells between whichever of `DELIMITERS` the first line has most of."""
    text = read_text(path)
    delimiter = max(DELIMITERS, key=text.lstrip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    # Equal cells are one string: a million rows name few systems and items.
    known: dict[str, str] = {}
    names: list[str] = []
    cells: list[list[str]] = []
    lines: list[int] = []
    try:
        with large_cells():
            for row in reader:
                if not any(row):
                    continue
                if not names:
                    names = _names(path, row)
                    cells = [[] for _ in names]
                    continue
                if len(row) != len(names):
                    raise UserError(
                        f"{path}:{reader.line_num}: {len(row)} cells, where the first line names "
                        f"{len(names)} columns"
                    )
                lines.append(reader.line_num)
                for column, cell in zip(cells, row, strict=True):
                    column.append(known.setdefault(cell, cell))
    except csv.Error as error:
        raise UserError(f"{path}:{reader.line_num}: cannot be read ({error})") from None
    return Columns(path, dict(zip(names, cells, strict=True)), lines)


def _parquet(path: Path) -> Columns:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise UserError(
            f"{path}: reading Parquet needs pyarrow (pip install pyarrow); or save it as CSV"
        ) from None
    try:
        table = parquet.read_table(path)
    # What pyarrow raises for a broken file differs with what is broken.
    except Exception as error:
        raise UserError(f"{path}: cannot be read as Parquet ({str(error)[:200]})") from None
    names = _names(path, table.column_names)
    cells = {
        name: column.to_pylist() for name, column in zip(names, table.itercolumns(), strict=True)
    }
    return Columns(path, cells, range(1, table.num_rows + 1))


def _names(path: Path, row: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in row]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UserError(f"{path}: two columns are called {twice!r}")
    return names

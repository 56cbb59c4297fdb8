"""A table of any kind as rows of cells; libraries read it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.data_source import hub_rows
from tasks.errors import UserError
from tasks.files import jsonl_objects, large_cells, read_json, read_text

DELIMITERS = ",;\t|"
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of `source`, each with the number by which its owner finds it again: the line of a
    spreadsheet or of a JSONL file, else its place from 1. `columns` are in the table's order.
    """

    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]


def read_table(source: str, *, config: str | None = None, split: str = "test") -> Table:
    """The rows of a file, or of one split of a hub data set ("owner/name"); empty rows are left
    out.

    UserError where it cannot be read, holds no rows, or its kind is none of those of `KINDS`.
    """
    path = Path(source)
    kind = path.suffix.lower()
    if kind in KINDS or path.is_file():
        if kind not in KINDS:
            raise UserError(
                f"{source}: a table is one of {', '.join(KINDS)}, or a data set of the hub"
            )
        if not path.is_file():
            raise UserError(f"{source}: no such file")
        numbered = KINDS[kind](path)
    elif _HUB_NAME.fullmatch(source) and not path.exists():
        rows = hub_rows(source, config, split, instead="give a file instead")
        numbered = enumerate(rows, start=1)
    else:
        raise UserError(f"{source}: no such file, and no name of a data set of the hub")
    kept = tuple((number, row) for number, row in numbered if not all(map(is_empty, row.values())))
    if not kept:
        raise UserError(f"{source}: holds no rows")
    columns = tuple(dict.fromkeys(name for _, row in kept for name in row))
    return Table(source, columns, kept)


def is_empty(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def _text_table(path: Path) -> Iterator[tuple[int, Row]]:
    """Cells between whichever of `DELIMITERS` the first line has most of; cells may be quoted."""
    text = read_text(path)
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    # Strictly: a stray quote would swallow all lines up to the next one.
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    names: list[str] = []
    line, after = 1, 1  # where a row begins, where the next one does
    try:
        with large_cells():
            for cells in reader:
                line, after = after, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if names:
                    yield line, _named(names, cells, f"{path}:{line}")
                else:
                    names = _headings(cells, path)
    except csv.Error as error:
        raise UserError(
            f"{path}:{after}: cannot be read ({error}); a quote inside of a cell is doubled, and "
            "the cell quoted"
        ) from None


def _spreadsheet(path: Path) -> Iterator[tuple[int, Row]]:
    """The first sheet, cells as they are shown; one merged over several rows stands in each."""
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise UserError(
            f"{path}: reading spreadsheets needs openpyxl (pip install openpyxl); or save it as CSV"
        ) from None
    sheet = _read_by(path, lambda: load_workbook(path, data_only=True).worksheets[0])
    values = [[_shown(cell) for cell in cells] for cells in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        for row in values[merged.min_row - 1 : merged.max_row]:
            row[merged.min_col - 1] = values[merged.min_row - 1][merged.min_col - 1]
    names: list[str] = []
    for number, cells in enumerate(values, start=1):
        if all(map(is_empty, cells)):
            continue
        if names:
            yield number, _named(names, cells, f"{path}:{number}")
        else:
            names = _headings(cells, path)


def _shown(cell: Any) -> Any:
    """A spreadsheet's cell: its value, but 12% where 0.12 is shown so."""
    kept, percent, _ = str(cell.number_format).partition("%")
    if percent and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return f"{100 * cell.value:.{kept.partition('.')[2].count('0')}f}%"
    return cell.value


def _parquet(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise UserError(
            f"{path}: reading Parquet needs pyarrow (pip install pyarrow); or save it as CSV"
        ) from None
    rows: list[Row] = _read_by(path, lambda: parquet.read_table(path).to_pylist())
    yield from enumerate(rows, start=1)


def _json(path: Path) -> Iterator[tuple[int, Row]]:
    """A list of objects, or an object that holds one such list."""
    content = read_json(path, (dict, list))
    lists = [content] if isinstance(content, list) else content.values()
    rows = [each for each in lists if isinstance(each, list) and each]
    if len(rows) != 1 or not all(isinstance(row, dict) for row in rows[0]):
        raise UserError(f"{path}: expected one list of JSON objects, a question each")
    yield from enumerate(rows[0], start=1)


KINDS: dict[str, Callable[[Path], Iterator[tuple[int, Row]]]] = {
    ".csv": _text_table,
    ".tsv": _text_table,
    ".xlsx": _spreadsheet,
    ".parquet": _parquet,
    ".json": _json,
    ".jsonl": jsonl_objects,
}


def _read_by(path: Path, read: Callable[[], Any]) -> Any:
    """What a library makes of a file; whatever it raises is told in one line."""
    try:
        return read()
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        kind = path.suffix[1:].upper()
        raise UserError(f"{path}: cannot be read as {kind} ({reason[:200]})") from None


def _headings(cells: list[Any], path: Path) -> list[str]:
    names = ["" if is_empty(cell) else str(cell).strip() for cell in cells]
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise UserError(f"{path}: two columns are called {twice!r}")
    return names


def _named(names: list[str], cells: list[Any], where: str) -> Row:
    beyond = cells[len(names) :] + [
        cell for name, cell in zip(names, cells, strict=False) if not name
    ]
    if not all(map(is_empty, beyond)):
        raise UserError(f"{where}: a cell stands under no heading; is there a quote too few?")
    padded = [*cells, *[""] * (len(names) - len(cells))]
    return {name: cell for name, cell in zip(names, padded, strict=False) if name}

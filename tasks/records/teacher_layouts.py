"""The layouts in which teachers' chains are published, each told by the fields of a file's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import numbered_rows, read_json
from tasks.records import cascod_rows, granularity_rows, mentor_kd_rows

Convert = Callable[[Mapping[str, Any], Path], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TeacherLayout:
    """How rows of these fields become ours, and where their test questions lie.

    `row_of` and `question_of` give the fields of `tasks.records.completions.Completion`.
    """

    fields: frozenset[str]
    optional: frozenset[str]
    row_of: Convert
    question_of: Convert
    test_file: Callable[[Path], Path]


LAYOUTS = tuple(
    TeacherLayout(
        module.FIELDS, module.OPTIONAL, module.row_of, module.question_of, module.test_file
    )
    for module in (cascod_rows, mentor_kd_rows, granularity_rows)
)


def layout_of(row: Any) -> TeacherLayout | None:
    """The published layout that a row has, None where it is one of ours or of none."""
    if not isinstance(row, dict):
        return None
    return next(
        (each for each in LAYOUTS if each.fields <= row.keys() <= each.fields | each.optional), None
    )


def completion_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """The rows of a file with their numbers, in our form where their layout is known.

    A JSON array is read where its rows are of a known layout; any other is refused.
    """
    for number, row in _numbered(path):
        layout = layout_of(row)
        yield number, _converted(layout.row_of, row, path, number) if layout else row


def test_file_of(path: Path) -> Path | None:
    """The file of the test questions that belong to the chains in `path`; None without one."""
    _, first = next(_numbered(path), (0, None))
    layout = layout_of(first)
    file = layout.test_file(path) if layout else path
    return file if file != path and file.is_file() else None


def test_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """The rows of the test questions that belong to the chains in `path`, in our form."""
    _, first = next(_numbered(path), (0, None))
    if layout := layout_of(first):
        file = layout.test_file(path)
        for number, row in _numbered(file):
            yield number, _converted(layout.question_of, row, file, number)


def _numbered(path: Path) -> Iterator[tuple[int, Any]]:
    if path.suffix == ".json" and path.is_file():
        rows = read_json(path, list)
        if rows and layout_of(rows[0]):
            yield from enumerate(rows, start=1)
            return
    yield from numbered_rows(path)


def _converted(convert: Convert, row: Any, path: Path, number: int) -> dict[str, Any]:
    """The row in our form; UserError where it lacks something."""
    try:
        return convert(row, path)
    except KeyError as error:
        raise UserError(f"{path}:{number}: missing field {error}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise UserError(f"{path}:{number}: cannot be read ({error})") from None

"""A table's rows as questions with their answers: records without a teacher."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from hashlib import sha256
from typing import Any

from tasks.errors import UserError
from tasks.records.record import CoTRecord, parse_record
from tasks.scoring.answer_text import plain
from tasks.scoring.answers import read_bare_answer
from tasks.scoring.choices import read_choice
from tasks.scoring.option_list import option_label
from tasks.tables.columns import Columns
from tasks.tables.options_in_text import listed_options
from tasks.tables.read_table import Row, Table, is_empty

DESCRIPTION = "Answer the question."
_NAMED = 3  # rows that are named
_COUNTED = re.compile(r"\d{1,3}")  # the number of an option


@dataclass(frozen=True, slots=True)
class _Answered:
    """A row with the options that it offers and the answer that it calls right."""

    number: int
    row: Row
    options: tuple[str, ...]
    answer: str


def questions(
    table: Table, columns: Columns, name: str, description: str = DESCRIPTION
) -> list[CoTRecord]:
    """A record a row, of task `name` and with this description where no column says otherwise.

    A passage stands before its question, and the questions of one passage are a cluster. An answer
    among options may be a label, an option's text, or its number counted from 0 or from 1,
    whichever fits the whole column. UserError names the first rows that are no question.
    """
    answered, records, faults = [], [], []
    for number, row in table.rows:
        try:
            options, answer = _options(row, columns), cell_text(row.get(columns.answer))
            answered.append(_Answered(number, row, options, answer))
        except ValueError as error:
            faults.append(f"row {number}: {error}")
    start = _counted_from(table.source, answered)
    first_row: dict[str, int] = {}
    for each in answered:
        try:
            record = _record(each, columns, start, name, description)
        except ValueError as error:
            faults.append(f"row {each.number}: {error}")
            continue
        if (earlier := first_row.setdefault(record.id, each.number)) != each.number:
            faults.append(f"row {each.number}: id {record.id!r} stands in row {earlier}, too")
        records.append(record)
    if faults:
        more = f" (and {len(faults) - _NAMED} more)" if len(faults) > _NAMED else ""
        raise UserError(f"{table.source}: {'; '.join(faults[:_NAMED])}{more}")
    return _typed(records)


def _typed(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """Yes and no of any language named as such; other types are told from the answers later."""
    polar = {record.task: True for record in records}
    for record in records:
        polar[record.task] &= read_bare_answer(record.answer, "yes_no") is not None
    return [
        replace(record, answer_type="yes_no")
        if polar[record.task] and not record.options and record.answer_type is None
        else record
        for record in records
    ]


def _record(
    answered: _Answered, columns: Columns, start: int | None, name: str, description: str
) -> CoTRecord:
    def text(part: str) -> str:
        return cell_text(answered.row.get(getattr(columns, part)))

    question, passage, options = text("question"), text("passage"), answered.options
    if not question:
        raise ValueError("the question is empty")
    if not answered.answer:
        raise ValueError("the answer is empty")
    return parse_record(
        {
            "id": text("id") or f"{name}/{answered.number}",
            "task": text("task") or name,
            "description": text("description") or description,
            "question": f"{passage}\n\n{question}" if passage else question,
            "answer": _chosen(answered.answer, options, start) if options else answered.answer,
            "cluster": text("cluster") or (f"passage-{_digest(passage)}" if passage else ""),
            "answer_type": text("answer_type") or None,
            "options": list(options),
        }
    )


def _options(row: Row, columns: Columns) -> tuple[str, ...]:
    """The texts of a row's options, from their columns, their one cell, or the question's text."""
    if not columns.options:
        listed = listed_options(cell_text(row.get(columns.question)))
        # Steps of a task are numbered, too.
        is_one = listed and read_choice(plain(cell_text(row.get(columns.answer))), listed)
        return listed if is_one else ()
    if len(columns.options) > 1:
        texts = [cell_text(row.get(column)) for column in columns.options]
        while texts and not texts[-1]:
            texts.pop()  # rows may have fewer options than columns
        return tuple(texts)
    return tuple(map(cell_text, _several(row.get(columns.options[0]))))


def _several(cell: Any) -> Sequence[Any]:
    """The options in one cell: a list, {"text": [...]}, JSON of either, or parts between "|" or on
    lines.
    """
    if isinstance(cell, str):
        if cell.lstrip().startswith(("[", "{")):
            try:
                return _several(json.loads(cell))
            except (ValueError, RecursionError):
                pass
        if listed := listed_options(cell):
            return listed
        return [part.strip() for part in cell.split("|" if "|" in cell else "\n") if part.strip()]
    if isinstance(cell, Mapping):
        texts = cell.get("text")
        if texts is None:
            return _in_order(list(cell), list(cell.values()))
        labels = cell.get("label")
        if not isinstance(texts, list):
            return []
        return _in_order(labels, texts) if isinstance(labels, list) else texts
    return cell if isinstance(cell, list) else []


def _in_order(labels: Sequence[Any], texts: Sequence[Any]) -> list[Any]:
    """Texts in the order of their labels, which count in letters or numbers; ValueError else."""
    named = dict(zip(map(str, labels), texts, strict=False))
    for counted in ("ABCDEFGHIJ", "abcdefghij", "123456789", "012345678"):
        if set(named) == set(counted[: len(texts)]) and len(labels) == len(texts):
            return [named[label] for label in counted[: len(texts)]]
    raise ValueError(f"options are labelled {', '.join(named)}, which do not count from A or 1")


def _counted_from(source: str, answered: Sequence[_Answered]) -> int | None:
    """Where answers that are numbers of options count from: 0 or 1; None where they are none.

    UserError where both would fit.
    """
    offering = [each for each in answered if each.options]
    if not all(_COUNTED.fullmatch(each.answer) for each in offering):
        return None
    # An option's text may be a number itself, so one row alone does not tell.
    if all(read_choice(plain(each.answer), each.options) for each in offering):
        return None
    numbers = [(int(each.answer), len(each.options)) for each in offering]
    fits = [
        start for start in (0, 1) if all(start <= number < many + start for number, many in numbers)
    ]
    if len(fits) == 2:
        raise UserError(
            f"{source}: answers are numbers of options, but from 0 or from 1? Give letters, "
            "or the options' texts"
        )
    return fits[0] if fits else None


def _chosen(answer: str, options: Sequence[str], start: int | None) -> str:
    """The label of the option that an answer names; the answer as it stands where it names none."""
    if start is not None:
        return option_label(int(answer) - start)
    return read_choice(plain(answer), options) or answer


def cell_text(cell: Any) -> str:
    """A cell as text: 18.0 is "18", a list of one is what it holds; ValueError for more."""
    if is_empty(cell):
        return ""
    if isinstance(cell, list):
        if len(cell) != 1:
            raise ValueError(f"a cell holds {len(cell)} values where one is expected")
        return cell_text(cell[0])
    if isinstance(cell, Mapping):
        raise ValueError("a cell holds an object where a text is expected")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()  # spreadsheets know no days without a time
    return str(cell).strip()


def _digest(text: str) -> str:
    return sha256(" ".join(text.split()).encode()).hexdigest()[:8]

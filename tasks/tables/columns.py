"""Which column holds what: as the user says, else as the columns' names say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import takewhile

from tasks.errors import UserError

# Names of columns, without case, signs and spaces; the likeliest of each part first.
NAMES = {
    "question": "question frage prompt input query problem stem pregunta domanda вопрос "
    "aufgabe questiontext 問題 質問 问题 題目 题目",
    "answer": "answer antwort gold target label solution loesung lösung answerkey correctanswer "
    "correct key richtig réponse reponse respuesta risposta ответ 正解 答え 解答 答案",
    "options": "options choices optionen antworten auswahl answers opciones 選択肢 选项",
    "passage": "passage context kontext text textstelle abschnitt article story absatz contexto "
    "contexte 本文 文章 段落",
    "id": "id nr nummer number uid questionid 番号 编号",
    "task": "task aufgabentyp category kategorie subject topic thema fach subtask 分野 科目",
    "description": "description instruction anweisung beschreibung anleitung 指示",
    "cluster": "cluster group gruppe passageid",
    "answer_type": "answertype antworttyp",
}
SEVERAL = ".."  # options=A..D: the columns from A to D
# "A", "option A", "Antwort 1", "(c)": a column an option.
_OPTION_COLUMN = re.compile(r"(?:option|choice|antwort|auswahl|answer|選択肢|选项)?([a-z]|[1-9])")


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each part of a question, "" where none has it.

    `options` are the columns of its options, in order; a single one may hold them all.
    """

    question: str
    answer: str
    options: tuple[str, ...] = ()
    passage: str = ""
    id: str = ""
    task: str = ""
    description: str = ""
    cluster: str = ""
    answer_type: str = ""

    def __str__(self) -> str:
        """As `--map` takes it."""
        parts = {each.name: getattr(self, each.name) for each in fields(self)}
        if self.options:
            ends = dict.fromkeys((self.options[0], self.options[-1]))
            parts["options"] = SEVERAL.join(ends)
        return ",".join(f"{part}={column}" for part, column in parts.items() if column)


def columns_of(present: Sequence[str], said: Mapping[str, str], where: str) -> Columns:
    """The columns of a table that has those `present`: as `said` (parts to columns), else guessed.

    UserError where the question or its answer has no column, or one that was named is not there.
    """
    found: dict[str, tuple[str, ...]] = {
        part: _range(column, present, where) for part, column in said.items()
    }
    several = (part for part, columns in found.items() if len(columns) > 1)
    if part := next((part for part in several if part != "options"), ""):
        raise UserError(f"--map {part}={said[part]}: one column holds the {part}")
    taken = {column for columns in found.values() for column in columns}
    free = [column for column in present if column not in taken]
    for part, column in _by_name(free).items():
        found.setdefault(part, (column,))
    lettered = _option_columns(free)
    if "options" not in found and lettered and _stand_together(lettered, present):
        found["options"] = lettered
    for part in ("question", "answer"):
        if not found.get(part):
            raise UserError(
                f"{where}: which column holds the {part}? Say --map {part}=COLUMN; there are: "
                f"{', '.join(present)}"
            )
    options = found.pop("options", ())
    return Columns(**{part: columns[0] for part, columns in found.items()}, options=options)


def said_columns(argument: str) -> dict[str, str]:
    """What `--map` says, parts to columns: "question=frage,options=A..D"."""
    said: dict[str, str] = {}
    parts = [each.name for each in fields(Columns)]
    for assignment in filter(None, argument.split(",")):
        part, equals, column = (text.strip() for text in assignment.partition("="))
        if part not in parts or not equals or not column:
            raise UserError(
                f"--map {assignment}: expected PART=COLUMN, a part being one of {', '.join(parts)}"
            )
        said[part] = column
    return said


def _range(column: str, present: Sequence[str], where: str) -> tuple[str, ...]:
    """The column of that name, or those from one to another ("A..D") in the table's order."""
    if column in present:
        return (column,)
    first, several, last = column.partition(SEVERAL)
    for name in (first, last) if several else (column,):
        if name not in present:
            raise UserError(f"{where}: no column {name!r}; there are: {', '.join(present)}")
    start, end = present.index(first), present.index(last)
    if end < start:
        raise UserError(f"{where}: column {last!r} stands before {first!r}")
    return tuple(present[start : end + 1])


def _by_name(present: Sequence[str]) -> dict[str, str]:
    """The parts that columns are named after; of several names the first in `NAMES` counts."""
    plain = {_plain(column): column for column in reversed(present)}
    named = {
        part: next((plain[name] for name in names.split() if name in plain), None)
        for part, names in NAMES.items()
    }
    return {part: column for part, column in named.items() if column}


def _option_columns(present: Sequence[str]) -> tuple[str, ...]:
    """Columns called A, B, C and so on, or "option 1", "option 2": two at least."""
    marks = {
        found[1]: column
        for column in present
        if (found := _OPTION_COLUMN.fullmatch(_plain(column)))
    }
    for labels in ("abcdefghi", "123456789"):
        run = tuple(marks[mark] for mark in takewhile(marks.__contains__, labels))
        if len(run) > 1:
            return run
    return ()


def _stand_together(columns: tuple[str, ...], present: Sequence[str]) -> bool:
    """Whether columns follow one another, so that their ends name them all."""
    first = present.index(columns[0])
    return tuple(present[first : first + len(columns)]) == columns


def _plain(column: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", column).casefold())

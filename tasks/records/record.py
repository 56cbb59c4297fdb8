"""The CoT record: one question with a teacher's rationale; its reader, writer and checker."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import numbered_rows, write_whole
from tasks.problem import ANSWER_TYPES, AnswerType, Problem
from tasks.records.of_chain import is_cut, without_chain
from tasks.records.review import verdict_of_wrong_chain
from tasks.scoring.answer_types import infer_answer_type
from tasks.scoring.choices import check_gold
from tasks.scoring.option_list import showing_options


@dataclass(frozen=True, slots=True)
class WrongChain:
    """A rationale that leads to a wrong answer, and that answer.

    One that people found wrong may lead to the right answer all the same.
    """

    rationale: str
    answer: str


@dataclass(frozen=True, slots=True)
class CoTRecord:
    """One example to train on or to be tested with; a test needs neither rationale nor teacher.

    A record whose teacher answered wrongly is kept: `answer` is the gold answer, `teacher_answer`
    what the teacher said, and the experiment chooses which records train. `cluster` defaults to the
    item itself; `answer_type` to choice where there are `options`, else to what the answers of its
    task have in common. With options the answer is one of them, by label ("(B)") or by its text,
    and either way of giving it counts. `dual` is a wrong chain of the same question beside the
    record's right one; `rectified` says that a teacher wrote the right one when it was told the
    answer, after a wrong first try.
    """

    id: str
    task: str
    description: str
    question: str
    answer: str
    rationale: str
    teacher: str
    teacher_answer: str
    teacher_correct: bool
    cluster: str = ""
    answer_type: AnswerType | None = None
    options: tuple[str, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    dual: WrongChain | None = None
    rectified: bool = False

    @property
    def asked(self) -> str:
        """The question as students meet it, in training and after: its options are always
        listed.
        """
        return showing_options(self.question, self.options)

    @property
    def is_cut(self) -> bool:
        """Whether the rationale was cut off at a limit, as far as its meta tells."""
        return is_cut(self.meta)

    def problem(self, answer_type: AnswerType) -> Problem:
        """The record as an item to be asked; a solution path is read from `meta["path"]`."""
        return Problem(
            id=self.id,
            task=self.task,
            description=self.description,
            question=self.asked,
            golds=(self.answer,),
            answer_type=self.answer_type or ("choice" if self.options else answer_type),
            cluster=self.cluster or self.id,
            options=self.options,
            path=str(self.meta.get("path", "")),
        )

    def counterpart(self) -> CoTRecord:
        """The record with its wrong chain in place of the right one; only where it has one."""
        assert self.dual is not None
        return replace(
            self,
            id=f"{self.id}/dual",
            rationale=self.dual.rationale,
            teacher_answer=self.dual.answer,
            teacher_correct=False,
            meta=without_chain(self.meta),
            dual=None,
            rectified=False,
        )

    def to_row(self) -> dict[str, Any]:
        """As plain JSON types; what is told of pairs of chains only where there is one."""
        row = asdict(self)
        return {name: v for name, v in row.items() if name not in PAIRED or v != PAIRED[name]}


TEXT_FIELDS = ("id", "task", "description", "question", "answer", "rationale", "teacher")
MAY_BE_EMPTY = {"description", "rationale", "teacher"}
MAY_BE_MISSING = {"rationale", "teacher"}
# What came to records later; one for which it says nothing reads, and hashes, as it always did.
PAIRED = {"dual": None, "rectified": False}


def parse_record(row: Any) -> CoTRecord:
    """One decoded JSON row as a record; ValueError says what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError(f"expected an object, got {type(row).__name__}")
    known = CoTRecord.__dataclass_fields__
    if unknown := sorted(set(row) - set(known)):
        raise ValueError(f"unknown field {unknown[0]!r}; known fields: {', '.join(known)}")
    for name in TEXT_FIELDS:
        if name not in row and name not in MAY_BE_MISSING:
            raise ValueError(f"missing field {name!r}")
        if not isinstance(row.get(name, ""), str):
            raise ValueError(f"field {name!r} must be text, got {type(row[name]).__name__}")
        if name not in MAY_BE_EMPTY and not row[name].strip():
            raise ValueError(f"empty {name}")
    answer_type = row.get("answer_type")
    if answer_type is not None and answer_type not in ANSWER_TYPES:
        raise ValueError(f"answer_type {answer_type!r} is none of {', '.join(ANSWER_TYPES)}")
    options = _typed(row, "options", list, [])
    if not all(isinstance(option, str) for option in options):
        raise ValueError("field 'options' must be a list of texts")
    check_gold(row["answer"], row["question"], options)
    teacher_answer = row.get("teacher_answer", row["answer"])
    teacher_correct = _typed(row, "teacher_correct", bool, teacher_answer == row["answer"])
    dual = _wrong_chain(row)
    if dual and not teacher_correct:
        raise ValueError("field 'dual' is a wrong chain beside a right one, and this one is wrong")
    return CoTRecord(
        **{name: row.get(name, "") for name in TEXT_FIELDS},
        teacher_answer=_typed(row, "teacher_answer", str, teacher_answer),
        teacher_correct=teacher_correct,
        cluster=_typed(row, "cluster", str, "") or row["id"],
        answer_type=answer_type,
        options=tuple(options),
        meta=_typed(row, "meta", dict, {}),
        dual=dual,
        rectified=_typed(row, "rectified", bool, False),
    )


def read_records(path: Path) -> list[CoTRecord]:
    """All records of a JSONL file; UserError with file:line for the first fault found."""
    records = []
    first_line: dict[str, int] = {}
    for number, row in numbered_rows(path):
        try:
            record = parse_record(row)
        except ValueError as error:
            raise UserError(f"{path}:{number}: {error}") from None
        if record.id in first_line:
            raise UserError(
                f"{path}:{number}: duplicate id {record.id!r}, first on line "
                f"{first_line[record.id]}"
            )
        first_line[record.id] = number
        records.append(record)
    if not records:
        raise UserError(f"{path}: no records in this file")
    return records


def write_records(path: Path, records: Iterable[CoTRecord]) -> None:
    """Write records as JSONL, one a line; empty optional fields are left out."""
    rows = ({k: v for k, v in r.to_row().items() if v not in (None, (), {})} for r in records)
    write_whole(path, (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def record_problems(records: Iterable[CoTRecord]) -> list[Problem]:
    """The records as items to be asked, each task's answer type inferred where it is not given."""
    records = list(records)
    answers: dict[str, list[str]] = {}
    for record in records:
        answers.setdefault(record.task, []).append(record.answer)
    types = {task: infer_answer_type(golds) for task, golds in answers.items()}
    return [record.problem(types[record.task]) for record in records]


def _wrong_chain(row: dict[str, Any]) -> WrongChain | None:
    dual = row.get("dual")
    if dual is None:
        return None
    names = sorted(WrongChain.__dataclass_fields__)
    if not isinstance(dual, dict) or sorted(dual) != names:
        raise ValueError(f"field 'dual' must be an object with {' and '.join(names)}")
    for name in names:
        if not isinstance(dual[name], str) or not dual[name].strip():
            raise ValueError(f"field 'dual': {name} must be a text that is not empty")
    is_found_wrong = verdict_of_wrong_chain(_typed(row, "meta", dict, {})) == "wrong"
    if dual["answer"].strip() == row["answer"].strip() and not is_found_wrong:
        raise ValueError("field 'dual': its answer is the right one")
    return WrongChain(**dual)


def _typed(row: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    value = row.get(name, default)
    if not isinstance(value, kind):
        raise ValueError(f"field {name!r} must be {kind.__name__}, got {type(value).__name__}")
    return value

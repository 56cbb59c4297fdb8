"""Chains that a student writes for its own training: what it answers right, hinted if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.reply import Reply
from harness.evaluation.student import Request, Student
from tasks.problem import Problem, question_prompt
from tasks.progress import Progress
from tasks.records.record import CoTRecord, record_problems
from tasks.scoring.score import score


@dataclass(frozen=True, slots=True)
class OwnChains:
    """The chains as records of their questions, `hinted` ones as rectified, and what they took."""

    records: list[CoTRecord]
    hinted: int
    costs: tuple[InferenceCosts, ...]


def own_chains(
    student: Student,
    asked: Sequence[CoTRecord],
    settings: DecodingSettings,
    *,
    writer: str,
    progress: Progress | None = None,
) -> OwnChains:
    """Ask the questions of records; those answered wrong once more, with the answer as a hint.

    A record is made of every chain that ends in the right answer by itself. `writer` is who wrote
    it. No record is in two of them, and those of which no chain came right are left out.
    """
    problems = dict(zip([record.id for record in asked], record_problems(asked), strict=True))
    first = student.reply(questions(asked), settings, progress)
    right = {
        record.id: reply
        for record, reply in zip(asked, first.replies, strict=True)
        if _is_right(reply, problems[record.id])
    }
    missed = [record for record in asked if record.id not in right]
    hints = questions(missed, hinted=True)
    second = student.reply(hints, settings, progress) if hints else None
    hinted = {
        record.id: reply
        for record, reply in zip(missed, second.replies if second else (), strict=True)
        if _is_right(reply, problems[record.id])
    }
    replies = right | hinted
    return OwnChains(
        [
            _record(record, replies[record.id], writer, hinted=record.id in hinted)
            for record in asked
            if record.id in replies
        ],
        len(hinted),
        tuple(each.costs for each in (first, second) if each),
    )


def questions(records: Sequence[CoTRecord], *, hinted: bool = False) -> list[Request]:
    """The records' questions, asked as in training; `hinted` ones tell the right answer."""
    return [
        Request(
            record.id,
            question_prompt(
                record.description,
                record.asked + (f"\n(Hint: the answer is {record.answer}.)" if hinted else ""),
            ),
        )
        for record in records
    ]


def _is_right(reply: Reply, problem: Problem) -> bool:
    """Whether a chain leads to the right answer, without a cue that it was fed for want of one."""
    scored = score(
        reply.as_written,
        problem.golds,
        problem.answer_type,
        task=problem.task,
        options=problem.options,
    )
    return scored.correct and bool(reply.rationale.strip())


def _record(record: CoTRecord, reply: Reply, writer: str, *, hinted: bool) -> CoTRecord:
    return replace(
        record,
        rationale=reply.rationale.strip(),
        teacher=writer,
        teacher_answer=record.answer,
        teacher_correct=True,
        meta={},
        dual=None,
        rectified=hinted,
    )

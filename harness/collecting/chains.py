"""Replies read as the importer reads completions: rationale, answer, and whether it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from harness.collecting.budget import Prices
from harness.collecting.chat_request import ChatRequest, Reply
from tasks.problem import AnswerType
from tasks.records.completions import Completion, answer_types
from tasks.records.importer import ImportReport, completed, record_of
from tasks.records.record import CoTRecord
from tasks.records.rescore import score_completion

Outcome = Literal["right", "wrong", "unread", "cut"]


@dataclass(frozen=True, slots=True)
class Chain:
    """A reply and what it is worth.

    `record` is None where no rationale or no answer could be made out, `reason` then says why, in
    the importer's words. A chain that was cut by length is nothing else, whatever it says.
    """

    request: ChatRequest
    reply: Reply
    outcome: Outcome
    record: CoTRecord | None
    reason: str

    @property
    def question(self) -> CoTRecord:
        """What it answers."""
        return self.request.question

    @property
    def sample(self) -> int:
        """Which of the question's samples it is, or was asked for beside."""
        return self.request.sample

    @property
    def rationale(self) -> str:
        """Its reasoning, "" where none could be made out."""
        return self.record.rationale if self.record else ""

    @property
    def may_be_dual(self) -> bool:
        """Whether it leads to a wrong answer that could be read."""
        return (
            self.outcome == "wrong"
            and self.record is not None
            and self.record.teacher_answer.strip() != self.record.answer.strip()
        )

    def facts(self, prices: Prices | None) -> dict[str, Any]:
        """Where it comes from, as plain JSON types: what `meta` keeps of it."""
        request, reply = self.request, self.reply
        tokens = reply.tokens
        return {
            "purpose": request.purpose,
            "model": request.teacher.model,
            "served_model": reply.model,
            "server": reply.server,
            "date": reply.date,
            "prompt_sha256": request.prompt_sha256,
            "sampling": request.teacher.sampling.to_json(),
            "sample": request.sample,
            "tokens": tokens.to_json() if tokens else None,
            "cost": prices.cost(tokens) if prices and tokens else None,
            "finish_reason": reply.finish_reason,
            "cut": reply.is_cut,
        }


class ChainReader:
    """Reads replies to these questions; the answer type is inferred from all answers of a task."""

    def __init__(self, questions: Sequence[CoTRecord], teacher: str) -> None:
        self._teacher = teacher
        self._asked = {each.id: completed(_completion(each), {}, {}) for each in questions}
        self._types: Mapping[str, AnswerType] = answer_types(list(self._asked.values()))

    def read(self, request: ChatRequest, reply: Reply) -> Chain:
        """The reply as a chain."""
        asked = replace(self._asked[request.question.id], completion=reply.text)
        answer_type = self._types[asked.task]
        report = ImportReport()
        record = record_of(asked, answer_type, self._teacher, report)
        if record:
            record = replace(record, id=f"{record.id}/{request.sample}", meta=request.question.meta)
        score = score_completion(asked, answer_type, "strict")
        outcome: Outcome = "right" if score.correct else "wrong"
        if record is None or not score.parse_ok:
            outcome = "unread"
        if reply.is_cut:
            outcome = "cut"
        return Chain(request, reply, outcome, record, "" if record else report.left_out[0].reason)


def _completion(question: CoTRecord) -> Completion:
    return Completion(
        id=question.id,
        task=question.task,
        where=question.id,
        completion="",
        target=(question.answer,),
        question=question.question,
        description=question.description,
        cluster=question.cluster,
        options=question.options,
        answer_type=question.answer_type,
    )

"""A rationale's quality: a score in [0, 1], the reasons for it, and the first wrong step."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.problem import AnswerType
from tasks.quality.steps import steps_of
from tasks.quality.verification import verified
from tasks.quality.wrong_step import WrongStep
from tasks.records.record import CoTRecord


@dataclass(frozen=True, slots=True)
class Quality:
    score: float
    steps: tuple[str, ...]
    wrong: WrongStep | None
    reasons: tuple[str, ...]


def assess_record(record: CoTRecord) -> Quality:
    steps = steps_of(record.rationale)
    found = verified(record.asked, steps)
    wrong = found[1] if found else None
    return Quality(0.1 if wrong else 1.0, tuple(steps), wrong, ())

"""Which records `train_on` keeps: by their answers, what was checked, what people found."""

from __future__ import annotations

from harness.running.data_sources import QualityFilter, ReviewFilter, TrainOn
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from tasks.records.review import verdict_of


def trained_on(records: list[CoTRecord], train_on: TrainOn) -> list[CoTRecord]:
    """The records whose answers, and whose rationales where that is asked for, are good.

    UserError where people's findings are asked for and there are none.
    """
    if isinstance(train_on, QualityFilter):
        from tasks.quality.assess import assess_records

        # All chains of a question are heard before any is left out: they vouch for one another.
        scores = [quality.score for quality in assess_records(records)]
        sound = [r for r, s in zip(records, scores, strict=True) if s >= train_on.quality]
        return trained_on(sound, train_on.answers)
    if isinstance(train_on, ReviewFilter):
        return trained_on(_found(records, train_on), train_on.answers)
    return [r for r in records if r.teacher_correct or train_on == "all"]


def _found(records: list[CoTRecord], by: ReviewFilter) -> list[CoTRecord]:
    verdicts = [verdict_of(record.meta) for record in records]
    if not any(verdicts):
        raise UserError(
            "train_on.review: no training record has been read; `cascod review RECORDS --export "
            "FILE` writes what people found into `meta.review`"
        )
    wanted = {"right"} if by.review == "right" else {"right", None}
    return [r for r, verdict in zip(records, verdicts, strict=True) if verdict in wanted]

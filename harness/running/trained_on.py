"""Which records `train_on` keeps: by their answers, what was checked, what people found."""

from __future__ import annotations

from harness.running.data_sources import TrainOn
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from tasks.records.review import verdict_of


def trained_on(records: list[CoTRecord], train_on: TrainOn) -> list[CoTRecord]:
    """The records whose answers, and whose rationales where that is asked for, are good.

    UserError where people's findings are asked for and there are none.
    """
    if isinstance(train_on, str):
        return [r for r in records if r.teacher_correct or train_on == "all"]
    good = [True] * len(records)
    # All chains of a question are heard, whatever people found: they vouch for one another.
    if train_on.quality is not None:
        good = _sound(records, train_on.quality)
    if train_on.review is not None:
        good = [a and b for a, b in zip(good, _found(records, train_on.review), strict=True)]
    kept = [record for record, is_good in zip(records, good, strict=True) if is_good]
    return trained_on(kept, train_on.answers)


def _sound(records: list[CoTRecord], score: float) -> list[bool]:
    from tasks.quality.assess import assess_records

    return [quality.score >= score for quality in assess_records(records)]


def _found(records: list[CoTRecord], review: str) -> list[bool]:
    verdicts = [verdict_of(record.meta) for record in records]
    if not any(verdicts):
        raise UserError(
            "train_on.review: no training record has been read; `cascod review RECORDS --export "
            "FILE` writes what people found into `meta.review`"
        )
    wanted = {"right"} if review == "right" else {"right", None}
    return [verdict in wanted for verdict in verdicts]

"""Records that carry what was found of their rationales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tasks.quality.assess import Quality, assess_records
from tasks.records.of_chain import QUALITY
from tasks.records.record import CoTRecord


def marked(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """The records with `score` and `first_wrong_step` (from 0, or None) as `meta["quality"]`.

    For people and other programs: `train_on: {quality: ...}` assesses again, since agreement
    depends on the records that stand beside.
    """
    return [
        replace(record, meta=record.meta | {QUALITY: _told(quality)})
        for record, quality in zip(records, assess_records(records), strict=True)
    ]


def _told(quality: Quality) -> dict[str, Any]:
    step = quality.wrong.step if quality.wrong else None
    return {"score": round(quality.score, 4), "first_wrong_step": step}

"""The records with what people found of them: `meta.review`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from harness.reviewing.findings import Findings
from tasks.records.of_chain import REVIEW
from tasks.records.record import CoTRecord


def reviewed(records: Iterable[CoTRecord], findings: Findings) -> list[CoTRecord]:
    """The records, those with a verdict reviewed, the others as they were."""
    return [
        replace(record, meta=record.meta | {REVIEW: review})
        if (review := review_of(findings, record.id))
        else record
        for record in records
    ]


def review_of(findings: Findings, item: str) -> dict[str, Any] | None:
    """What `meta.review` says of a record; None where it was not judged or its verdict is open.

    The third judgement decides where there is one. Without it, a first wrong step that reviewers
    of a wrong chain disagree on is left open (null).
    """
    heard = findings.first.get(item, [])
    decisive = heard
    if third := findings.third.get(item):
        decisive = [third]
        heard = [*heard, third]
    verdicts = {each.judged.verdict for each in decisive}
    if len(verdicts) != 1:
        return None
    steps = {each.judged.first_wrong_step for each in decisive}
    return {
        "verdict": verdicts.pop(),
        "first_wrong_step": steps.pop() if len(steps) == 1 else None,
        "reviewers": sorted({each.reviewer for each in heard}),
        "date": max(each.judged.at for each in heard)[:10],
    }

"""The audit of a training set: what its questions give away, and that in words."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reports.hint_audit.bag_of_words import Predictability, predictability
from reports.hint_audit.competency import Association, associations, is_closed
from reports.hint_audit.overlaps import told_once
from reports.statistics.levels import LEVEL
from reports.statistics.multiplicity import holm
from tasks.records.clusters import question_clusters
from tasks.records.record import CoTRecord

MOST_RECORDS = 10_000


@dataclass(frozen=True, slots=True)
class HintAudit:
    """What was found among `records` of `total`.

    `tested` associations of phrases with answers were tested; `associations` are those that hold
    after correction, overlapping ones once. `tasks` has a row for each task whose answers can be
    predicted at all, its p adjusted by Holm's method; `open_tasks` have no closed set of answers,
    or too few records.
    """

    records: int
    total: int
    tested: int
    associations: tuple[Association, ...]
    tasks: tuple[Predictability, ...]
    open_tasks: tuple[str, ...]

    @property
    def predictable(self) -> tuple[Predictability, ...]:
        """Tasks whose answers words predict better than the commonest answer does."""
        return tuple(row for row in self.tasks if row.gives_away)


def audit(
    records: Sequence[CoTRecord], rng: np.random.Generator, most: int = MOST_RECORDS
) -> HintAudit:
    """Audit the questions and answers that a student would be trained on, a random part above
    `most`.
    """
    total = len(records)
    if total > most:
        chosen = sorted(rng.choice(total, most, replace=False))
        records = [records[place] for place in chosen]
    # Not even the order of a file may change what is found.
    records = sorted(records, key=lambda record: (record.task, record.id))
    by_task: dict[str, list[CoTRecord]] = defaultdict(list)
    for record in records:
        by_task[record.task].append(record)
    apart = [record for of_task in by_task.values() for record in independent(of_task)]
    found, tested = associations(
        [record.task for record in apart],
        [record.question for record in apart],
        [record.answer for record in apart],
    )
    rows = []
    for task, of_task in by_task.items():
        answers = [record.answer for record in of_task]
        row = None
        if is_closed(answers):
            row = predictability(
                task,
                [record.question for record in of_task],
                answers,
                [record.cluster or record.id for record in of_task],
                rng,
            )
        if row:
            rows.append(row)
    adjusted = holm([row.contrast.p for row in rows]) if rows else []
    rows = [replace(row, p_adjusted=p) for row, p in zip(rows, adjusted, strict=True)]
    told = {row.task for row in rows}
    return HintAudit(
        records=len(records),
        total=total,
        tested=tested,
        associations=tuple(
            told_once(
                [each for each in found if each.p_adjusted < LEVEL],
                [record.task for record in apart],
                [record.question for record in apart],
            )
        ),
        tasks=tuple(rows),
        open_tasks=tuple(task for task in by_task if task not in told),
    )


def independent(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """One record of each cluster of a task, drawn by a hash of its question.

    The exact test of a phrase takes questions as independent. Those of one cluster share words and
    often the answer, so that several of them would count one observation again and again.
    """
    drawn = sorted(records, key=lambda record: hashlib.sha256(record.question.encode()).hexdigest())
    groups = question_clusters(
        [record.task for record in drawn],
        [record.question for record in drawn],
        [record.cluster or record.id for record in drawn],
    )
    first = np.unique(groups, return_index=True)[1]
    return [drawn[place] for place in first]


def in_words(found: HintAudit) -> list[str]:
    """What the audit says, in sentences."""
    part = (
        f"{found.records:,} of {found.total:,}"
        if found.records < found.total
        else f"{found.total:,}"
    )
    said = []
    if found.predictable:
        best = max(found.predictable, key=lambda row: row.contrast.value)
        said.append(
            f"In {len(found.predictable)} of {len(found.tasks)} tasks the words of a question "
            f"predict its answer better than the commonest answer does, most in {best.task}: "
            f"{100 * best.bag_of_words:.0f}% against {100 * best.majority:.0f}%."
        )
    elif found.tasks:
        said.append(
            f"In none of {len(found.tasks)} tasks do the words of a question predict its answer "
            "better than the commonest answer does."
        )
    if found.associations:
        first = found.associations[0]
        holding = sum(1 + each.overlapping for each in found.associations)
        apart = (
            ""
            if holding == len(found.associations)
            else (
                f" ({len(found.associations):,} without those that only overlap with a stronger "
                "one)"
            )
        )
        said.append(
            f"{holding:,} of {found.tested:,} associations of a phrase with an answer hold "
            f"after correction{apart}; the strongest: questions of {first.task} with "
            f"“{first.phrase}” have the answer {first.answer} in {100 * first.share:.0f}% of "
            f"{first.questions}, all in {100 * first.base:.0f}%."
        )
    else:
        said.append(
            f"None of {found.tested:,} associations of a phrase with an answer holds after "
            "correction."
        )
    if found.open_tasks:
        said.append(
            "Not looked at, for want of a closed set of answers or of records: "
            f"{', '.join(found.open_tasks)}."
        )
    said.append(
        f"{part} records. A cue found here is not wrong by itself; a student may lean on it."
    )
    return said

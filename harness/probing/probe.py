"""Probe the items of an evaluation: what the student would answer with other rationales."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.evaluation.open_student import OpenStudent
from harness.probing.candidates import candidates
from harness.probing.conditions import Asked, build, shares
from harness.probing.mistake import with_mistake
from harness.probing.turn import turn_of
from reports.logs.cell_samples import samples_by_task
from reports.logs.logged_sample import LoggedSample
from reports.logs.probed_item import ProbedItem, read_probed
from tasks.files import append_durably, cut_torn_line
from tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Replied:
    """An item of an evaluation: the sample as logged, and what may be answered to it."""

    sample: LoggedSample
    candidates: tuple[str, ...]
    other_rationale: str | None = None


def replied_items(
    evaluation: Path, suites: Collection[str], limit: int | None
) -> tuple[list[Replied], int]:
    """The first `limit` items of each task of these suites that can be probed; how many cannot.

    An item cannot where its possible answers cannot be told (a list of words, a free text). Each
    comes with the rationale of the task's next item that has another gold.
    """
    items: list[Replied] = []
    open_ended = 0
    for of_task in samples_by_task(evaluation):
        samples = [sample for sample in of_task if sample.suite in suites]
        problems = [sample.problem for sample in samples]
        golds = [problem.golds[0] for problem in problems]
        probed = [
            Replied(sample, candidates(problem, golds))
            for sample, problem in zip(samples, problems, strict=True)
        ]
        open_ended += sum(not item.candidates for item in probed[:limit])
        items += [
            replace(item, other_rationale=_next_with_other_gold(probed, place))
            for place, item in enumerate(probed[:limit])
            if item.candidates
        ]
    return items, open_ended


def probe(student: OpenStudent, items: Sequence[Replied], file: Path, progress: Progress) -> None:
    """Score every item that `file` (JSON lines) does not hold yet, and add it there."""
    cut_torn_line(file)
    done = {probed.item.key for probed in read_probed(file)}
    for number, item in enumerate(items, start=1):
        if item.sample.item.key not in done:
            line = json.dumps(_probed(student, item).to_row(), ensure_ascii=False) + "\n"
            append_durably(file, line.encode())
        progress(number, len(items))


def _probed(student: OpenStudent, item: Replied) -> ProbedItem:
    sample, rationale = item.sample, item.sample.rationale
    turn = turn_of(student.facts)
    mistaken = with_mistake(rationale, sample.problem.options, item.candidates)
    asked = Asked(
        prompt_ids=[*turn.layout.encode(sample.prompt_sent), *turn.opening],
        cue_ids=turn.cue,
        rationale=f" {rationale}",
        mistaken=None if mistaken is None else f" {mistaken}",
        other=None if item.other_rationale is None else f" {item.other_rationale}",
        candidates=item.candidates,
        answer_end=turn.answer_end,
    )
    tree, leaves = build(asked, turn.layout.continued)
    scores = student.engine.continuation_scores(
        tree, [leaf for each in leaves.values() for leaf in each]
    )
    count = len(item.candidates)
    return ProbedItem(
        suite=sample.suite,
        role=sample.role,
        task=sample.task,
        id=sample.id,
        cluster=sample.cluster,
        question=sample.doc_hash,
        gold=sample.gold.strip(),
        candidates=item.candidates,
        probabilities={
            condition: shares(scores[count * place : count * (place + 1)])
            for place, condition in enumerate(leaves)
        },
    )


def _next_with_other_gold(items: Sequence[Replied], place: int) -> str | None:
    for step in range(1, len(items)):
        other = items[(place + step) % len(items)]
        if other.sample.gold != items[place].sample.gold and other.sample.rationale.strip():
            return other.sample.rationale
    return None

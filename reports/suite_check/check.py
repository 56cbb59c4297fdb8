"""A suite looked at before it is asked, and that in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.suite_check.answers import Balance, Shortcut, balances, shortcuts
from reports.suite_check.domain import Apart, apart
from reports.suite_check.golds import Fault, faults
from reports.suite_check.leaks import KINDS, Leak, leaks
from reports.suite_check.resolution import Assumed, Shown, resolution
from tasks.problem import Problem

SCHEMA = "cascod-suite-check/1"


@dataclass(frozen=True, slots=True)
class SuiteCheck:
    """All that was found; `leaks` and `apart` are of the comparison with `trained` training
    questions, None without any (and `apart` where a side is too small).
    """

    schema: str
    suite: str
    role: str
    items: int
    clusters: int
    largest_cluster: int
    answer_types: dict[str, int]
    trained: int
    leaks: tuple[Leak, ...] | None
    apart: Apart | None
    balances: tuple[Balance, ...]
    shortcuts: tuple[Shortcut, ...]
    faults: tuple[Fault, ...]
    assumed: Assumed
    shown: tuple[Shown, ...]


def check_suite(
    name: str,
    role: str,
    items: Sequence[Problem],
    trained: Sequence[Problem],
    rng: np.random.Generator,
    assumed: Assumed,
) -> SuiteCheck:
    """Look at the items of a suite, and at the training questions beside them where there are
    any.
    """
    sizes = Counter(item.cluster for item in items)
    return SuiteCheck(
        schema=SCHEMA,
        suite=name,
        role=role,
        items=len(items),
        clusters=len(sizes),
        largest_cluster=max(sizes.values()),
        answer_types=dict(Counter(item.answer_type for item in items)),
        trained=len(trained),
        leaks=tuple(leaks(items, trained)) if trained else None,
        apart=apart(items, trained, rng) if trained else None,
        balances=tuple(balances(items, rng)),
        shortcuts=tuple(shortcuts(items, rng)),
        faults=tuple(faults(items)),
        assumed=assumed,
        shown=resolution(items, assumed),
    )


def in_words(found: SuiteCheck) -> list[str]:
    """What the check says, in sentences, the gravest first."""
    return [*_of_golds(found), *_of_training(found), *_of_answers(found), *_of_size(found)]


def _of_golds(found: SuiteCheck) -> Iterator[str]:
    if found.faults:
        items = len({fault.item for fault in found.faults})
        yield (
            f"{items} of {found.items:,} items {_are(items)} faulty; the first: "
            f"{found.faults[0].item}, {found.faults[0].what}."
        )
    else:
        yield f"All {found.items:,} golds read as answers, and no question is asked twice."


def _of_training(found: SuiteCheck) -> Iterator[str]:
    if found.leaks is None:
        yield "Not compared with training questions: name them with --against."
        return
    if found.leaks:
        kinds = Counter[str](leak.kind for leak in found.leaks)
        told = "; ".join(f"{kinds[kind]} {what}" for kind, what in KINDS.items() if kinds[kind])
        leaked = len(found.leaks)
        yield (
            f"{leaked} of {found.items:,} items ({100 * leaked / found.items:.1f}%) stand among "
            f"{found.trained:,} training questions: {told}."
        )
    else:
        yield f"None of the items stands among {found.trained:,} training questions."
    if found.apart is None:
        yield "Too few questions to say how far out of domain the suite lies."
        return
    auc = found.apart.auc
    yield (
        f"A bag of words tells its questions from the training questions with an AUC of "
        f"{auc.value:.2f} ({auc.lower:.2f} to {auc.upper:.2f}); 0.5 would be the same domain, 1 "
        "another one."
    )


def _of_answers(found: SuiteCheck) -> Iterator[str]:
    for balance in found.balances:
        if balance.uneven:
            most = max(balance.positions, key=lambda each: each.share - each.expected)
            yield (
                f"The right answers are uneven: {most.label} in {100 * most.share:.0f}% of the "
                f"items, {100 * most.expected:.0f}% would be even."
            )
    for shortcut in found.shortcuts:
        if shortcut.works:
            yield (
                f"A shortcut works: {shortcut.name} scores {100 * shortcut.accuracy.value:.0f}%, "
                f"guessing {100 * shortcut.guessing:.0f}%."
            )


def _of_size(found: SuiteCheck) -> Iterator[str]:
    if not found.shown:
        yield "All items are one cluster: no difference can be shown with them."
        return
    for shown in found.shown:
        runs = f"{shown.seeds} seeds a side" if shown.seeds > 1 else "two checkpoints"
        more = (
            "no number of items would find 2 points"
            if shown.more_items is None
            else f"{shown.more_items:,} more items would find 2 points"
        )
        yield (
            f"With {runs} these {found.items:,} items in {found.clusters:,} clusters find a "
            f"difference of {100 * shown.detectable:.1f} points; {more}."
        )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"

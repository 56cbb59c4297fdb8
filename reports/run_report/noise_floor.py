"""A/A: how far two runs of the same cell lie apart when nothing, or the seed alone, has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

import numpy as np

from reports.logs.plan import Planned
from reports.logs.run_data import RunData
from reports.logs.system import System
from reports.run_report.report_content import NoiseRow
from reports.statistics.weights import ROLES

# Seeds of a system up to which every pair of them is shown; rows grow with their square.
MOST_PAIRED_FULLY = 10


def noise_rows(run: RunData, primary: Planned | None) -> Iterator[NoiseRow]:
    """Differences of the primary baseline (else of whatever was repeated) from itself.

    First a cell that was run again with its seed, then pairs of training seeds; in-domain and
    out-of-domain averages each.
    """
    for again in run.repeats:
        original = run.system(again.student, again.method)
        if original is None or again.seeds[0] not in original.seeds:
            continue
        seed = original.seeds.index(again.seeds[0])
        label = f"seed {again.seeds[0]}, run again"
        yield from _rows(run, label, (original, seed), (again, 0))
    for system in run.systems:
        if primary is None or system.method != primary.baseline or not system.trained:
            continue
        for first, second in _pairs(len(system.seeds)):
            label = f"seed {system.seeds[first]}, seed {system.seeds[second]}"
            yield from _rows(run, label, (system, first), (system, second))


def _pairs(seeds: int) -> Iterable[tuple[int, int]]:
    """All pairs of a few seeds; of many, each with the next."""
    return combinations(range(seeds), 2) if seeds <= MOST_PAIRED_FULLY else pairwise(range(seeds))


def _rows(
    run: RunData, label: str, first: tuple[System, int], second: tuple[System, int]
) -> Iterator[NoiseRow]:
    for on in ROLES:
        selection = run.asked((first[0], second[0]), on)
        if selection is None:
            continue
        old, new = selection.systems
        change = new.correct[second[1]].astype(float) - old.correct[first[1]]
        texts = old.responses[first[1]], new.responses[second[1]]
        yield NoiseRow(
            student=first[0].student,
            method=first[0].method,
            pair=label,
            on=on,
            difference=float(selection.design.weight @ change),
            outcomes_changed=float(np.mean(change != 0)),
            responses_changed=float(np.mean(texts[0] != texts[1])),
        )

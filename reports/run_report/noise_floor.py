"""A/A: how far two runs of the same cell lie apart when nothing, or the seed alone, has changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from reports.logs.plan import Planned
from reports.logs.run_data import RunData, System
from reports.run_report.report_content import NoiseRow
from reports.statistics.weights import ROLES, design_of, suites_of


def noise_rows(run: RunData, primary: Planned | None) -> Iterator[NoiseRow]:
    """Differences of the primary baseline (else of whatever was repeated) from itself.

    First a cell that was run again with its seed, then each pair of training seeds; in-domain and
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
        for first, second in combinations(range(len(system.seeds)), 2):
            label = f"seed {system.seeds[first]}, seed {system.seeds[second]}"
            yield from _rows(run, label, (system, first), (system, second))


def _rows(
    run: RunData, label: str, first: tuple[System, int], second: tuple[System, int]
) -> Iterator[NoiseRow]:
    for on in ROLES:
        if not suites_of(run.items, on):
            continue
        chosen, design = design_of(run.items, on)
        if not all(system.evaluated[chosen].all() for system, _ in (first, second)):
            continue
        outcomes = [system.correct[seed, chosen] for system, seed in (first, second)]
        responses = [system.responses[seed, chosen] for system, seed in (first, second)]
        change = outcomes[1].astype(float) - outcomes[0]
        yield NoiseRow(
            student=first[0].student,
            method=first[0].method,
            pair=label,
            on=on,
            difference=float(design.weight @ change),
            outcomes_changed=float(np.mean(change != 0)),
            responses_changed=float(np.mean(responses[0] != responses[1])),
        )

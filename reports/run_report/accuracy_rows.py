"""Accuracies by suite and task, averages over suites, and the majority-class check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from reports.items import Items, Words
from reports.logs.run_data import RunData
from reports.logs.system import Bools, System
from reports.run_report.report_content import AccuracyRow, MacroRow, MajorityRow, SuiteRow
from reports.statistics.contrast import Contrast, score
from reports.statistics.intervals import Interval, accuracy
from reports.statistics.item_design import ItemDesign
from reports.statistics.scale import Correct
from reports.statistics.weights import GAP, design_of, estimands, suites_of, task_design

Estimated = TypeVar("Estimated", bound=Interval | Contrast)
Estimate = Callable[[Correct, ItemDesign], Estimated]


def suite_rows(items: Items) -> tuple[SuiteRow, ...]:
    """The suites in reporting order."""
    return tuple(
        SuiteRow(
            suite=suite,
            role=own.role[0],
            tasks=len(own.tasks),
            items=len(own),
            clusters=len(set(own.cluster)),
        )
        for suite in items.suites
        for own in [items[items.suite == suite]]
    )


def suite_accuracies(run: RunData) -> Iterator[AccuracyRow]:
    """Every system on every suite it was asked."""
    for suite in run.items.suites:
        chosen, design = design_of(run.items, suite)
        for system in _asked(run, chosen):
            yield _row(system, run.items[chosen], suite, None, design)


def task_accuracies(run: RunData) -> Iterator[AccuracyRow]:
    """Every system on every task of the suites it was asked."""
    for suite, task in run.items.tasks:
        chosen, design = task_design(run.items, suite, task)
        for system in _asked(run, chosen):
            yield _row(system, run.items[chosen], suite, task, design)


def macro_rows(run: RunData) -> Iterator[MacroRow]:
    """IND and OOD averages (suites equal) and the generalization gap IND - OOD of every system."""
    for on in estimands(run.items):
        chosen, design = design_of(run.items, on)
        estimate: Estimate[Interval | Contrast] = score if on == GAP else accuracy
        for system in _asked(run, chosen):
            average, as_written = _both_ways(system, design, estimate)
            yield MacroRow(
                student=system.student,
                method=system.method,
                on=on,
                average=average,
                as_written=as_written,
                suites=tuple(suites_of(run.items, on)),
            )


def majority_rows(run: RunData, tasks: Iterable[AccuracyRow]) -> Iterator[MajorityRow]:
    """For every system whether the IND accuracy of each task is above its majority-class rate."""
    tasks = [row for row in tasks if row.role == "ind"]
    for system in run.systems:
        own = [row for row in tasks if (row.student, row.method) == (system.student, system.method)]
        if own:
            below = tuple(f"{row.suite} / {row.task}" for row in own if not row.above_majority)
            yield MajorityRow(system.student, system.method, len(own), below)


def _both_ways(
    system: System, design: ItemDesign, estimate: Estimate[Estimated]
) -> tuple[Estimated, Estimated]:
    """An estimate with forced answers, and as written."""
    found = estimate(system.correct, design)
    if not system.answer_forced.any():
        return found, found
    return found, estimate(system.correct_as_written, design)


def _asked(run: RunData, chosen: Bools) -> list[System]:
    return [asked for system in run.systems if (asked := system.at(chosen))]


def _row(
    system: System, items: Items, suite: str, task: str | None, design: ItemDesign
) -> AccuracyRow:
    """Of a system on these items alone."""
    rationale_cut, answer_cut = system.rationale_truncated, system.answer_truncated
    with_forced, as_written = _both_ways(system, design, accuracy)
    majority = sum(_commonest(items.gold[items.task == name]) for _, name in items.tasks)
    return AccuracyRow(
        student=system.student,
        method=system.method,
        suite=suite,
        role=items.role[0],
        task=task,
        accuracy=with_forced,
        as_written=as_written,
        items=len(items),
        per_seed=tuple(float(share) for share in system.correct.mean(axis=1)),
        unparsed=float(1 - np.mean(system.parse_ok)),
        unparsed_as_written=float(1 - np.mean(system.parse_ok_as_written)),
        forced=float(np.mean(system.answer_forced)),
        rationale_truncated=float(np.mean(rationale_cut)),
        answer_truncated=float(np.mean(answer_cut)),
        truncated=float(np.mean(rationale_cut | answer_cut)),
        majority=float(majority / len(items)),
    )


def _commonest(golds: Words) -> int:
    return max(Counter(golds).values())

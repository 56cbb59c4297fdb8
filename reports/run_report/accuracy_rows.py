"""Accuracies by suite and task, averages over suites, and the majority-class check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from reports.items import Items, Words
from reports.logs.run_data import Bools, RunData, System
from reports.run_report.report_content import AccuracyRow, MacroRow, MajorityRow, SuiteRow
from reports.statistics.contrast import score
from reports.statistics.intervals import accuracy
from reports.statistics.item_design import ItemDesign
from reports.statistics.weights import GAP, design_of, estimands, suites_of, task_design


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
        for system in _asked(run.systems, chosen):
            yield _row(run, system, suite, None, chosen, design)


def task_accuracies(run: RunData) -> Iterator[AccuracyRow]:
    """Every system on every task of the suites it was asked."""
    for suite, task in run.items.tasks:
        chosen, design = task_design(run.items, suite, task)
        for system in _asked(run.systems, chosen):
            yield _row(run, system, suite, task, chosen, design)


def macro_rows(run: RunData) -> Iterator[MacroRow]:
    """IND and OOD averages (suites equal) and the generalization gap IND - OOD of every system."""
    for on in estimands(run.items):
        chosen, design = design_of(run.items, on)
        for system in _asked(run.systems, chosen):
            correct = system.correct[:, chosen]
            estimate = score(correct, design) if on == GAP else accuracy(correct, design)
            yield MacroRow(
                student=system.student,
                method=system.method,
                on=on,
                value=estimate.value,
                lower=estimate.lower,
                upper=estimate.upper,
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


def _asked(systems: Iterable[System], chosen: Bools) -> list[System]:
    return [system for system in systems if system.evaluated[chosen].all()]


def _row(
    run: RunData,
    system: System,
    suite: str,
    task: str | None,
    chosen: Bools,
    design: ItemDesign,
) -> AccuracyRow:
    correct = system.correct[:, chosen]
    interval = accuracy(correct, design)
    items = run.items[chosen]
    rationale_cut = system.rationale_truncated[:, chosen]
    answer_cut = system.answer_truncated[:, chosen]
    majority = sum(_commonest(items.gold[items.task == name]) for _, name in items.tasks)
    return AccuracyRow(
        student=system.student,
        method=system.method,
        suite=suite,
        role=items.role[0],
        task=task,
        value=interval.value,
        lower=interval.lower,
        upper=interval.upper,
        items=len(items),
        per_seed=tuple(float(share) for share in correct.mean(axis=1)),
        unparsed=float(1 - np.mean(system.parse_ok[:, chosen])),
        rationale_truncated=float(np.mean(rationale_cut)),
        answer_truncated=float(np.mean(answer_cut)),
        truncated=float(np.mean(rationale_cut | answer_cut)),
        majority=float(majority / len(items)),
    )


def _commonest(golds: Words) -> int:
    return max(Counter(golds).values())

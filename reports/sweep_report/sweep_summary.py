"""A sweep's content: rows, what they say in words, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.comparing.otherwise import opposite
from reports.rendering.numerals import p_value, points, signed_interval, signed_points
from reports.statistics.answers import IN_WORDS, Answers, the_other
from reports.statistics.contrast import Contrast
from reports.statistics.weights import ROLES
from reports.sweep_report.changes import change_rows, is_shared
from reports.sweep_report.rows import accuracy_rows, difference_rows
from reports.sweep_report.sweep_content import ChangeRow, DifferenceRow, SuiteRow, SweepReport
from reports.sweep_report.sweep_data import SweepData


def summarize(sweep: SweepData) -> SweepReport:
    """Everything that the report of a sweep says."""
    primary = sweep.plan.primary if sweep.plan else None
    counted = sweep.answered(sweep.answers)
    differences, changes = tuple(difference_rows(counted)), tuple(change_rows(sweep))
    suites = tuple(_suites(sweep))
    return SweepReport(
        name=str(sweep.experiment.get("name", "sweep")),
        key=sweep.key,
        scale=sweep.scale,
        values=sweep.values,
        students=tuple(sweep.students),
        methods=tuple(sweep.methods),
        suites=suites,
        pair=(primary.treatment, primary.baseline) if primary else None,
        on=primary.contrast if primary else None,
        answers=sweep.answers,
        accuracies=tuple(accuracy_rows(counted)),
        differences=differences,
        changes=changes,
        findings=tuple(_findings(sweep, differences, changes)),
        notes=(*_not_shared(suites), *_forced(sweep), *sweep.notes),
        experiment=sweep.experiment,
    )


def on_label(on: str) -> str:
    """An estimand's name in tables and charts."""
    return f"{on.upper()} average" if on in ROLES else on


def _suites(sweep: SweepData) -> Iterator[SuiteRow]:
    for suite in sweep.suites:
        items = next(run.items for run in sweep.runs if suite in run.items.suites)
        own = items[items.suite == suite]
        yield SuiteRow(suite, own.role[0], len(own), is_shared(sweep.runs, suite))


def _not_shared(suites: Sequence[SuiteRow]) -> Iterator[str]:
    names = [row.suite for row in suites if not row.shared]
    if names:
        yield (
            f"Not the same questions at every value: {', '.join(names)}. There differences within "
            "a value are paired as ever, but no change along the values is tested."
        )


def _forced(sweep: SweepData) -> Iterator[str]:
    if sweep.forced:
        yield (
            "Some answers were forced, where an output was cut off before it answered. All figures "
            f"here are {IN_WORDS[sweep.answers]}; each value's own report has both."
        )


def _findings(
    sweep: SweepData, differences: Sequence[DifferenceRow], changes: Sequence[ChangeRow]
) -> Iterator[str]:
    """One sentence for every shared estimand: does treatment - baseline change along the values?"""
    first, last = sweep.values[0].label, sweep.values[-1].label
    at = {(row.student, row.on, row.at): row for row in differences}
    several = len(sweep.students) > 1
    for row in changes:
        if row.method is not None or row.along != "change":
            continue
        ends = at[row.student, row.on, first], at[row.student, row.on, last]
        yield (
            f"{row.student + ': ' if several else ''}{ends[0].treatment} − {ends[0].baseline} on "
            f"{on_label(row.on)}: {signed_points(ends[0].contrast.value)} points at {sweep.key} = "
            f"{first}, {signed_points(ends[1].contrast.value)} at {last}; "
            f"{_depends(row, sweep.answers)}{_said(row.contrast)}"
        )


def _depends(row: ChangeRow, answers: Answers) -> str:
    """What a change is worth that is another one with answers counted the other way."""
    if row.otherwise is None:
        return ""
    other = row.otherwise.contrast
    shown = [not each.lower <= 0 <= each.upper for each in (row.contrast, other)]
    if shown[0] == shown[1] and not opposite(row.contrast, other):
        return ""
    return (
        f"how it changes depends on unfinished answers ({IN_WORDS[the_other(answers)]} by "
        f"{signed_points(other.value)} points, {signed_interval(other)}); "
        f"{IN_WORDS[answers]}: "
    )


def _said(change: Contrast) -> str:
    interval = f"95% interval {signed_interval(change)}"
    figures = f"{signed_points(change.value)} points ({interval}, p {p_value(change.p)})"
    scope = "" if change.claim == "method" else "; about these checkpoints only"
    if change.lower <= 0 <= change.upper:
        power = (
            ""
            if change.detectable is None
            else (
                f"; a true change of {points(change.detectable)} points would be found with 80% "
                "probability"
            )
        )
        return f"no change shown: {figures}, which is no evidence of its absence{power}{scope}."
    word = "grows" if change.value > 0 else "falls"
    return (
        f"it {word} by {points(abs(change.value))} points ({interval}, p "
        f"{p_value(change.p)}){scope}."
    )

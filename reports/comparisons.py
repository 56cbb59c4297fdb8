"""The comparisons a report makes: the primary one, and every other method against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.content import ComparisonRow
from reports.contrast import compare, same_responses
from reports.readable import Side, split_by_reading
from reports.run_data import RunData, System
from reports.weights import GAP, ROLES, design_of, estimands, suites_of
from tasks.errors import UserError


@dataclass(frozen=True, slots=True)
class Primary:
    """The comparison that the experiment fixed before training."""

    treatment: str
    baseline: str
    on: str


def primary_of(experiment: dict[str, Any], suites: list[str]) -> Primary | None:
    """The experiment's primary comparison; None where it fixed none."""
    primary = experiment.get("primary")
    if not primary:
        return None
    for name in ("treatment", "baseline", "contrast"):
        if not isinstance(primary.get(name), str):
            raise UserError(f"experiment.yaml: primary.{name} is missing")
    on = primary["contrast"]
    if on not in {*ROLES, GAP, *suites}:
        known = ", ".join([*ROLES, GAP, *suites])
        raise UserError(f"experiment.yaml: primary.contrast {on!r} is none of {known}")
    return Primary(primary["treatment"], primary["baseline"], on)


def comparison_rows(run: RunData, primary: Primary) -> Iterator[ComparisonRow]:
    """The primary comparison of each student first, then the exploratory ones.

    Exploratory are the primary pair on the other estimands and on every suite, and each other method
    against the baseline on all estimands. A comparison on suites that a side was not asked is left out.
    """
    wide = list(estimands(run.items))
    suites = list(dict.fromkeys(run.items["suite"]))
    for student in dict.fromkeys(system.student for system in run.systems):
        baseline = run.system(student, primary.baseline)
        treatment = run.system(student, primary.treatment)
        if baseline is None:
            continue
        if treatment is not None:
            order = dict.fromkeys([primary.on, *wide, *suites])
            for on in order:
                yield from _compare(run, treatment, baseline, on, primary)
        for system in run.systems:
            if system.student == student and system not in (baseline, treatment):
                for on in wide:
                    yield from _compare(run, system, baseline, on, primary)


def _compare(
    run: RunData, treatment: System, baseline: System, on: str, primary: Primary
) -> Iterator[ComparisonRow]:
    if not suites_of(run.items, on):
        return
    chosen, design = design_of(run.items, on)
    if not (treatment.evaluated[chosen].all() and baseline.evaluated[chosen].all()):
        return
    contrast = compare(
        treatment.correct[:, chosen],
        baseline.correct[:, chosen],
        design,
        identical=same_responses(treatment.responses[:, chosen], baseline.responses[:, chosen]),
    )
    yield ComparisonRow(
        student=treatment.student,
        treatment=treatment.method,
        baseline=baseline.method,
        on=on,
        primary=(treatment.method, on) == (primary.treatment, primary.on),
        claim=contrast.claim,
        identical=contrast.identical,
        value=contrast.value,
        lower=contrast.lower,
        upper=contrast.upper,
        p=contrast.p,
        standard_error=contrast.standard_error,
        df=contrast.df,
        detectable=contrast.detectable,
        seeds=(len(treatment.seeds), len(baseline.seeds)),
        items=contrast.items,
        clusters=contrast.clusters,
        suites=tuple(suites_of(run.items, on)),
        reading=split_by_reading(
            Side(treatment.correct[:, chosen], treatment.parse_ok[:, chosen]),
            Side(baseline.correct[:, chosen], baseline.parse_ok[:, chosen]),
            design,
        ),
    )

"""What a sweep's report says, as plain data: written to sweep.json by `rendering.as_json`.

Accuracies and differences are fractions (0.5 is 50%), intervals are at 95%. `on` is a suite or, for
the average over a role's suites, "ind" or "ood". `at` is a value's label.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from reports.comparing.otherwise import Otherwise
from reports.rendering.as_json import flat
from reports.statistics.answers import Answers
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.statistics.readable import ReadSplit

SCHEMA = "cascod-sweep/1"

Scale = Literal["linear", "log", "words"]
Along = Literal["change", "trend"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the key: its label, its place on the axis (on "words": its number) and its run."""

    label: str
    x: float
    run: str


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """A suite; `shared` says whether it asks the same items at every value."""

    suite: str
    role: str
    items: int
    shared: bool


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """One system's accuracy at one value.

    `seeds` is 0 where nothing was trained; `majority` the majority-class rate, None for averages.
    """

    student: str
    method: str
    on: str
    at: str
    accuracy: Interval | Contrast = field(metadata=flat("value", "lower", "upper"))
    seeds: int
    majority: float | None


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """Treatment - baseline of the plan's pair at one value, paired item by item; `reading` says how
    much of it lies where both sides could be read.
    """

    student: str
    treatment: str
    baseline: str
    on: str
    at: str
    contrast: Contrast = field(
        metadata=flat("value", "lower", "upper", "p", "claim", "identical", "items")
    )
    reading: ReadSplit


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """How a method, or the difference treatment - baseline, changes along the values.

    "change" is its score at the last value minus that at the first. "trend" is the slope of the
    least squares line through all values times the way from the first to the last, so both are in
    the same units. `method` is None for the difference. `p_adjusted`: Benjamini and Hochberg's
    among a student's rows. `otherwise` counts answers the other way, where any was forced.
    """

    student: str
    method: str | None
    along: Along
    on: str
    contrast: Contrast = field(
        metadata=flat(
            *("value", "lower", "upper", "p", "claim", "items", "standard_error", "detectable")
        )
    )
    p_adjusted: float
    otherwise: Otherwise | None = None


@dataclass(frozen=True, slots=True)
class SweepReport:
    """Everything a sweep's report says. `pair` is (treatment, baseline) of the plan, `on` its
    estimand, `answers` how it counts answers: so do all figures here.
    """

    name: str
    key: str
    scale: Scale
    values: tuple[Value, ...]
    students: tuple[str, ...]
    methods: tuple[str, ...]
    suites: tuple[SuiteRow, ...]
    pair: tuple[str, str] | None
    on: str | None
    answers: Answers
    accuracies: tuple[AccuracyRow, ...]
    differences: tuple[DifferenceRow, ...]
    changes: tuple[ChangeRow, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    experiment: dict[str, Any]
    schema: str = field(default=SCHEMA)

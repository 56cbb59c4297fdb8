"""What a report says of the reasoning space, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reports.reasoning.measures import Measure
from reports.rendering.as_json import flat
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval

# Measured on sampled rationales, or by probing.
Part = Literal["space", "preset"]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One system's mean of a measure over the questions of a role, suites weighing the same.

    In the measure's own units. `questions` are those where the measure is defined for every system.
    """

    student: str
    method: str
    part: Part
    measure: str
    on: str
    mean: Interval = field(metadata=flat())
    questions: int


@dataclass(frozen=True, slots=True)
class MeasureContrast:
    """A paired contrast treatment - baseline of a measure, in its own units.

    `p_adjusted`: Benjamini and Hochberg's among all of a student's.
    """

    student: str
    treatment: str
    baseline: str
    part: Part
    measure: str
    on: str
    contrast: Contrast = field(
        metadata=flat("value", "lower", "upper", "p", "claim", items="questions")
    )
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class SampledRow:
    """One system's accuracies on the sampled questions of a suite.

    `pass_1` of one sample, `majority_k` of the most frequent answer of `samples` (maj@k), `pass_k`
    of having the right one among them.
    """

    student: str
    method: str
    suite: str
    role: str
    samples: int
    questions: int
    pass_1: Interval
    majority_k: Interval
    pass_k: Interval


@dataclass(frozen=True, slots=True)
class EarlyAnswers:
    """Share of items answered as after the whole rationale, by the share of it that is shown.

    `shown` (parts,) from 0 to 1; `same` (parts,).
    """

    student: str
    method: str
    on: str
    shown: tuple[float, ...]
    same: tuple[float, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the questions of this section, answered in words by the plan's pair on a role's
    suites.
    """

    student: str
    question: str
    measure: str
    on: str
    said: str
    shown: bool
    figures: str


@dataclass(frozen=True, slots=True)
class ReasoningSpace:
    """Samples a question (0: none were drawn), how to read each measure, and what was found."""

    samples: int
    measures: tuple[Measure, ...]
    rows: tuple[MeasureRow, ...]
    contrasts: tuple[MeasureContrast, ...]
    early: tuple[EarlyAnswers, ...]
    sampled: tuple[SampledRow, ...]
    findings: tuple[Finding, ...]

"""What a report says, as plain data: written to report.json by `rendering.as_json`, rendered from
here.

Accuracies, shares and differences are fractions (0.5 is 50%); docs/report-schema.md describes each
field as it stands in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from reports.comparing.otherwise import Otherwise
from reports.hint_audit.audit import HintAudit
from reports.logs.failed_cells import FailedCell
from reports.logs.plan import Registration
from reports.reasoning_report.reasoning_space import ReasoningSpace
from reports.rendering.as_json import flat
from reports.run_report.attribution import EffectRow
from reports.run_report.browsed_items import BrowsedItems
from reports.statistics.answers import Answers
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.statistics.readable import ReadSplit

SCHEMA = "cascod-report/1"
# How an accuracy as written stands in JSON beside the one with forced answers.
AS_WRITTEN = flat(value="as_written", lower="as_written_lower", upper="as_written_upper")

ComparisonKind = Literal["confirmatory", "exploratory"]
VerdictOutcome = Literal["holds", "not shown", "contradicted", "depends", "identical", "not tested"]


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A (student, method) with its training seeds (none: nothing was trained here)."""

    student: str
    method: str
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """A suite as evaluated: its size, and clusters of items that are not independent."""

    suite: str
    role: str
    tasks: int
    items: int
    clusters: int


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """One system's accuracy on a suite, or on one task of it, with the faults of its answers.

    `accuracy` and `unparsed` are with forced answers, `as_written` and `unparsed_as_written`
    without; `forced` is the share of outputs whose answer was forced.
    `truncated` is the share of outputs of which rationale or answer ran into its token limit.
    `majority` is the share of the most frequent gold answer, within tasks.
    """

    student: str
    method: str
    suite: str
    role: str
    task: str | None
    accuracy: Interval = field(metadata=flat())
    as_written: Interval = field(metadata=AS_WRITTEN)
    items: int
    per_seed: tuple[float, ...]
    unparsed: float
    unparsed_as_written: float
    forced: float
    rationale_truncated: float
    answer_truncated: float
    truncated: float
    majority: float

    @property
    def above_majority(self) -> bool:
        """Whether the whole interval lies above the majority-class rate."""
        return self.accuracy.lower > self.majority


@dataclass(frozen=True, slots=True)
class MacroRow:
    """One system's average over the suites of a role ("ind", "ood"), or its gap ("gap").

    `average` is with forced answers, `as_written` without.
    """

    student: str
    method: str
    on: str
    average: Interval | Contrast = field(metadata=flat("value", "lower", "upper"))
    as_written: Interval | Contrast = field(metadata=AS_WRITTEN)
    suites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MajorityRow:
    """Of a system's IND tasks, those whose interval is not above the majority-class rate."""

    student: str
    method: str
    tasks: int
    not_above: tuple[str, ...]


class Unfinished(NamedTuple):
    """Shares of each side's outputs that ran into a token limit, and whose answer was forced.

    Plain means over items and seeds.
    """

    treatment_cut: float
    baseline_cut: float
    treatment_forced: float
    baseline_forced: float

    @property
    def forced(self) -> bool:
        """Whether any answer of the two sides was."""
        return self.treatment_forced > 0 or self.baseline_forced > 0


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A paired contrast treatment - baseline on an estimand ("ind", "ood", "gap" or a suite).

    `p_adjusted`: Holm's among a student's confirmatory rows, Benjamini and Hochberg's among its
    exploratory ones. `contrast` and `reading` count `answers` as planned, `otherwise` the other
    way; `depends` says that the two ways do not agree (`outcomes.depends`).
    """

    student: str
    treatment: str
    baseline: str
    on: str
    primary: bool
    kind: ComparisonKind
    margin: float
    answers: Answers
    contrast: Contrast = field(metadata=flat())
    p_adjusted: float
    otherwise: Otherwise
    depends: bool
    seeds: tuple[int, int]
    suites: tuple[str, ...]
    reading: ReadSplit
    unfinished: Unfinished


@dataclass(frozen=True, slots=True)
class NoiseRow:
    """Two runs of one cell that differ in nothing ("run again") or in their training seed alone.

    `on` is "ind" or "ood"; the changed shares are of its items.
    """

    student: str
    method: str
    pair: str
    on: str
    difference: float
    outcomes_changed: float
    responses_changed: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The primary claim for one student, whether it holds, and why, in words."""

    student: str
    claim: str
    outcome: VerdictOutcome
    headline: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostRow:
    """Costs of a system: training per seed, inference per item, means over seeds.

    None where nothing was trained or measured. The `relative_` figures are ratios to the
    baseline's.
    """

    student: str
    method: str
    training_tokens: float | None
    training_target_tokens: float | None
    training_flops: float | None
    training_seconds: float | None
    generated_tokens_per_item: float | None
    inference_flops_per_item: float | None
    inference_seconds_per_item: float | None
    relative_training_flops: float | None
    relative_training_seconds: float | None
    relative_generated_tokens: float | None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published accuracy of a method on a suite, shown where this run has both.

    `items` is how many were asked, None where the file does not say.
    """

    source: str
    student: str
    method: str
    suite: str
    value: float
    sd: float | None
    runs: int | None
    items: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says."""

    name: str
    verdicts: tuple[Verdict, ...]
    systems: tuple[SystemRow, ...]
    suites: tuple[SuiteRow, ...]
    accuracies: tuple[AccuracyRow, ...]
    macros: tuple[MacroRow, ...]
    comparisons: tuple[ComparisonRow, ...]
    effects: tuple[EffectRow, ...]
    noise: tuple[NoiseRow, ...]
    tasks: tuple[AccuracyRow, ...]
    majority: tuple[MajorityRow, ...]
    costs: tuple[CostRow, ...]
    published: tuple[PublishedRow, ...]
    items: tuple[BrowsedItems, ...]
    reasoning: ReasoningSpace | None
    cues: HintAudit | None
    registration: Registration
    failed: tuple[FailedCell, ...]
    notes: tuple[str, ...]
    experiment: dict[str, Any]
    provenance: dict[str, Any]
    evaluations: tuple[dict[str, Any], ...]
    schema: str = field(default=SCHEMA)

    @property
    def forced(self) -> bool:
        """Whether any answer was forced."""
        return any(row.forced > 0 for row in self.accuracies)

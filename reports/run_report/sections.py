"""The order of a report: its sections, each with how to read it, its tables and its figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.hint_audit.audit import in_words
from reports.hint_audit.audit_tables import association_table, task_table
from reports.reasoning.error_kinds import READING as FIRST_ERRORS
from reports.reasoning.error_kinds import error_table
from reports.reasoning_report import reasoning_tables
from reports.reasoning_report.reasoning_space import Part, ReasoningSpace
from reports.rendering.tables import Table, without_constant_student
from reports.run_report import context_tables, result_tables
from reports.run_report.attribution import NOT_ESTIMABLE
from reports.run_report.report_content import Report
from reports.run_report.unfinished import unfinished_answers


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `figure` names a file of figures/; `folded` tables open on request."""

    anchor: str
    title: str
    reading: str
    tables: tuple[Table, ...]
    figure: str | None = None
    folded: bool = False


MOST_PHRASES = 15
READING = {
    "accuracy": "Each figure is the share of right answers, averaged over seeds; under it its 95% "
    "interval, which treats items (by cluster) and training seeds as random. Unparsed answers "
    "count as wrong; cut off is the share of outputs that ran into their token limit.",
    "sampled": "Of sampled replies pass@1 is the mean accuracy of one, maj@k that of the most "
    "frequent answer (ties share), pass@k the share of questions with a right one among them.",
    "averages": "Suites weigh the same in an average. The gap is IND − OOD: smaller generalizes "
    "better, but it also shrinks when in-domain accuracy falls.",
    "comparisons": "Systems are compared item by item on the same questions. Confirmatory rows "
    "were fixed before training; their p values are adjusted for their number by Holm's method, "
    "those of the exploratory rows by Benjamini and Hochberg's. Per-suite and gap rows explain the "
    "primary one, they do not replace it.",
    "effects": "CasCoD changes five things at once. Each ingredient's effect is averaged over the "
    f"pairs of methods that differ in it alone. {NOT_ESTIMABLE}",
    "noise": "What the baseline differs from itself. A cell run again with its seed shows what "
    "nondeterminism does; another seed shows what chance in training does. A difference between "
    "methods that is no larger than these says nothing about methods.",
    "majority": "A student that only learnt the commonest answer scores the majority-class rate. "
    "Below it, or not clearly above it, a task says little about reasoning.",
    "tasks": "Majority is the share of the most frequent gold answer. Marked figures are those "
    "whose interval is not wholly above it.",
    "space": "Several rationales were sampled for a part of the questions and measured question by "
    "question, so that methods can be compared on the same ones. Wider is not better by itself: "
    "nonsense differs, too, so look at right samples alone and at the length as well. A measure "
    "needs five questions where it is defined for every method. Differences are those to the "
    "baseline, their p values adjusted by Benjamini and Hochberg's method.",
    "preset": "The student's answer behind its own rationale, among the answers that the item "
    "could have, against its answer behind no rationale, parts of its own, dots, its own with a "
    "mistake, and another item's. An answer that never moves was fixed before the reasoning; one "
    "that follows its rationale is read off it.",
    "cues": "What the training questions give away: how well a bag of words predicts the answer, "
    "and phrases that go with one answer (z: competency statistic; p values adjusted by Holm's "
    "method).",
    "errors": f"{FIRST_ERRORS} Items are drawn by their hashed ids; outputs are those of first "
    "seeds.",
    "costs": "Training figures are for one seed, inference figures for one item; both are means "
    "over seeds. Target tokens are those that carry loss.",
    "published": "Published figures come from other training data, students and scoring rules. "
    "Compare differences between methods within a column rather than figures across columns.",
}


def sections(report: Report) -> Iterator[Section]:
    """The sections that this report has something to say in."""
    accuracy = without_constant_student(result_tables.accuracy_table(report))
    reading = f"{READING['accuracy']} {unfinished_answers(report)}"
    sampled = tuple(_sampled(report.reasoning))
    reading += f" {READING['sampled']}" if sampled else ""
    yield Section("accuracy", "Accuracy", reading, (accuracy, *sampled), "accuracy")
    yield _section(
        "averages", "In-domain and out-of-domain", result_tables.macro_table(report), "averages"
    )
    if report.comparisons:
        table = result_tables.comparison_table(report)
        yield _section("comparisons", "Against the baseline", table, "comparisons")
    if report.effects:
        effects = tuple(map(without_constant_student, result_tables.effects_tables(report)))
        yield Section("effects", "Attribution", READING["effects"], effects, "effects")
    if report.noise:
        yield _section("noise", "Noise floor", result_tables.noise_table(report))
    if report.reasoning:
        yield from _reasoning_sections(report.reasoning)
    if report.cues and report.cues.tested:
        cues = [task_table(report.cues), association_table(report.cues, MOST_PHRASES)]
        yield Section(
            "cues",
            "Spurious cues",
            " ".join([READING["cues"], *in_words(report.cues)]),
            tuple(table for table in cues if table.rows),
        )
    if report.majority:
        yield _section("majority", "Above the majority class", result_tables.majority_table(report))
    by_task = tuple(result_tables.task_tables(report))
    yield Section("tasks", "Task by task", READING["tasks"], by_task, "tasks", folded=True)
    if errors := tuple(_first_errors(report)):
        yield Section("errors", "Where rationales go wrong", READING["errors"], errors)
    yield _section("costs", "Costs", context_tables.cost_table(report), figure="costs")
    if report.published:
        yield _section(
            "published", "Beside published figures", context_tables.published_table(report)
        )


def _first_errors(report: Report) -> Iterator[Table]:
    """A table a student, where any wrong step was found."""
    for browsed in report.items:
        if any(any(counts.kinds.values()) for counts in browsed.first_errors):
            title = f"{browsed.student}: first errors"
            yield error_table(title, browsed.first_errors)


def _sampled(space: ReasoningSpace | None) -> Iterator[Table]:
    if space and space.sampled:
        yield without_constant_student(reasoning_tables.sampled_table(space))


def _reasoning_sections(space: ReasoningSpace) -> Iterator[Section]:
    titles: dict[Part, str] = {
        "space": f"Reasoning space: {space.samples} samples a question",
        "preset": "Reasoning space: is the answer preset?",
    }
    for part, title in titles.items():
        measures = [
            measure
            for measure in space.measures
            if any((row.part, row.measure) == (part, measure.name) for row in space.rows)
        ]
        if not measures:
            continue
        tables = (
            reasoning_tables.findings_table(space, part),
            *reasoning_tables.measure_tables(space, part),
        )
        shown = tuple(without_constant_student(table) for table in tables if table.rows)
        reading = reasoning_tables.reading_table(measures)
        yield Section(part, title, READING[part], (*shown, reading), part)


def _section(anchor: str, title: str, table: Table, figure: str | None = None) -> Section:
    return Section(anchor, title, READING[anchor], (without_constant_student(table),), figure)

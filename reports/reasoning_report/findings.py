"""The reasoning space in words: wider, preset, does the rationale matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.logs.plan import Planned
from reports.reasoning_report.reasoning_space import Finding, MeasureContrast, MeasureRow
from reports.rendering.numerals import measured, p_value, signed_measured
from reports.statistics.levels import LEVEL

# The question, the measure that answers it, and what more and less of that measure mean.
QUESTIONS = (
    ("Is the space wider?", "vendi", "is wider", "is narrower"),
    ("And among right answers?", "vendi_of_right", "is wider", "is narrower"),
    ("Is the answer preset?", "same_without", "presets it more often", "presets it less often"),
    ("Does the rationale matter?", "follows_mistake", "follows it more", "follows it less"),
    ("Does the rationale help?", "gain", "gains more by it", "gains less by it"),
)


def findings(
    rows: Sequence[MeasureRow], contrasts: Sequence[MeasureContrast], primary: Planned
) -> Iterator[Finding]:
    """Each question answered for each student by the plan's pair, in- and out-of-domain."""
    for student in dict.fromkeys(row.student for row in rows):
        for question, measure, more, less in QUESTIONS:
            for row in contrasts:
                pair = (row.treatment, row.baseline) == (primary.treatment, primary.baseline)
                if pair and (row.student, row.measure) == (student, measure):
                    yield _finding(row, rows, question, more, less)


def _finding(
    row: MeasureContrast, rows: Sequence[MeasureRow], question: str, more: str, less: str
) -> Finding:
    value = {
        each.method: each.mean.value
        for each in rows
        if (each.student, each.measure, each.on) == (row.student, row.measure, row.on)
    }
    contrast, shown = row.contrast, row.p_adjusted < LEVEL
    # With one seed a side nothing is said of methods.
    these = ", these checkpoints" if contrast.claim == "checkpoint" else ""
    return Finding(
        student=row.student,
        question=question,
        measure=row.measure,
        on=row.on,
        said=f"{row.treatment} {more if contrast.value > 0 else less}{these}"
        if shown
        else "no difference shown",
        shown=shown,
        # All of these measures are shares.
        figures=f"{measured(value[row.treatment], 1)} against {measured(value[row.baseline], 1)} "
        f"of {row.baseline} · {signed_measured(contrast.value, 1)} "
        f"({signed_measured(contrast.lower, 1)} to {signed_measured(contrast.upper, 1)}) · p "
        f"{p_value(contrast.p)}, adjusted p {p_value(row.p_adjusted)}",
    )

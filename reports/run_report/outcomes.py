"""Whether a comparison bears its claim out, whichever way unfinished answers are counted.

A response that was cut off before it answered counts by its forced answer or as it was written. A
claim is supported, contradicted or not shown only where both ways agree; where they do not, it
depends on who had finished an answer.
"""

from __future__ import annotations

from typing import Literal

from reports.run_report.report_content import ComparisonRow
from reports.statistics.contrast import Contrast
from reports.statistics.levels import LEVEL
from reports.statistics.weights import GAP

Outcome = Literal["holds", "not shown", "contradicted", "identical"]


def planned_outcome(row: ComparisonRow) -> Outcome:
    """What the comparison shows with answers counted as planned."""
    return _outcome(row, row.contrast, row.p_adjusted)


def other_outcome(row: ComparisonRow) -> Outcome:
    """What it shows with answers counted the other way."""
    return _outcome(row, row.otherwise.contrast, row.otherwise.p_adjusted)


def depends(row: ComparisonRow) -> bool:
    """Whether the two ways differ in significance, or in the sign of a significant difference."""
    return planned_outcome(row) != other_outcome(row)


def _outcome(row: ComparisonRow, contrast: Contrast, p_adjusted: float) -> Outcome:
    """Whether the interval lies wholly on the claimed side of the margin (for a gap: below it).

    A claim of several confirmatory ones must also hold after Holm's adjustment.
    """
    if contrast.identical:
        return "identical"
    lower, upper = contrast.lower, contrast.upper
    if row.on == GAP:
        lower, upper = -upper, -lower
    if lower > row.margin and p_adjusted < LEVEL:
        return "holds"
    return "contradicted" if upper < 0 else "not shown"

"""What unfinished answers do to a comparison, in words."""

from __future__ import annotations

from reports.comparing.otherwise import opposite
from reports.rendering.numerals import p_value, percent, signed_interval, signed_points
from reports.run_report.outcomes import Outcome, other_outcome, planned_outcome
from reports.run_report.report_content import ComparisonRow, Report
from reports.statistics.answers import IN_WORDS, the_other

_BORNE_OUT: dict[Outcome, str] = {
    "holds": "supported",
    "contradicted": "contradicted",
    "not shown": "not shown",
}


def unfinished_answers(report: Report) -> str:
    """How responses count that were cut off before they answered, for whoever reads an accuracy."""
    if not report.forced:
        return "No answer was forced: with forced answers and as written are the same."
    return (
        "Where an output was cut off before it answered, the student was given the cue and its "
        "answer is a forced one: it counts with forced answers, and not as written. Figures that "
        "name neither are with forced answers; differences count answers as the plan says."
    )


def each_way(row: ComparisonRow) -> str:
    """Both outcomes of a claim: "supported with forced answers, not shown as written"."""
    return ", ".join(
        f"{_BORNE_OUT[outcome]} {IN_WORDS[answers]}"
        for outcome, answers in (
            (planned_outcome(row), row.answers),
            (other_outcome(row), the_other(row.answers)),
        )
    )


def signs(row: ComparisonRow) -> str:
    """Where the difference is above zero one way and below it the other: that it is."""
    if not opposite(row.contrast, row.otherwise.contrast):
        return ""
    above = row.answers if row.contrast.value > 0 else the_other(row.answers)
    below = the_other(above)
    return f", and the difference is above zero {IN_WORDS[above]}, below it {IN_WORDS[below]}"


def unfinished_in_words(row: ComparisonRow) -> str:
    """How many answers were forced, and the difference with answers counted the other way."""
    found, shares, other_p = row.otherwise.contrast, row.unfinished, row.otherwise.p_adjusted
    adjusted = "" if other_p == found.p else f", adjusted p {p_value(other_p)}"
    return (
        f"{percent(shares.treatment_cut)}% of {row.treatment}'s outputs and "
        f"{percent(shares.baseline_cut)}% of {row.baseline}'s ran into a token limit; the answer "
        f"was forced in {percent(shares.treatment_forced)}% and "
        f"{percent(shares.baseline_forced)}%. {IN_WORDS[the_other(row.answers)].capitalize()} the "
        f"difference is {signed_points(found.value)} points (95% interval "
        f"{signed_interval(found)}, p {p_value(found.p)}{adjusted})."
    )

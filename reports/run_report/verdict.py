"""The primary comparison in words: what was claimed, whether it holds, what cannot be concluded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reports.logs.failed_cells import FailedCell
from reports.logs.plan import Planned
from reports.rendering.numerals import (
    MINUS,
    counted,
    p_value,
    percent,
    points,
    signed_interval,
    signed_points,
)
from reports.run_report.outcomes import Outcome, planned_outcome
from reports.run_report.report_content import ComparisonRow, Verdict, VerdictOutcome
from reports.run_report.unfinished import each_way, signs, unfinished_in_words
from reports.statistics.answers import IN_WORDS
from reports.statistics.weights import GAP, ROLES

SHOWN = {"holds", "contradicted"}


def verdicts(
    primary: Planned,
    students: Iterable[str],
    comparisons: Iterable[ComparisonRow],
    failed: Sequence[FailedCell] = (),
) -> Iterator[Verdict]:
    """One verdict a student; a comparison that could not be made is said to be not tested.

    Supported is what holds with forced answers and as written, and mostly where both sides could be
    read; what holds one way alone depends on who finished an answer, what lies mostly where one
    side alone was read on who gave one at all, and the headline says so.

    Each says which training runs of its two sides went wrong and are left out.
    """
    found = {row.student: row for row in comparisons if row.primary}
    for student in students:
        claim = claim_in_words(primary)
        row = found.get(student)
        runs = dict(
            zip((primary.treatment, primary.baseline), row.seeds if row else (0, 0), strict=True)
        )
        lost = [cell for cell in failed if cell.student == student and not cell.repeat]
        missing = [
            _left_out(method, kept, of_method)
            for method, kept in runs.items()
            if (of_method := [cell for cell in lost if cell.method == method])
        ]
        if row:
            yield _verdict(claim, row, missing)
        else:
            reason = (
                f"{primary.treatment} and {primary.baseline} have not both been evaluated on "
                f"{place(primary.contrast)} suites, so nothing can be concluded."
            )
            yield Verdict(
                student, claim, "not tested", "The claim was not tested.", (reason, *missing)
            )


def claim_in_words(primary: Planned) -> str:
    """The claim of the primary comparison as a sentence."""
    by = f" by more than {points(primary.margin)} points" if primary.margin else ""
    if primary.contrast == GAP:
        return f"{primary.treatment} has a smaller generalization gap than {primary.baseline}{by}"
    return f"{primary.treatment} beats {primary.baseline} {place(primary.contrast)}{by}"


def place(on: str) -> str:
    """Where an estimand lies, in words."""
    return {"ind": "in-domain", "ood": "out-of-domain", GAP: "in- and out-of-domain"}.get(
        on, f"on {on}"
    )


def estimate_in_words(row: ComparisonRow) -> str:
    """The difference with its interval, p value, seeds and items."""
    seeds = " and ".join(str(count) for count in dict.fromkeys(row.seeds))
    plural = "seed" if row.seeds == (1, 1) else "seeds"
    suites = counted(len(row.suites), "suite")
    found = row.contrast
    answers = f", {IN_WORDS[row.answers]}" if row.unfinished.forced else ""
    return (
        f"{row.treatment} {MINUS} {row.baseline}{answers}: {signed_points(found.value)} points "
        f"(95% interval {signed_interval(found)}, "
        f"p {p_value(found.p)}; {seeds} {plural} a side, {found.items:,} items in {suites})."
    )


def _left_out(method: str, kept: int, failed: Sequence[FailedCell]) -> str:
    """Which of a method's training runs went wrong; `kept` is how many did not."""
    each = "; ".join(f"seed {cell.seed} at step {cell.step}: {cell.reason}" for cell in failed)
    all_runs = kept + len(failed)
    return (
        f"{len(failed)} of {counted(all_runs, 'training run')} of {method} "
        f"diverged ({each}) and {'are' if len(failed) > 1 else 'is'} left out; what is said here "
        "is said of runs that went well."
    )


def _verdict(claim: str, row: ComparisonRow, missing: Sequence[str]) -> Verdict:
    planned = planned_outcome(row)
    scope = "" if row.contrast.claim == "method" else " for these checkpoints"
    if row.kind == "exploratory":
        scope += ", as an exploratory result"
    unread = planned in SHOWN and row.reading.about_reading
    if row.depends:
        headline = f"Depends on unfinished answers{scope}: that {claim} is {each_way(row)}."
    elif unread:
        found = claim if planned == "holds" else "the difference goes the other way"
        headline = (
            f"Depends on unread answers{scope}: {found}, but mostly where one side alone gave an "
            "answer that can be read."
        )
    else:
        headline = {
            "holds": f"Supported{scope}: {claim}.",
            "contradicted": f"Contradicted{scope}: the difference goes the other way.",
            "not shown": f"Not shown{scope}: the data do not tell whether {claim}{signs(row)}.",
            "identical": "Identical: both gave the same response to every item.",
        }[planned]
    outcome: VerdictOutcome = "depends" if row.depends or unread else planned
    return Verdict(row.student, claim, outcome, headline, (*_reasons(row, planned), *missing))


def _reasons(row: ComparisonRow, outcome: Outcome) -> Iterator[str]:
    """Why; `outcome` is that with answers counted as planned."""
    if outcome == "identical":
        yield (
            f"{row.contrast.items:,} items, the same text each time; there is no difference to "
            "test."
        )
        return
    yield estimate_in_words(row)
    if row.unfinished.forced:
        yield unfinished_in_words(row)
    if row.reading.told:
        yield _reading_in_words(row, shown=outcome in SHOWN)
    if row.contrast.standard_error is None:
        yield (
            "The items form too few independent clusters to tell how much the result would vary, "
            "so the interval covers everything possible."
        )
    if outcome == "not shown" and row.contrast.detectable is not None:
        yield (
            "This is no evidence of equality: with this precision a true difference of "
            f"{points(row.contrast.detectable)} points would be found with 80% probability, a "
            "smaller one less often."
        )
    if row.kind == "exploratory":
        yield (
            "No plan that names this comparison, and the data it rests on, was kept since training "
            "began, so it confirms nothing."
        )
    elif row.p_adjusted != row.contrast.p:
        yield f"Among the confirmatory comparisons together (Holm): p {p_value(row.p_adjusted)}."
    if row.contrast.claim == "method":
        yield (
            "Items and training seeds are both treated as random, so this is a claim about the "
            "methods with this student, this training data and these suites."
        )
    else:
        yield (
            "With a single training run on a side this speaks of these checkpoints only: a claim "
            "about the method is refused, because another seed could turn the difference round. "
            "At least two seeds a side are needed."
        )
    if row.on in {*ROLES, GAP}:
        yield f"Suites weigh the same, items weigh the same within one: {', '.join(row.suites)}."
    if row.on == GAP:
        yield "A gap also shrinks when in-domain accuracy falls; read it beside both averages."


def _reading_in_words(row: ComparisonRow, *, shown: bool) -> str:
    reading = row.reading
    meaning = (
        " This difference is mostly about giving a readable answer at all, not about reasoning."
        if reading.about_reading
        else " Most of the difference lies where both could be read."
    )
    return (
        f"No answer could be read in {percent(reading.treatment_unread)}% of {row.treatment}'s "
        f"outputs and {percent(reading.baseline_unread)}% of {row.baseline}'s, which counts as "
        f"wrong: {signed_points(reading.one_unread)} points come from items where one side alone "
        f"was read, {signed_points(reading.both_read)} from items where both "
        f"were.{meaning if shown else ''}"
    )

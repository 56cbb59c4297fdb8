"""A gate's decisions in words: for a terminal, a CI log and a JUnit file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree

from reports.comparing.gate import Decision, GateOutcome
from reports.rendering.numerals import percent, points, share, signed_points
from reports.rendering.tables import Entry, Table, Tone
from tasks.visible import visible

TONES: dict[GateOutcome, Tone] = {"PASS": "good", "FAIL": "bad", "INCONCLUSIVE": "strong"}

NOT_AGAIN = (
    "To gate this one again with more is not the same test: it errs more often, unless the looks "
    "were planned before the first (--plan-new)."
)


def decision_table(decisions: Sequence[Decision]) -> Table:
    """One row a decision, figures in percent and points."""
    columns = ("on", "items", "accuracy", "constant", "difference", "bounds", "margin", "outcome")
    rows = tuple(
        (
            Entry(each.name),
            Entry(f"{each.contrast.items:,}"),
            Entry(f"{percent(each.baseline_accuracy)} → {percent(each.candidate_accuracy)}"),
            Entry(share(each.constant_accuracy)),
            Entry(signed_points(each.contrast.value)),
            Entry(f"{signed_points(each.lower)} to {signed_points(each.upper)}"),
            Entry(points(each.margin)),
            Entry(each.outcome, tone=TONES[each.outcome]),
        )
        for each in decisions
    )
    title = "Candidate − baseline in percentage points, with one-sided 95% bounds"
    return Table(title, columns, rows, 1)


def explain(decision: Decision) -> str:
    """Why the decision fell so, and for an open one what would settle it."""
    margin = points(decision.margin)
    where = "" if decision.name == "all items" else f"{visible(decision.name)}: "
    if decision.contrast.identical:
        return f"{where}both gave the same response to every item."
    if decision.outcome == "PASS":
        return (
            f"{where}a loss of {margin} points or more is ruled out (with 95% confidence the "
            f"difference is above {signed_points(decision.lower)})."
        )
    if decision.outcome == "FAIL":
        return (
            f"{where}the loss is larger than {margin} points (with 95% confidence the difference "
            f"is below {signed_points(decision.upper)})."
        )
    return f"{where}{' '.join(_open(decision))} {NOT_AGAIN}"


def junit(
    decisions: Sequence[Decision],
    cautions: Sequence[str],
    *,
    open_fails: bool,
    told: Callable[[Decision], str] = explain,
) -> str:
    """The decisions as a JUnit XML document, one test case each, its message led by the cautions.

    An inconclusive one is a failure where `open_fails`, else skipped. `told` says why each fell so.
    """
    outcomes = [decision.outcome for decision in decisions]
    failed = outcomes.count("FAIL") + (outcomes.count("INCONCLUSIVE") if open_fails else 0)
    skipped = 0 if open_fails else outcomes.count("INCONCLUSIVE")
    suite = ElementTree.Element(
        "testsuite",
        name="cascod gate",
        tests=str(len(decisions)),
        failures=str(failed),
        errors="0",
        skipped=str(skipped),
    )
    for decision in decisions:
        case = ElementTree.SubElement(
            suite, "testcase", classname="cascod.gate", name=visible(decision.name), time="0"
        )
        message = " ".join((*(f"{visible(each)}." for each in cautions), told(decision)))
        if decision.outcome == "FAIL" or (decision.outcome == "INCONCLUSIVE" and open_fails):
            ElementTree.SubElement(case, "failure", message=message)
        elif decision.outcome == "INCONCLUSIVE":
            ElementTree.SubElement(case, "skipped", message=message)
        else:
            ElementTree.SubElement(case, "system-out").text = message
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _open(decision: Decision) -> Iterator[str]:
    if decision.upper < 0:
        yield (
            f"a loss of {points(-decision.upper)} to {points(-decision.lower)} points is shown; "
            f"whether it exceeds the margin of {points(decision.margin)} is open."
        )
    else:
        yield _neither(decision)
    if decision.detectable is None:
        yield "The items form too few independent clusters to tell how much the result would vary."
        return
    if decision.detectable < 1:
        yield (
            f"With this data a loss of {points(decision.detectable)} points would be found with "
            "80% probability."
        )
    else:
        yield "With this data hardly any loss would be found."
    if decision.items_needed is not None and decision.items_needed <= decision.contrast.items:
        yield (
            "An equal candidate would pass more than 80% of the time, so this one may well be "
            "somewhat worse, by less than the margin or a little more."
        )
        return
    more = []
    if decision.items_needed is not None:
        more.append(
            f"about {decision.items_needed:,} items (there are {decision.contrast.items:,})"
        )
    if decision.seeds_needed is not None:
        more.append(f"about {decision.seeds_needed} seeds a side")
    if more:
        yield f"An equal candidate would pass 80% of the time with {' or '.join(more)}."
    else:
        yield "No number of items or seeds alone would let an equal candidate pass 80% of the time."


def _neither(decision: Decision) -> str:
    return (
        f"the difference lies between {signed_points(decision.lower)} and "
        f"{signed_points(decision.upper)} points, which neither rules a loss of "
        f"{points(decision.margin)} out nor shows it."
    )

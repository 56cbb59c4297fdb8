"""A gate's decisions in words: for a terminal, a CI log and a JUnit file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree

from reports.comparing.gate import Decision, GateOutcome
from reports.rendering.numerals import share
from reports.rendering.tables import Entry, Table, Tone
from reports.rendering.units import Unit, unit_of
from reports.statistics.contrast import Claim
from reports.statistics.scale import BINARY
from tasks.visible import visible

CLAIMS: dict[Claim, str] = {
    "checkpoint": "these very weights; nothing is said about other training seeds",
    "method": "training seeds are random, too",
}
TONES: dict[GateOutcome, Tone] = {"PASS": "good", "FAIL": "bad", "INCONCLUSIVE": "strong"}

NOT_AGAIN = (
    "To gate this one again with more is not the same test: it errs more often, unless the looks "
    "were planned before the first (--plan-new)."
)


def decision_table(decisions: Sequence[Decision]) -> Table:
    """One row a decision; shares in percent and points, other scores in their units.

    What a constant answer scores is a column where it is known of any.
    """
    unit = unit_of(decisions[0].scale if decisions else BINARY)
    constant = any(each.constant_accuracy is not None for each in decisions)
    columns = (
        *("on", "items", unit.level_name, *(("constant",) if constant else ())),
        *("difference", "bounds", "margin", "outcome"),
    )
    rows = tuple(
        (
            Entry(each.name),
            Entry(f"{each.contrast.items:,}"),
            Entry(f"{unit.level(each.baseline_accuracy)} → {unit.level(each.candidate_accuracy)}"),
            *((Entry(share(each.constant_accuracy)),) if constant else ()),
            Entry(unit.signed(each.contrast.value)),
            Entry(f"{unit.signed(each.lower)} to {unit.signed(each.upper)}"),
            Entry(unit.bare(each.margin)),
            Entry(each.outcome, tone=TONES[each.outcome]),
        )
        for each in decisions
    )
    title = f"Candidate − baseline in {unit.in_words}, with one-sided 95% bounds"
    return Table(title, columns, rows, 1)


def explain(decision: Decision, *, bounds_beside: bool = False) -> str:
    """Why the decision fell so, and for an open one what would settle it.

    With `bounds_beside` the bound that decided is told there already, and left out here.
    """
    unit = unit_of(decision.scale)
    margin = unit.amount(decision.margin)
    where = "" if decision.name == "all items" else f"{visible(decision.name)}: "
    if decision.contrast.identical:
        return f"{where}both gave the same response to every item."
    if decision.outcome == "INCONCLUSIVE":
        return f"{where}{' '.join(_open(decision, unit))} {NOT_AGAIN}"
    said, bound = (
        (f"a loss of {margin} or more is ruled out", f"above {unit.signed(decision.lower)}")
        if decision.outcome == "PASS"
        else (f"the loss is larger than {margin}", f"below {unit.signed(decision.upper)}")
    )
    told = "" if bounds_beside else f" (with 95% confidence the difference is {bound})"
    return f"{where}{said}{told}."


def telling(decisions: Sequence[Decision]) -> list[Decision]:
    """What one wants explained: an only decision, else those not passed, failures first."""
    found = [each for each in decisions if len(decisions) == 1 or each.outcome != "PASS"]
    return sorted(found, key=lambda decision: decision.outcome != "FAIL")


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


def _open(decision: Decision, unit: Unit) -> Iterator[str]:
    if decision.upper < 0:
        yield (
            f"a loss of {unit.bare(-decision.upper)} to {unit.amount(-decision.lower)} is shown; "
            f"whether it exceeds the margin of {unit.bare(decision.margin)} is open."
        )
    else:
        yield _neither(decision, unit)
    if decision.detectable is None:
        yield (
            "The items form too few independent clusters to tell how much the result would vary."
            if decision.scale.span > 0
            else "All scores are equal, so nothing tells how much they would vary."
        )
        return
    if decision.detectable < decision.scale.span:
        yield (
            f"With this data a loss of {unit.amount(decision.detectable)} would be found with "
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


def _neither(decision: Decision, unit: Unit) -> str:
    return (
        f"the difference lies between {unit.signed(decision.lower)} and "
        f"{unit.signed(decision.upper)}{unit.word}, which neither rules a loss of "
        f"{unit.bare(decision.margin)} out nor shows it."
    )

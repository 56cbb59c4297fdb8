"""A night in words and figures, as a terminal, a log and a JUnit file get them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from reports.comparing.gate_summary import TONES
from reports.gating.history import Build
from reports.gating.night import Decline, Held, Night
from reports.rendering.numerals import percent, points, signed_points
from reports.rendering.tables import Entry, Table
from reports.statistics.decline import FEWEST
from tasks.visible import visible

TITLE = (
    "Candidate − earlier builds in percentage points; lower bounds at 95%, upper ones so that a "
    "month of nights errs in 5%"
)


def held_table(night: Night) -> Table:
    """A row for each build that the candidate was held against."""
    binary = all(each.decision.scale.kind == "binary" for each in night.held)
    level = "accuracy" if binary else "score"
    columns = ("against", "items", level, "change", "bounds", "outcome")
    rows = tuple(
        (
            Entry(label(each.build)),
            Entry(f"{each.decision.contrast.items:,}"),
            Entry(
                f"{percent(each.decision.baseline_accuracy)} → "
                f"{percent(each.decision.candidate_accuracy)}"
            ),
            Entry(signed_points(each.decision.contrast.value)),
            Entry(f"{signed_points(each.decision.lower)} to {signed_points(each.decision.upper)}"),
            Entry(each.decision.outcome, tone=TONES[each.decision.outcome]),
        )
        for each in night.held
    )
    return Table(TITLE, columns, rows, 1)


def label(build: Build) -> str:
    """ "build 1 (anchor)"."""
    return f"build {build.number}{' (anchor)' if build.anchor else ''}"


def why(night: Night, margin: float) -> Iterator[str]:
    """The sentences behind the outcome, the decisive one first."""
    if night.decline is not None:
        yield decline_sentence(night.decline, margin)
    for each in night.held:
        if each.decision.outcome == "FAIL":
            yield (
                f"the loss against {label(each.build)} is larger than {points(margin)} points: the "
                f"difference is below {signed_points(each.decision.upper)}."
            )
    if night.outcome == "PASS":
        yield f"a loss of {points(margin)} points or more is ruled out against all of them."
    for each in night.held:
        if night.outcome == "INCONCLUSIVE" and each.decision.outcome == "INCONCLUSIVE":
            yield _open(each, margin)
    for each in night.held:
        if each.left_out:
            yield (
                f"{label(each.build)}: {each.left_out:,} items of tonight were not asked then and "
                "are left out."
            )


def trend(night: Night) -> str:
    """Which way the builds go, where no decline is shown."""
    if not night.declines:
        return f"no trend yet: a line goes through {FEWEST} builds or more."
    clearest = min(night.declines, key=lambda each: each.p)
    return (
        f"no decline is shown; a line through the last {clearest.builds} builds: "
        f"{signed_points(clearest.change.value)} points since build {clearest.since.number}."
    )


def decline_sentence(decline: Decline, margin: float) -> str:
    """ "lost 3.1 points since build 14 ..."."""
    against = (
        f"more than the margin of {points(margin)}"
        if decline.lost > margin
        else f"still within the margin of {points(margin)}"
    )
    scatter = (
        "; judged by the builds' own scatter, which is more than their items explain"
        if decline.lucky
        else ""
    )
    return (
        f"lost {points(decline.lost)} points since build {decline.since.number}, {against} (a line "
        f"through {decline.builds} builds, paired on {decline.change.items:,} items{scatter})."
    )


def first_told(build: Build) -> str:
    """What there is to say of the build that begins a history, which is held against nothing."""
    return f"build 1: {build.name} begins the history and is its first anchor"


def first_junit(build: Build) -> str:
    """One test case that passes."""
    return _junit(first_told(build))


def night_junit(night: Night, sentences: list[str], *, open_fails: bool) -> str:
    """One test case, with all sentences as its message."""
    failed = night.outcome == "FAIL" or (night.outcome == "INCONCLUSIVE" and open_fails)
    skipped = night.outcome == "INCONCLUSIVE" and not open_fails
    return _junit(" ".join(sentences), failed=failed, skipped=skipped)


def _junit(said: str, *, failed: bool = False, skipped: bool = False) -> str:
    suite = ElementTree.Element(
        "testsuite",
        name="cascod gate",
        tests="1",
        failures=str(int(failed)),
        errors="0",
        skipped=str(int(skipped)),
    )
    case = ElementTree.SubElement(
        suite, "testcase", classname="cascod.gate", name="history", time="0"
    )
    message = visible(said)
    if failed or skipped:
        ElementTree.SubElement(case, "failure" if failed else "skipped", message=message)
    else:
        ElementTree.SubElement(case, "system-out").text = message
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _open(each: Held, margin: float) -> str:
    return (
        f"against {label(each.build)} the difference lies between "
        f"{signed_points(each.decision.lower)} and {signed_points(each.decision.upper)} points, "
        f"which neither rules a loss of {points(margin)} out nor shows it."
    )

"""Check of switches: `in order` with the whole row, `count` of the flips of the one asked."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import COLOUR, Fault, expect, sentences

SWITCHES = 3
ROW = r"[a-z]+ (?:on|off)(?:, [a-z]+ (?:on|off))+"
IN_ORDER = re.compile(rf"{ROW}\.(?: ([a-z]+): {ROW}\.)+ [a-z]+ is (?:on|off)\.")
COUNT = re.compile(
    r"([a-z]+, \d+\. )+\d+ is (?:even|odd)\. ([a-z]+) was (?:on|off): [a-z]+ is (?:on|off)\."
)


class Facts(NamedTuple):
    """What the question says."""

    start: dict[str, str]
    flips: list[str]
    asked: str


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if IN_ORDER.fullmatch(rationale):
        flips = [step.split(":")[0] for step in sentences(rationale)[1:-1]]
        return f"in order: {' '.join(flips)}"
    if found := COUNT.fullmatch(rationale):
        flips = [step.split(",")[0] for step in sentences(rationale)[:-2]]
        return f"count {found[2]}: {' '.join(flips)}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    if IN_ORDER.fullmatch(rationale):
        on = _check_in_order(facts, sentences(rationale))
    elif COUNT.fullmatch(rationale):
        on = _check_count(facts, sentences(rationale))
    else:
        raise Fault(0, "no known way of following switches")
    return "Yes" if on else "No"


def _read_question(question: str) -> Facts:
    colours = COLOUR.findall(question)
    states = re.findall(r"\bis (on|off)\b", question)
    start = dict(zip(colours[:SWITCHES], states[:SWITCHES], strict=True))
    return Facts(start, colours[SWITCHES:-1], colours[-1])


def _check_in_order(facts: Facts, steps: list[str]) -> bool:
    row = dict(facts.start)
    expect(steps[0] == _named(row), 1, "this is not how it begins")
    expect(len(steps) == len(facts.flips) + 2, len(steps), "flips are missing or too many")
    for number, (flip, step) in enumerate(zip(facts.flips, steps[1:-1], strict=True), start=2):
        row[flip] = "off" if row[flip] == "on" else "on"
        right = f"{flip}: {_named(row)}"
        expect(step == right, number, f"{step!r} should be {right!r}")
    right = f"{facts.asked} is {row[facts.asked]}"
    expect(steps[-1] == right, len(steps), f"{steps[-1]!r} should be {right!r}")
    return row[facts.asked] == "on"


def _check_count(facts: Facts, steps: list[str]) -> bool:
    count = 0
    expect(len(steps) == len(facts.flips) + 2, len(steps), "flips are missing or too many")
    for number, (flip, step) in enumerate(zip(facts.flips, steps, strict=False), start=1):
        count += flip == facts.asked
        expect(step == f"{flip}, {count}", number, f"{step!r} should be '{flip}, {count}'")
    parity = "odd" if count % 2 else "even"
    expect(steps[-2] == f"{count} is {parity}", len(steps) - 1, f"{count} is {parity}")
    before = facts.start[facts.asked]
    on = (before == "on") == (parity == "even")
    right = f"{facts.asked} was {before}: {facts.asked} is {'on' if on else 'off'}"
    expect(steps[-1] == right, len(steps), f"{steps[-1]!r} should be {right!r}")
    return on


def _named(row: dict[str, str]) -> str:
    return ", ".join(f"{switch} {state}" for switch, state in row.items())

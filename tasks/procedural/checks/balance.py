"""Check of moves to and fro: `in order` and `by direction`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import SUM, Fault, addends, check_sum, expect, sentences

AXES = {"east": "west", "north": "south", "right": "left", "up": "down"}
WAY = r"(?:east|west|north|south|left|right|up|down)"
STEP = rf"\d+ {WAY}: -?\d+ [+-] \d+ = -?\d+\."
IN_ORDER = re.compile(rf"(?:{STEP} )+-?\d+ is (?:not )?the start\.")
BY_DIRECTION = re.compile(
    rf"({WAY}): ({SUM})\. ({WAY}): ({SUM})\. (\d+) and (\d+) are (equal|not equal)\."
)


class Facts(NamedTuple):
    """What the question says: each move is a number of steps and a way."""

    ahead: str
    moves: list[tuple[int, str]]


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if IN_ORDER.fullmatch(rationale):
        moves = [step.split(":")[0] for step in sentences(rationale)[:-1]]
        return f"in order: {', '.join(moves)}"
    if found := BY_DIRECTION.fullmatch(rationale):
        there, back = (" ".join(map(str, addends(found[i]))) for i in (2, 4))
        return f"by direction: {found[1]} {there}, {found[3]} {back}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    if IN_ORDER.fullmatch(rationale):
        return _check_in_order(facts, sentences(rationale))
    if found := BY_DIRECTION.fullmatch(rationale):
        return _check_by_direction(facts, found)
    raise Fault(0, "no known way of following moves")


def _read_question(question: str) -> Facts:
    numbers = [int(n) for n in re.findall(r"\d+", question)]
    ways = re.findall(rf"\b{WAY}\b", question)
    ahead = next(way for way, behind in AXES.items() if {way, behind} & set(ways))
    return Facts(ahead, list(zip(numbers, ways, strict=True)))


def _check_in_order(facts: Facts, steps: list[str]) -> str:
    position = 0
    expect(len(steps) == len(facts.moves) + 1, len(steps), "moves are missing or too many")
    for number, ((n, way), step) in enumerate(zip(facts.moves, steps[:-1], strict=True), start=1):
        sign = "+" if way == facts.ahead else "-"
        after = position + (n if sign == "+" else -n)
        right = f"{n} {way}: {position} {sign} {n} = {after}"
        position = after
        expect(step == right, number, f"{step!r} should be {right!r}")
    verdict = "the start" if position == 0 else "not the start"
    right = f"{position} is {verdict}"
    expect(steps[-1] == right, len(steps), f"{steps[-1]!r} should be {right!r}")
    return "No" if position else "Yes"


def _check_by_direction(facts: Facts, found: re.Match[str]) -> str:
    behind = AXES[facts.ahead]
    expect((found[1], found[3]) == (facts.ahead, behind), 1, "these are not the two ways")
    there = check_sum(found[2], [n for n, way in facts.moves if way == facts.ahead], 1)
    back = check_sum(found[4], [n for n, way in facts.moves if way == behind], 2)
    expect((int(found[5]), int(found[6])) == (there, back), 3, "these are not the two totals")
    expect((found[7] == "equal") == (there == back), 3, f"{there} and {back} are not {found[7]}")
    return "Yes" if there == back else "No"

"""Check of calendar arithmetic: `day by day` and `net move`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import (
    SUM,
    Fault,
    addends,
    check_sum,
    expect,
    sentences,
)

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAY = rf"(?:{'|'.join(WEEK)})"
PASSED = rf"(?:\d+ {DAY}(?:, \d+ {DAY})*|{DAY})"
WALK = rf"(\d+) (on|back): ({PASSED})"
END = rf"({DAY})\."
DAY_BY_DAY = re.compile(rf"({DAY})\.(?: {WALK}\.)+ {END}")
NET_MOVE = re.compile(
    rf"On: ({SUM})\. Back: ({SUM})\. (\d+) - (\d+) = (\d+)\. ({DAY}), {WALK}\. {END}"
)


class Facts(NamedTuple):
    """What the question says: days on are positive, days back negative."""

    day: str
    moves: list[int]


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if found := DAY_BY_DAY.fullmatch(rationale):
        moves = [f"{n} {way}" for n, way, _ in re.findall(WALK, rationale)]
        return f"day by day: {found[1]}, {', '.join(moves)}"
    if found := NET_MOVE.fullmatch(rationale):
        on = [f"{n} on" for n in addends(found[1])]
        back = [f"{n} back" for n in addends(found[2])]
        return f"net move: {', '.join(on + back)} from {found[6]}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    if DAY_BY_DAY.fullmatch(rationale):
        day = _check_day_by_day(facts, sentences(rationale)[:-1])
    elif found := NET_MOVE.fullmatch(rationale):
        day = _check_net_move(facts, found)
    else:
        raise Fault(0, "no known way of counting days")
    steps = sentences(rationale)
    expect(steps[-1] == day, len(steps), f"the day reached is {day}")
    return day


def _read_question(question: str) -> Facts:
    numbers = [int(n) for n in re.findall(r"\d+", question)]
    ways = re.findall(r"\b(on|back)\b", question)
    moves = [n if way == "on" else -n for n, way in zip(numbers, ways, strict=True)]
    return Facts(re.findall(DAY, question)[0], moves)


def _check_day_by_day(facts: Facts, steps: list[str]) -> str:
    day = facts.day
    expect(steps[0] == day, 1, f"the question begins at {day}")
    expect(len(steps) == len(facts.moves) + 1, len(steps), "moves are missing or too many")
    for number, (move, step) in enumerate(zip(facts.moves, steps[1:], strict=True), start=2):
        day = _check_walk(day, move, step, number)
    return day


def _check_net_move(facts: Facts, found: re.Match[str]) -> str:
    on = check_sum(found[1], [n for n in facts.moves if n > 0], 1)
    back = check_sum(found[2], [-n for n in facts.moves if n < 0], 2)
    high, low, net = (int(found[i]) for i in (3, 4, 5))
    expect((high, low) == (max(on, back), min(on, back)), 3, "these are not the two totals")
    expect(net == high - low, 3, f"{high} - {low} is not {net}")
    expect(found[6] == facts.day, 4, f"the question begins at {facts.day}")
    walked = f"{found[7]} {found[8]}: {found[9]}"
    return _check_walk(facts.day, net if on >= back else -net, walked, 4)


def _check_walk(day: str, move: int, text: str, step: int) -> str:
    n, way, named = re.findall(WALK, text)[0]
    stated = int(n) if way == "on" else -int(n)
    expect(stated == move, step, f"{n} {way} is not the next move")
    start = WEEK.index(day)
    direction = 1 if move > 0 else -1
    days = [WEEK[(start + direction * i) % 7] for i in range(abs(move) + 1)]
    passed = [f"{count} {passed}" for count, passed in enumerate(days) if count] or days
    expect(named.split(", ") == passed, step, f"{n} {way} from {day} ends on {days[-1]}")
    return days[-1]

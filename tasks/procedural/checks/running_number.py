"""Check of a running number: `in order` and `net change`."""

from __future__ import annotations

import re

from tasks.procedural.checks.reading import SUM, Fault, addends, check_sum, expect

STEP = r"(-?\d+) ([+-]) (\d+) = (-?\d+)\."
IN_ORDER = re.compile(rf"Begin with (\d+)\.((?: {STEP})+)")
NET_CHANGE = re.compile(rf"Up: ({SUM})\. Down: ({SUM})\. (\d+) - (\d+) = (\d+) (up|down)\. {STEP}")
FALLING = {"-", "down", "away", "off", "out"}


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if found := IN_ORDER.fullmatch(rationale):
        changes = [f"{sign}{n}" for _, sign, n, _ in re.findall(STEP, found[2])]
        return " ".join(["in order:", found[1], *changes])
    if found := NET_CHANGE.fullmatch(rationale):
        ups = [f"+{n}" for n in addends(found[1])]
        downs = [f"-{n}" for n in addends(found[2])]
        return " ".join(["net change:", *ups, *downs, f"on {found[7]}"])
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    start, changes = _read_question(question)
    if found := IN_ORDER.fullmatch(rationale):
        return _check_in_order(start, changes, found)
    if found := NET_CHANGE.fullmatch(rationale):
        return _check_net_change(start, changes, found)
    raise Fault(0, "no known way of working with a running number")


def _read_question(question: str) -> tuple[int, list[int]]:
    between = re.split(r"\d+", question)
    start, *numbers = (int(n) for n in re.findall(r"\d+", question))
    falls = [bool(FALLING & set(re.findall(r"[a-z]+|-", text.lower()))) for text in between[1:-1]]
    return start, [-n if fall else n for n, fall in zip(numbers, falls, strict=True)]


def _check_in_order(start: int, changes: list[int], found: re.Match[str]) -> str:
    expect(int(found[1]) == start, 1, f"the question begins with {start}")
    steps = re.findall(STEP, found[2])
    total = start
    for number, (change, step) in enumerate(zip(changes, steps, strict=False), start=2):
        left, sign, n, result = step
        expect(int(left) == total, number, f"{left} is not the number so far")
        expect(int(f"{sign}{n}") == change, number, f"{sign} {n} is not the next change")
        total += change
        expect(int(result) == total, number, f"{left} {sign} {n} is not {result}")
    expect(len(steps) == len(changes), len(steps) + 2, "steps are missing or too many")
    return str(total)


def _check_net_change(start: int, changes: list[int], found: re.Match[str]) -> str:
    up = check_sum(found[1], [n for n in changes if n > 0], 1)
    down = check_sum(found[2], [-n for n in changes if n < 0], 2)
    high, low, net = (int(found[i]) for i in (3, 4, 5))
    expect((high, low) == (max(up, down), min(up, down)), 3, "these are not the two totals")
    expect(net == high - low, 3, f"{high} - {low} is not {net}")
    expect((found[6] == "up") == (up >= down), 3, f"the change does not go {found[6]}")
    change = net if found[6] == "up" else -net
    expect(int(found[7]) == start, 4, f"the question begins with {start}")
    expect(int(f"{found[8]}{found[9]}") == change, 4, "this is not the net change")
    expect(int(found[10]) == start + change, 4, f"the result is not {found[10]}")
    return str(start + change)

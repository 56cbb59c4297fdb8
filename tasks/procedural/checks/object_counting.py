"""Check of object counting: `one by one` and `all but`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import SUM, Fault, addends, check_sum, expect

FRUITS = {"apples", "plums", "pears", "figs", "melons"}
ANIMALS = {"cows", "dogs", "cats", "pigs", "hens"}
TOYS = {"dolls", "kites", "balls", "tops", "drums"}
KINDS = {"fruits": FRUITS, "animals": ANIMALS, "toys": TOYS}
KIND = rf"(?:{'|'.join(KINDS)})"
THING = r"(\w+) are (\w+): (?:(\d+) \+ (\d+) = )?(\d+)\."
ONE_BY_ONE = re.compile(rf"{THING}(?: {THING})+")
ALL_BUT = re.compile(
    rf"All: ({SUM})\. Not ({KIND}): ([a-z]+(?:, [a-z]+)*), ({SUM})\. (\d+) - (\d+) = (\d+)\."
)


class Facts(NamedTuple):
    """What the question says."""

    kind: str
    entries: list[tuple[int, str]]


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if ONE_BY_ONE.fullmatch(rationale):
        return f"one by one: {', '.join(thing for thing, *_ in re.findall(THING, rationale))}"
    if found := ALL_BUT.fullmatch(rationale):
        counts = " ".join(map(str, addends(found[1])))
        return f"all but: {counts} without {found[3]}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    if ONE_BY_ONE.fullmatch(rationale):
        return _check_one_by_one(facts, rationale)
    if found := ALL_BUT.fullmatch(rationale):
        return _check_all_but(facts, found)
    raise Fault(0, "no known way of counting things")


def _read_question(question: str) -> Facts:
    entries = [(int(n), thing) for n, thing in re.findall(r"(\d+) (\w+)", question)]
    return Facts(re.findall(KIND, question)[0], entries)


def _check_one_by_one(facts: Facts, rationale: str) -> str:
    steps = re.findall(THING, rationale)
    total = 0
    expect(len(steps) == len(facts.entries), len(steps), "things are missing or too many")
    for number, ((count, thing), step) in enumerate(zip(facts.entries, steps, strict=True), 1):
        named, kind, left, right, result = step
        expect(named == thing, number, f"the next things are {thing}")
        expect(thing in KINDS.get(kind, set()), number, f"{thing} are not {kind}")
        expect(bool(left) == (kind == facts.kind), number, f"only {facts.kind} are added")
        if left:
            expect((int(left), int(right)) == (total, count), number, f"add {total} + {count}")
            total += count
        expect(int(result) == total, number, f"the total is {total}")
    return str(total)


def _check_all_but(facts: Facts, found: re.Match[str]) -> str:
    others = [(n, thing) for n, thing in facts.entries if thing not in KINDS[facts.kind]]
    everything = check_sum(found[1], [n for n, _ in facts.entries], 1)
    expect(found[2] == facts.kind, 2, f"the question asks for {facts.kind}")
    named = ", ".join(thing for _, thing in others)
    expect(found[3] == named, 2, f"the others are {named}")
    rest = check_sum(found[4], [n for n, _ in others], 2)
    expect((int(found[5]), int(found[6])) == (everything, rest), 3, "these are not the totals")
    expect(int(found[7]) == everything - rest, 3, f"the difference is not {found[7]}")
    return str(everything - rest)

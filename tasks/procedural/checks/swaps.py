"""Check of swaps: `follow` the thing asked about, or keep account of `everyone`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import (
    NAME,
    Fault,
    expect,
    options_of,
    sentences,
)

HOLDERS = 3
THING = re.compile(
    r"\b(?:red|blue|green|black|white|pink|arm|bed|cup|desk|egg|flag|gate|hill|ink|jar|key|lamp|"
    r"moon|nest|oak|pen|queen|rope|salt|tree)\b"
)
STATE = r"[a-z]+ [A-Z]\w+(?:, [a-z]+ [A-Z]\w+)+"
HOLDER = r"([a-z]+) ([A-Z]\w+)"
SWAP = r"([A-Z]\w+) and ([A-Z]\w+)"
END = r"([A-Z]\w+) (\([A-C]\))\."
FOLLOW = re.compile(rf"{STATE}\. {HOLDER}\.(?: {SWAP}, [A-Z]\w+: [A-Z]\w+\.)+ {END}")
EVERYONE = re.compile(rf"{STATE}\.(?: {SWAP}: {STATE}\.)+ {HOLDER}\. {END}")


class Facts(NamedTuple):
    """What the question says."""

    start: dict[str, str]
    swaps: list[tuple[str, str]]
    asked: str


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    swaps = ", ".join(f"{a} and {b}" for a, b in re.findall(SWAP, rationale))
    if found := FOLLOW.fullmatch(rationale):
        return f"follow: {found[1]}, {swaps}"
    return f"everyone: {swaps}" if EVERYONE.fullmatch(rationale) else ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    steps = sentences(rationale)
    if FOLLOW.fullmatch(rationale):
        holder = _check_follow(facts, steps[:-1])
    elif EVERYONE.fullmatch(rationale):
        holder = _check_everyone(facts, steps[:-1])
    else:
        raise Fault(0, "no known way of following swaps")
    name, letter = re.findall(END, rationale)[-1]
    expect(name == holder, len(steps), f"{facts.asked} is with {holder}")
    expect(options_of(question).get(holder) == letter, len(steps), f"{letter} is not {holder}")
    return str(letter)


def _read_question(question: str) -> Facts:
    told = question.split("Options:")[0]
    names, things = NAME.findall(told), THING.findall(told)
    moved = names[HOLDERS:]
    return Facts(
        start=dict(zip(things[:HOLDERS], names[:HOLDERS], strict=True)),
        swaps=list(zip(moved[::2], moved[1::2], strict=True)),
        asked=things[-1],
    )


def _check_follow(facts: Facts, steps: list[str]) -> str:
    holder = facts.start[facts.asked]
    expect(_state(steps[0]) == facts.start, 1, "this is not how it begins")
    expect(steps[1] == f"{facts.asked} {holder}", 2, f"{facts.asked} begins with {holder}")
    expect(len(steps) == len(facts.swaps) + 2, len(steps), "swaps are missing or too many")
    for number, ((a, b), step) in enumerate(zip(facts.swaps, steps[2:], strict=True), start=3):
        after = {a: b, b: a}.get(holder, holder)
        right = f"{a} and {b}, {holder}: {after}"
        expect(step == right, number, f"{step!r} should be {right!r}")
        holder = after
    return holder


def _check_everyone(facts: Facts, steps: list[str]) -> str:
    held = dict(facts.start)
    expect(_state(steps[0]) == held, 1, "this is not how it begins")
    expect(len(steps) == len(facts.swaps) + 2, len(steps), "swaps are missing or too many")
    for number, ((a, b), step) in enumerate(zip(facts.swaps, steps[1:-1], strict=True), start=2):
        swap, state = step.split(": ")
        expect(swap == f"{a} and {b}", number, f"the next swap is {a} and {b}")
        held = {thing: {a: b, b: a}.get(name, name) for thing, name in held.items()}
        expect(_state(state) == held, number, "this is not what they hold after the swap")
    holder = held[facts.asked]
    expect(steps[-1] == f"{facts.asked} {holder}", len(steps), f"{facts.asked} is with {holder}")
    return holder


def _state(text: str) -> dict[str, str]:
    return dict(pair.split(" ") for pair in text.split(", "))

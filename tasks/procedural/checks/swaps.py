"""Check of swaps: `forward` with everybody's holdings, `backward` from the one asked."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import (
    COLOUR,
    NAME,
    Fault,
    expect,
    options_of,
    sentences,
)

HOLDERS = 3
STATE = r"[A-Z]\w+ [a-z]+(?:, [A-Z]\w+ [a-z]+)+"
END = r"([A-Z]\w+) has ([a-z]+): (\([A-C]\))\."
SWAP = r"([A-Z]\w+) and ([A-Z]\w+)"
FORWARD = re.compile(rf"({STATE})\.(?: {SWAP}: {STATE}\.)+ {END}")
BACKWARD = re.compile(
    rf"Back from ([A-Z]\w+)\.(?: {SWAP}: [A-Z]\w+\.)+ [A-Z]\w+ had [a-z]+\. {END}"
)


class Facts(NamedTuple):
    """What the question says."""

    start: dict[str, str]
    swaps: list[tuple[str, str]]
    asked: str


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    for strategy, form in (("forward", FORWARD), ("backward", BACKWARD)):
        if form.fullmatch(rationale):
            swaps = re.findall(rf"{SWAP}:", rationale)
            return f"{strategy}: {', '.join(f'{a} and {b}' for a, b in swaps)}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    steps = sentences(rationale)
    if FORWARD.fullmatch(rationale):
        thing = _check_forward(facts, steps[:-1])
    elif BACKWARD.fullmatch(rationale):
        thing = _check_backward(facts, steps[:-1])
    else:
        raise Fault(0, "no known way of following swaps")
    name, claimed, letter = re.findall(END, rationale)[-1]
    last = len(steps)
    expect((name, claimed) == (facts.asked, thing), last, f"{facts.asked} has {thing}")
    expect(options_of(question).get(thing) == letter, last, f"{letter} is not {thing}")
    return letter


def _read_question(question: str) -> Facts:
    told = question.split("Options:")[0]
    names, colours = NAME.findall(told), COLOUR.findall(told)
    moved = names[HOLDERS:-1]
    return Facts(
        start=dict(zip(names[:HOLDERS], colours[:HOLDERS], strict=True)),
        swaps=list(zip(moved[::2], moved[1::2], strict=True)),
        asked=names[-1],
    )


def _check_forward(facts: Facts, steps: list[str]) -> str:
    held = dict(facts.start)
    expect(_state(steps[0]) == held, 1, "this is not how it begins")
    expect(len(steps) == len(facts.swaps) + 1, len(steps), "swaps are missing or too many")
    for number, ((a, b), step) in enumerate(zip(facts.swaps, steps[1:], strict=True), start=2):
        swap, state = step.split(": ")
        expect(swap == f"{a} and {b}", number, f"the next swap is {a} and {b}")
        held[a], held[b] = held[b], held[a]
        expect(_state(state) == held, number, "this is not what they hold after the swap")
    return held[facts.asked]


def _check_backward(facts: Facts, steps: list[str]) -> str:
    holder = facts.asked
    expect(steps[0] == f"Back from {holder}", 1, f"the question asks about {holder}")
    expect(len(steps) == len(facts.swaps) + 2, len(steps), "swaps are missing or too many")
    swaps = reversed(facts.swaps)
    for number, ((a, b), step) in enumerate(zip(swaps, steps[1:-1], strict=True), start=2):
        if holder in (a, b):
            holder = b if holder == a else a
        expect(step == f"{a} and {b}: {holder}", number, f"before {a} and {b} it was {holder}")
    thing = facts.start[holder]
    expect(steps[-1] == f"{holder} had {thing}", len(steps), f"{holder} had {thing}")
    return thing


def _state(text: str) -> dict[str, str]:
    return dict(pair.split(" ") for pair in text.split(", "))

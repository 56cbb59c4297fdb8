"""Check of truth-teller chains: `in order` and `count lies`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.procedural.checks.reading import NAME, Fault, expect, sentences

WHO = r"[A-Z]\w+"
STATE = r"(?:honest|lying)"
CLAIM = rf"({WHO}) says ({STATE}) (and|but) ({WHO}) is ({STATE}): ({WHO}) is ({STATE})"
COUNT = rf"({WHO}) says ({STATE}), (\d+)"
IN_ORDER = re.compile(rf"({WHO}) is ({STATE})\.(?: {CLAIM}\.)+")
COUNT_LIES = re.compile(
    rf"{COUNT}\.(?: {COUNT}\.)* (\d+) is (even|odd): ({WHO}) is (as|not as) ({WHO})\. "
    rf"({WHO}) is ({STATE}): ({WHO}) is ({STATE})\."
)


class Facts(NamedTuple):
    """What the question says: who speaks, in order, and whom each but the first calls what."""

    names: list[str]
    first: str
    claims: list[str]


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    for strategy, form in (("in order", IN_ORDER), ("count lies", COUNT_LIES)):
        if form.fullmatch(rationale):
            said = re.findall(rf"({WHO}) says ({STATE})", rationale)
            return f"{strategy}: {', '.join(' '.join(claim) for claim in said)}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    facts = _read_question(question)
    if IN_ORDER.fullmatch(rationale):
        honest = _check_in_order(facts, sentences(rationale))
    elif COUNT_LIES.fullmatch(rationale):
        honest = _check_count(facts, sentences(rationale))
    else:
        raise Fault(0, "no known way of following claims")
    return "Yes" if honest else "No"


def _read_question(question: str) -> Facts:
    told = NAME.findall(question)
    first, speakers = told[0], told[1:-1:2]
    claims = re.findall(STATE, question)[: len(speakers) + 1]
    return Facts([first, *speakers], claims[0], claims[1:])


def _check_in_order(facts: Facts, steps: list[str]) -> bool:
    honest = facts.first == "honest"
    expect(steps[0] == f"{facts.names[0]} is {facts.first}", 1, "this is not how it begins")
    expect(len(steps) == len(facts.claims) + 1, len(steps), "claims are missing or too many")
    pairs = zip(facts.names, facts.names[1:], facts.claims, steps[1:], strict=False)
    for number, (other, name, said, step) in enumerate(pairs, start=2):
        state = "honest" if honest else "lying"
        agrees = said == state
        link, honest = ("and", True) if agrees else ("but", False)
        right = (
            f"{name} says {said} {link} {other} is {state}: "
            f"{name} is {'honest' if honest else 'lying'}"
        )
        expect(step == right, number, f"{step!r} should be {right!r}")
    return honest


def _check_count(facts: Facts, steps: list[str]) -> bool:
    count = 0
    expect(len(steps) == len(facts.claims) + 2, len(steps), "claims are missing or too many")
    spoken = zip(facts.names[1:], facts.claims, steps, strict=False)
    for number, (name, said, step) in enumerate(spoken, start=1):
        count += said == "lying"
        right = f"{name} says {said}, {count}"
        expect(step == right, number, f"{step!r} should be {right!r}")
    first, last = facts.names[0], facts.names[-1]
    parity, link = ("odd", "not as") if count % 2 else ("even", "as")
    right = f"{count} is {parity}: {last} is {link} {first}"
    expect(steps[-2] == right, len(steps) - 1, f"{steps[-2]!r} should be {right!r}")
    honest = (facts.first == "honest") == (parity == "even")
    right = f"{first} is {facts.first}: {last} is {'honest' if honest else 'lying'}"
    expect(steps[-1] == right, len(steps), f"{steps[-1]!r} should be {right!r}")
    return honest

"""Check of word sorting: `insert` word by word, `select` the first that is left."""

from __future__ import annotations

import re

from tasks.procedural.checks.reading import Fault, expect, sentences

LIST = r"[a-z]+(?:, [a-z]+)*"
INSERT = re.compile(rf"[a-z]+\.(?: ([a-z]+) goes in: ({LIST})\.)+")
SELECT = re.compile(
    rf"First of ({LIST}) is [a-z]+\.(?: First of {LIST} is [a-z]+\.)* Last is [a-z]+\."
)


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if INSERT.fullmatch(rationale):
        first, *others = sentences(rationale)
        return f"insert: {', '.join([first, *(step.split(' ')[0] for step in others)])}"
    if found := SELECT.fullmatch(rationale):
        return f"select: {found[1]}"
    return ""


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    asked = re.findall(r"\w+(?:, \w+)+", question)[0].split(", ")
    if INSERT.fullmatch(rationale):
        return " ".join(_check_insert(asked, sentences(rationale)))
    if SELECT.fullmatch(rationale):
        return " ".join(_check_select(asked, sentences(rationale)))
    raise Fault(0, "no known way of sorting")


def _check_insert(asked: list[str], steps: list[str]) -> list[str]:
    expect(steps[0] == asked[0], 1, f"the first word is {asked[0]}")
    expect(len(steps) == len(asked), len(steps), "words are missing or too many")
    for number, word in enumerate(asked[1:], start=2):
        right = f"{word} goes in: {', '.join(sorted(asked[:number]))}"
        expect(steps[number - 1] == right, number, f"{steps[number - 1]!r} should be {right!r}")
    return sorted(asked)


def _check_select(asked: list[str], steps: list[str]) -> list[str]:
    left = list(asked)
    expect(len(steps) == len(asked), len(steps), "words are missing or too many")
    for number, step in enumerate(steps[:-1], start=1):
        right = f"First of {', '.join(left)} is {min(left)}"
        expect(step == right, number, f"{step!r} should be {right!r}")
        left.remove(min(left))
    expect(steps[-1] == f"Last is {left[0]}", len(steps), f"the last word is {left[0]}")
    return sorted(asked)

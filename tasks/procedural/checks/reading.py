"""What the checks share: sentences, faults, sums, and small facts about the questions' words."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAME = re.compile(r"\b(?:Ann|Bob|Cid|Dan|Eve|Fay|Gus|Hal)\b")
COLOUR = re.compile(r"\b(?:red|blue|green|black|white|pink)\b")
SUM = r"\d+(?: \+ \d+ = \d+(?:, \d+ \+ \d+ = \d+)*)?"


class Fault(Exception):
    """A rationale's first wrong step: its sentence number from 1 (0: it cannot be read at all)."""

    def __init__(self, step: int, what: str) -> None:
        super().__init__(what)
        self.step = step
        self.what = what


def sentences(rationale: str) -> list[str]:
    """The sentences of a rationale without their full stops."""
    return rationale.strip().removesuffix(".").split(". ")


def expect(right: bool, step: int, what: str) -> None:
    """Fault at `step` unless right."""
    if not right:
        raise Fault(step, what)


def addends(sum_text: str) -> list[int]:
    """The numbers that a sum such as '3 + 4 = 7, 7 + 2 = 9' adds: 3, 4 and 2."""
    return [int(number) for number in re.findall(r"(?:^|\+ )(\d+)", sum_text)]


def check_sum(sum_text: str, numbers: Sequence[int], step: int) -> int:
    """The total, if the text adds exactly these numbers, in this order, and rightly."""
    expect(addends(sum_text) == list(numbers), step, f"{sum_text!r} does not add {list(numbers)}")
    total = numbers[0]
    for left, right, result in re.findall(r"(\d+) \+ (\d+) = (\d+)", sum_text):
        expect(int(left) == total, step, f"{left} is not the sum so far")
        total += int(right)
        expect(int(result) == total, step, f"{left} + {right} is not {result}")
    return total


def options_of(question: str) -> dict[str, str]:
    """Option text to letter, as listed in the question."""
    return dict(re.findall(r"(\w+) (\([A-C]\))", question))

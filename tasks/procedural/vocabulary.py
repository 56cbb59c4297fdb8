"""Small pieces of wording that several families share."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from tasks.procedural.slip import Slip

T = TypeVar("T")

NAMES = ("Ann", "Bob", "Cid", "Dan", "Eve", "Fay", "Gus", "Hal")
COLOURS = ("red", "blue", "green", "black", "white", "pink")
LETTERS = ("(A)", "(B)", "(C)")
YES_NO = ("Yes", "No")


def yes_no(value: bool) -> str:
    """The answer to a yes/no question."""
    return "Yes" if value else "No"


def counted(number: int, noun: str) -> str:
    """'1 step', '2 steps'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(items: Sequence[str]) -> str:
    """'a, b and c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def options_line(options: Sequence[str]) -> str:
    """'Options: red (A), blue (B), green (C)'. A small student looks up what follows, not what
    leads.
    """
    lettered = zip(LETTERS, options, strict=True)
    return "Options: " + ", ".join(f"{option} {letter}" for letter, option in lettered)


def letter_of(option: str, options: Sequence[str]) -> str:
    """The letter of an option."""
    return LETTERS[options.index(option)]


def shuffled(items: Sequence[T], rng: random.Random) -> tuple[T, ...]:
    """The items in random order."""
    return tuple(rng.sample(items, len(items)))


def running_sum(numbers: Sequence[int], slip: Slip) -> tuple[str, int]:
    """The addition of numbers one by one, as text and total: '3 + 4 = 7, 7 + 2 = 9'."""
    total = numbers[0]
    steps = []
    for number in numbers[1:]:
        result = slip.number(total + number)
        steps.append(f"{total} + {number} = {result}")
        total = result
    return ", ".join(steps) or str(total), total

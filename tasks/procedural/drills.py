"""Skill drills: single steps as rationales take them, the alphabet of pre-training."""

from __future__ import annotations

import random
from collections.abc import Callable

from tasks.procedural.families.calendar import DAYS
from tasks.procedural.families.navigation import AXES, FARTHEST
from tasks.procedural.families.object_counting import KIND_OF, KINDS
from tasks.procedural.families.word_sorting import WORDS
from tasks.procedural.words import NAMES, letter_of, options_line

HIGHEST_SUM = 20
STEPS_A_DRILL = 6


def drill(family: str, rng: random.Random) -> str:
    """A line of single steps of one family's kind."""
    return " ".join(DRILLS[family](rng) for _ in range(STEPS_A_DRILL))


def _sum_or_difference(rng: random.Random) -> str:
    total = rng.randint(1, HIGHEST_SUM)
    part = rng.randint(0, total)
    if rng.random() < 0.5:
        return f"{total - part} + {part} = {total}."
    return f"{total} - {part} = {total - part}."


def _truth_value(rng: random.Random) -> str:
    left, right = rng.random() < 0.5, rng.random() < 0.5
    if rng.random() < 0.25:
        return f"not {left} is {not left}."
    if rng.random() < 0.5:
        return f"{left} and {right} is {left and right}."
    return f"{left} or {right} is {left or right}."


def _days(rng: random.Random) -> str:
    start, count = rng.randrange(len(DAYS)), rng.randint(1, 4)
    step, way = rng.choice(((1, "on"), (-1, "back")))
    passed = [f"{i} {DAYS[(start + step * i) % len(DAYS)]}" for i in range(1, count + 1)]
    return f"{DAYS[start]}, {count} {way}: {', '.join(passed)}."


def _position(rng: random.Random) -> str:
    ahead, behind = rng.choice(AXES)
    position, number = rng.randint(-FARTHEST, FARTHEST), rng.randint(1, 5)
    if position > 0:
        return f"{number} {behind}: {position} - {number} = {position - number}."
    return f"{number} {ahead}: {position} + {number} = {position + number}."


def _kind(rng: random.Random) -> str:
    thing = rng.choice(tuple(KIND_OF))
    if rng.random() < 0.5:
        return f"{thing} are {KIND_OF[thing]}."
    kind = rng.choice([kind for kind in KINDS if kind != KIND_OF[thing]])
    return f"Not {kind}: {thing}."


def _swap_or_option(rng: random.Random) -> str:
    names = rng.sample(NAMES, 3)
    holder = rng.choice(names)
    if rng.random() < 0.5:
        return f"{options_line(names)} {holder}: {letter_of(holder, names)}."
    a, b = sorted(rng.sample(names, 2), key=names.index)
    after = {a: b, b: a}.get(holder, holder)
    return f"{a} and {b}, {holder}: {after}."


def _honesty(rng: random.Random) -> str:
    if rng.random() < 0.25:
        number = rng.randint(0, 6)
        return f"{number} is {'odd' if number % 2 else 'even'}."
    other, name = rng.sample(NAMES, 2)
    said, state = rng.choice(("honest", "lying")), rng.choice(("honest", "lying"))
    if said == state:
        return f"{name} says {said} and {other} is {state}: {name} is honest."
    return f"{name} says {said} but {other} is {state}: {name} is lying."


def _first_word(rng: random.Random) -> str:
    words = rng.sample(WORDS, rng.choice((2, 3)))
    return f"First of {', '.join(words)} is {min(words)}."


DRILLS: dict[str, Callable[[random.Random], str]] = {
    "arithmetic": _sum_or_difference,
    "boolean_expressions": _truth_value,
    "calendar": _days,
    "navigation": _position,
    "object_counting": _kind,
    "shuffled_objects": _swap_or_option,
    "truth_tellers": _honesty,
    "word_sorting": _first_word,
}

"""Skill drills: single steps as rationales take them, the alphabet of pre-training."""

from __future__ import annotations

import random
from collections.abc import Callable

from tasks.procedural.families.calendar import DAYS
from tasks.procedural.families.navigation import AXES
from tasks.procedural.families.object_counting import KIND_OF, KINDS
from tasks.procedural.families.word_sorting import WORDS
from tasks.procedural.skills.balance import FARTHEST
from tasks.procedural.vocabulary import COLOURS, NAMES, letter_of, options_line, shuffled

HIGHEST_SUM = 20
STEPS_A_DRILL = 6


def drill(family: str, rng: random.Random) -> tuple[str, str]:
    """What is given (it may be nothing) and a line of single steps of one family's kind."""
    if family in LOOKUPS:
        return LOOKUPS[family](rng)
    return "", " ".join(STEPS[family](rng) for _ in range(STEPS_A_DRILL))


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


def _position(rng: random.Random) -> str:
    ahead, behind = rng.choice(AXES)
    position, number = rng.randint(-FARTHEST, FARTHEST), rng.randint(1, 5)
    if position > 0:
        return f"{number} {behind}: {position} - {number} = {position - number}."
    return f"{number} {ahead}: {position} + {number} = {position + number}."


def _days_on(rng: random.Random) -> str:
    start, number = rng.randrange(len(DAYS)), rng.randint(1, 4)
    way, step = rng.choice((("on", 1), ("back", -1)))
    passed = [f"{n} {DAYS[(start + step * n) % len(DAYS)]}" for n in range(1, number + 1)]
    return f"{DAYS[start]}. {number} {way}: {', '.join(passed)}."


def _kind(rng: random.Random) -> str:
    thing = rng.choice(tuple(KIND_OF))
    if rng.random() < 0.5:
        return f"{thing} are {KIND_OF[thing]}."
    kind = rng.choice([kind for kind in KINDS if kind != KIND_OF[thing]])
    return f"Not {kind}: {thing}."


def _look_up_name(rng: random.Random) -> tuple[str, str]:
    names = rng.sample(NAMES, 3)
    if rng.random() < 0.5:
        return _options(names, rng)
    things = rng.sample(COLOURS, 3)
    held = [f"{thing} {name}" for name, thing in zip(names, things, strict=True)]
    asked = shuffled(range(3), rng)
    return f"{', '.join(held)}.", " ".join(f"{things[i]} {names[i]}." for i in asked)


def _options(options: list[str], rng: random.Random) -> tuple[str, str]:
    asked = shuffled(options, rng)
    return options_line(options), " ".join(f"{o} {letter_of(o, options)}." for o in asked)


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


# Families whose last step looks something up: all look-ups in one line.
LOOKUPS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "shuffled_objects": _look_up_name,
}
STEPS: dict[str, Callable[[random.Random], str]] = {
    "arithmetic": _sum_or_difference,
    "boolean_expressions": _truth_value,
    "calendar": _days_on,
    "navigation": _position,
    "object_counting": _kind,
    "truth_tellers": _honesty,
    "word_sorting": _first_word,
}

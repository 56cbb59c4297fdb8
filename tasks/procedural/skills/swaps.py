"""Skill: who holds a thing after swaps. Two paths: follow that thing, or keep account of all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from tasks.procedural.family import Derivation, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import COLOURS, NAMES, letter_of, options_line, shuffled

HOLDERS = 3
Swap = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A wording: how the holder of a thing, a swap of two persons and the question are put."""

    opening: str
    holds: str
    swap: str
    ask: str


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Who has each thing at the start, the swaps in order, the thing asked about, the options."""

    start: dict[str, str]
    swaps: tuple[Swap, ...]
    asked: str
    options: tuple[str, ...]


def swaps_item(
    family: str,
    templates: dict[Wording, tuple[Template, ...]],
    rng: random.Random,
    size: int,
    wording: Wording,
    *,
    things: Sequence[str] = COLOURS,
) -> Item:
    """An item of `size` swaps among three persons, of three of the things."""
    puzzle = _draw(things, rng, size)
    number = rng.randrange(len(templates[wording]))
    template = templates[wording][number]
    holdings = [template.holds.format(name=n, thing=t) for t, n in puzzle.start.items()]
    told = [template.swap.format(a=a, b=b) for a, b in puzzle.swaps]
    parts = [
        template.opening,
        f"{', '.join(holdings)}.",
        *told,
        template.ask.format(thing=puzzle.asked),
    ]
    question = " ".join([part for part in parts if part] + [options_line(puzzle.options)])
    content = f"{_state(puzzle.start)} | {_named(puzzle.swaps)} | {puzzle.asked}"
    return Item(
        family=family,
        question=question,
        content=content,
        template=f"{family}/{wording}-{number}",
        answer=letter_of(_holders(puzzle)[-1], puzzle.options),
        solvers=(partial(_follow, puzzle), partial(_everyone, puzzle)),
        options=puzzle.options,
    )


def _draw(things: Sequence[str], rng: random.Random, size: int) -> Puzzle:
    names = rng.sample(NAMES, HOLDERS)
    held = rng.sample(things, HOLDERS)
    swaps: list[Swap] = []
    while len(swaps) < size:
        a, b = sorted(rng.sample(names, 2), key=names.index)
        if not swaps or swaps[-1] != (a, b):
            swaps.append((a, b))
    start = dict(zip(held, names, strict=True))
    return Puzzle(start, tuple(swaps), rng.choice(held), shuffled(names, rng))


def _holders(puzzle: Puzzle) -> list[str]:
    """Who has the thing asked about: at the start and after each swap."""
    holders = [puzzle.start[puzzle.asked]]
    for swap in puzzle.swaps:
        holders.append(_after(swap, holders[-1]))
    return holders


def _after(swap: Swap, holder: str) -> str:
    a, b = swap
    return {a: b, b: a}.get(holder, holder)


def _follow(puzzle: Puzzle, slip: Slip) -> Derivation:
    holder = _holders(puzzle)[0]
    steps = [f"{_state(puzzle.start)}. {puzzle.asked} {holder}."]
    for a, b in puzzle.swaps:
        after = slip(_after((a, b), holder), list(puzzle.start.values()))
        steps.append(f"{a} and {b}, {holder}: {after}.")
        holder = after
    return _conclude(puzzle, f"follow: {puzzle.asked},", steps, holder)


def _everyone(puzzle: Puzzle, slip: Slip) -> Derivation:
    held = dict(puzzle.start)
    steps = [f"{_state(held)}."]
    for a, b in puzzle.swaps:
        after = {thing: _after((a, b), name) for thing, name in held.items()}
        held = slip(after, [held, _rotated(after)])
        steps.append(f"{a} and {b}: {_state(held)}.")
    holder = held[puzzle.asked]
    steps.append(f"{puzzle.asked} {holder}.")
    return _conclude(puzzle, "everyone:", steps, holder)


def _conclude(puzzle: Puzzle, strategy: str, steps: list[str], holder: str) -> Derivation:
    letter = letter_of(holder, puzzle.options)
    text = " ".join([*steps, f"{holder} {letter}."])
    return Derivation(text, f"{strategy} {_named(puzzle.swaps)}", letter)


def _rotated(held: dict[str, str]) -> dict[str, str]:
    names = list(held.values())
    return dict(zip(held, names[1:] + names[:1], strict=True))


def _state(held: dict[str, str]) -> str:
    return ", ".join(f"{thing} {name}" for thing, name in held.items())


def _named(swaps: tuple[Swap, ...]) -> str:
    return ", ".join(f"{a} and {b}" for a, b in swaps)

"""Skill: who holds what after swaps. Two paths: all holders forward, or the asked one backward."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial

from tasks.procedural.family import Derivation, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.words import COLOURS, NAMES, letter_of, options_line, shuffled

HOLDERS = 3
Swap = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A wording: how what one person holds, a swap of two persons and the question are put."""

    opening: str
    holds: str
    swap: str
    ask: str


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Who holds what at the start, the swaps in order, and whose holding is asked."""

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
) -> Item:
    """An item of `size` swaps among three persons."""
    puzzle = _draw(rng, size)
    number = rng.randrange(len(templates[wording]))
    template = templates[wording][number]
    holdings = [template.holds.format(name=n, thing=t) for n, t in puzzle.start.items()]
    told = [template.swap.format(a=a, b=b) for a, b in puzzle.swaps]
    parts = [
        template.opening,
        f"{', '.join(holdings)}.",
        *told,
        template.ask.format(name=puzzle.asked),
    ]
    question = " ".join([part for part in parts if part] + [options_line(puzzle.options)])
    held = dict(puzzle.start)
    for a, b in puzzle.swaps:
        held[a], held[b] = held[b], held[a]
    content = f"{_state(puzzle.start)} | {_named(puzzle.swaps)} | {puzzle.asked}"
    return Item(
        family=family,
        question=question,
        content=content,
        template=f"{family}/{wording}-{number}",
        answer=letter_of(held[puzzle.asked], puzzle.options),
        solvers=(partial(_forward, puzzle), partial(_backward, puzzle)),
        options=puzzle.options,
    )


def _draw(rng: random.Random, size: int) -> Puzzle:
    names = rng.sample(NAMES, HOLDERS)
    things = rng.sample(COLOURS, HOLDERS)
    swaps: list[Swap] = []
    while len(swaps) < size:
        a, b = sorted(rng.sample(names, 2), key=names.index)
        if not swaps or swaps[-1] != (a, b):
            swaps.append((a, b))
    start = dict(zip(names, things, strict=True))
    return Puzzle(start, tuple(swaps), rng.choice(names), shuffled(things, rng))


def _forward(puzzle: Puzzle, slip: Slip) -> Derivation:
    held = dict(puzzle.start)
    steps = [f"{_state(held)}."]
    for a, b in puzzle.swaps:
        after = held | {a: held[b], b: held[a]}
        held = slip(after, [held, _rotated(after)])
        steps.append(f"{a} and {b}: {_state(held)}.")
    return _conclude(puzzle, "forward", puzzle.swaps, steps, "has", held[puzzle.asked])


def _backward(puzzle: Puzzle, slip: Slip) -> Derivation:
    holder = puzzle.asked
    steps = [f"Back from {holder}."]
    for a, b in reversed(puzzle.swaps):
        before = {a: b, b: a}.get(holder, holder)
        holder = slip(before, list(puzzle.start))
        steps.append(f"{a} and {b}: {holder}.")
    steps.append(f"{holder} had {puzzle.start[holder]}.")
    return _conclude(puzzle, "backward", puzzle.swaps[::-1], steps, "has", puzzle.start[holder])


def _conclude(
    puzzle: Puzzle, strategy: str, swaps: tuple[Swap, ...], steps: list[str], verb: str, thing: str
) -> Derivation:
    letter = letter_of(thing, puzzle.options)
    text = " ".join([*steps, f"{puzzle.asked} {verb} {thing}: {letter}."])
    return Derivation(text, f"{strategy}: {_named(swaps)}", letter)


def _rotated(held: dict[str, str]) -> dict[str, str]:
    things = list(held.values())
    return dict(zip(held, things[1:] + things[:1], strict=True))


def _state(held: dict[str, str]) -> str:
    return ", ".join(f"{name} {thing}" for name, thing in held.items())


def _named(swaps: tuple[Swap, ...]) -> str:
    return ", ".join(f"{a} and {b}" for a, b in swaps)

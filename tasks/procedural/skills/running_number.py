"""Skill: a number that goes up and down. Two paths: step by step, or the net change first."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial

from tasks.procedural.family import Derivation, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import running_sum


@dataclass(frozen=True, slots=True)
class Span:
    """Between which numbers it begins, and between which it stays, ends included."""

    begins: tuple[int, int]
    stays: tuple[int, int]


TRAINED = Span((1, 9), (0, 15))


@dataclass(frozen=True, slots=True)
class Template:
    """A wording: how the start, a rise, a fall and the question are put."""

    start: str
    up: str
    down: str
    ask: str


def running_number_item(
    family: str,
    templates: dict[Wording, tuple[Template, ...]],
    rng: random.Random,
    size: int,
    wording: Wording,
    *,
    span: Span = TRAINED,
) -> Item:
    """An item whose number changes `size` times and stays within the span."""
    start, changes = _draw(span, rng, size)
    number = rng.randrange(len(templates[wording]))
    template = templates[wording][number]
    told = [(template.up if n > 0 else template.down).format(n=abs(n)) for n in changes]
    question = " ".join([template.start.format(n=start), *told, template.ask])
    return Item(
        family=family,
        question=question,
        content=" ".join(map(str, (start, *changes))),
        template=f"{family}/{wording}-{number}",
        answer=str(start + sum(changes)),
        solvers=(partial(_in_order, start, changes), partial(_net_change, start, changes)),
    )


def _draw(span: Span, rng: random.Random, size: int) -> tuple[int, tuple[int, ...]]:
    lowest, highest = span.stays
    while True:
        start = rng.randint(*span.begins)
        changes = tuple(rng.choice((-1, 1)) * rng.randint(1, 5) for _ in range(size))
        heights = [start + sum(changes[:i]) for i in range(size + 1)]
        both_ways = min(changes) < 0 < max(changes)
        if both_ways and min(heights) >= lowest and max(heights) <= highest:
            return start, changes


def _in_order(start: int, changes: tuple[int, ...], slip: Slip) -> Derivation:
    total = start
    steps = [f"Begin with {start}."]
    for change in changes:
        result = slip.number(total + change)
        steps.append(f"{total} {_signed(change, ' ')} = {result}.")
        total = result
    path = " ".join(["in order:", str(start), *(_signed(change) for change in changes)])
    return Derivation(" ".join(steps), path, str(total))


def _net_change(start: int, changes: tuple[int, ...], slip: Slip) -> Derivation:
    ups = [n for n in changes if n > 0]
    downs = [-n for n in changes if n < 0]
    up_text, up = running_sum(ups, slip)
    down_text, down = running_sum(downs, slip)
    rises = up >= down
    net = slip.number(abs(up - down))
    sign, way = ("+", "up") if rises else ("-", "down")
    total = slip.number(start + net if rises else start - net)
    rationale = (
        f"Up: {up_text}. Down: {down_text}. "
        f"{max(up, down)} - {min(up, down)} = {net} {way}. {start} {sign} {net} = {total}."
    )
    path = " ".join(
        ["net change:", *(_signed(n) for n in (*ups, *(-d for d in downs))), f"on {start}"]
    )
    return Derivation(rationale, path, str(total))


def _signed(change: int, space: str = "") -> str:
    return f"{'+' if change > 0 else '-'}{space}{abs(change)}"

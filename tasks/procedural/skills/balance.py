"""Skill: moves to and fro, and whether they lead back. Two paths: in order, or by direction."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial

from tasks.procedural.family import Derivation, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import counted, running_sum, yes_no

FARTHEST = 7
Axis = tuple[str, str]
Move = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A wording: how a move and the question are put."""

    move: str
    ask: str


def balance_item(
    family: str,
    axes: tuple[Axis, ...],
    templates: dict[Wording, tuple[Template, ...]],
    rng: random.Random,
    size: int,
    wording: Wording,
) -> Item:
    """An item of `size` moves along one of the axes: the way that counts up, the way down."""
    axis, moves = _draw(axes, rng, size)
    number = rng.randrange(len(templates[wording]))
    template = templates[wording][number]
    told = [template.move.format(n=n, way=way, steps=counted(n, "step")) for n, way in moves]
    net = sum(n if way == axis[0] else -n for n, way in moves)
    return Item(
        family=family,
        question=" ".join([*told, template.ask]),
        content=" ".join(f"{n} {way}" for n, way in moves),
        template=f"{family}/{wording}-{number}",
        answer=yes_no(net == 0),
        solvers=(partial(_in_order, axis, moves), partial(_by_direction, axis, moves)),
    )


def _draw(axes: tuple[Axis, ...], rng: random.Random, size: int) -> tuple[Axis, tuple[Move, ...]]:
    axis = rng.choice(axes)
    returns = rng.random() < 0.5
    while True:
        moves = tuple((rng.randint(1, 5), rng.choice(axis)) for _ in range(size))
        if {way for _, way in moves} != set(axis):
            continue
        positions = [
            sum(n if way == axis[0] else -n for n, way in moves[: i + 1]) for i in range(size)
        ]
        near_miss = 0 < abs(positions[-1]) <= 3
        if max(map(abs, positions)) <= FARTHEST and (positions[-1] == 0 if returns else near_miss):
            return axis, moves


def _in_order(axis: Axis, moves: tuple[Move, ...], slip: Slip) -> Derivation:
    position = 0
    steps: list[str] = []
    for n, way in moves:
        sign = "+" if way == axis[0] else "-"
        after = position + (n if sign == "+" else -n)
        reached = slip(after, range(after - 2, after + 3))
        steps.append(f"{n} {way}: {position} {sign} {n} = {reached}.")
        position = reached
    verdict = "the start" if position == 0 else "not the start"
    path = f"in order: {', '.join(f'{n} {way}' for n, way in moves)}"
    text = f"{' '.join(steps)} {position} is {verdict}."
    return Derivation(text, path, yes_no(position == 0))


def _by_direction(axis: Axis, moves: tuple[Move, ...], slip: Slip) -> Derivation:
    steps, totals, taken = [], [], []
    for way in axis:
        numbers = [n for n, w in moves if w == way]
        text, total = running_sum(numbers, slip)
        steps.append(f"{way}: {text}.")
        totals.append(total)
        taken.append(f"{way} {' '.join(map(str, numbers))}")
    same = totals[0] == totals[1]
    steps.append(f"{totals[0]} and {totals[1]} are {'equal' if same else 'not equal'}.")
    return Derivation(" ".join(steps), f"by direction: {', '.join(taken)}", yes_no(same))

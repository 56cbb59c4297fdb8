"""Navigation: steps to and fro along a line, and whether they lead back to the start."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import YES_NO, counted, running_sum, yes_no

# The way that counts up, and the way that counts down.
AXES = (("east", "west"), ("north", "south"), ("right", "left"))
FARTHEST = 7
Move = tuple[int, str]

# How a move is put, and the question.
TEMPLATES: dict[Wording, tuple[tuple[str, str], ...]] = {
    "seen": (
        ("Go {n} {way}.", "Are you back at the start?"),
        ("Walk {n} {way}.", "Do you end at the start?"),
        ("Take {steps} {way}.", "Are you at the start again?"),
        ("Walk {way} {steps}.", "Is the end the start?"),
    ),
    "held_out": (
        ("Go {way} {n}.", "Do you end back at the start?"),
        ("Then walk {steps} {way}.", "Are you now at the start?"),
        ("Take {way} {steps}.", "Is this the start again?"),
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    axis, moves = _draw(rng, size)
    number = rng.randrange(len(TEMPLATES[wording]))
    told, ask = TEMPLATES[wording][number]
    steps = " ".join(told.format(n=n, way=way, steps=counted(n, "step")) for n, way in moves)
    net = sum(n if way == axis[0] else -n for n, way in moves)
    return Item(
        family="navigation",
        question=f"{steps} {ask}",
        content=" ".join(f"{n} {way}" for n, way in moves),
        template=f"navigation/{wording}-{number}",
        answer=yes_no(net == 0),
        solvers=(partial(_in_order, axis, moves), partial(_by_direction, axis, moves)),
    )


def _draw(rng: random.Random, size: int) -> tuple[tuple[str, str], tuple[Move, ...]]:
    axis = rng.choice(AXES)
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


def _in_order(axis: tuple[str, str], moves: tuple[Move, ...], slip: Slip) -> Derivation:
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


def _by_direction(axis: tuple[str, str], moves: tuple[Move, ...], slip: Slip) -> Derivation:
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


NAVIGATION = Family(
    name="navigation",
    description="Say if a walk leads back to the start.",
    skill="balance",
    role="ind",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(3, 4),
    longer=(5, 6),
    generate=_generate,
)

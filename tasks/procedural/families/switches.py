"""Transfer: a row of switches, some of them flipped (parity in another setting)."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import COLOURS, YES_NO, yes_no

SWITCHES = 3

# How a switch's state, a flip and the question are put.
TEMPLATES: dict[Wording, tuple[tuple[str, str, str], ...]] = {
    "held_out": (
        ("The {switch} switch is {state}.", "Flip {switch}.", "Is the {switch} switch on?"),
        ("{switch} is {state}.", "Ann flips {switch}.", "Is {switch} on now?"),
        (
            "Switch {switch} is {state}.",
            "Then switch {switch} is flipped.",
            "Is {switch} on at the end?",
        ),
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    switches = rng.sample(COLOURS, SWITCHES)
    start = {switch: rng.random() < 0.5 for switch in switches}
    flips = tuple(rng.choice(switches) for _ in range(size))
    asked = rng.choice(flips)
    number = rng.randrange(len(TEMPLATES[wording]))
    stated, flip, ask = TEMPLATES[wording][number]
    told = [
        *(stated.format(switch=s, state=_state(on)) for s, on in start.items()),
        *(flip.format(switch=s) for s in flips),
        ask.format(switch=asked),
    ]
    return Item(
        family="switches",
        question=" ".join(told),
        content=f"{_row(start)} | {' '.join(flips)} | {asked}",
        template=f"switches/{wording}-{number}",
        answer=yes_no(start[asked] == (flips.count(asked) % 2 == 0)),
        solvers=(partial(_in_order, start, flips, asked), partial(_count, start, flips, asked)),
    )


def _in_order(start: dict[str, bool], flips: tuple[str, ...], asked: str, slip: Slip) -> Derivation:
    row = dict(start)
    steps = [f"{_row(row)}."]
    for switch in flips:
        row[switch] = slip.truth(not row[switch])
        steps.append(f"{switch}: {_row(row)}.")
    steps.append(f"{asked} is {_state(row[asked])}.")
    return Derivation(" ".join(steps), f"in order: {' '.join(flips)}", yes_no(row[asked]))


def _count(start: dict[str, bool], flips: tuple[str, ...], asked: str, slip: Slip) -> Derivation:
    count = 0
    steps = []
    for switch in flips:
        count = slip.number(count + (switch == asked))
        steps.append(f"{switch}, {count}.")
    even = count % 2 == 0
    on = start[asked] == even
    steps.append(
        f"{count} is {'even' if even else 'odd'}. "
        f"{asked} was {_state(start[asked])}: {asked} is {_state(on)}."
    )
    return Derivation(" ".join(steps), f"count {asked}: {' '.join(flips)}", yes_no(on))


def _state(on: bool) -> str:
    return "on" if on else "off"


def _row(row: dict[str, bool]) -> str:
    return ", ".join(f"{switch} {_state(on)}" for switch, on in row.items())


SWITCHES_FAMILY = Family(
    name="switches",
    description="Say if a switch is on after some flips.",
    skill="parity",
    role="transfer",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(3, 4),
    generate=_generate,
)

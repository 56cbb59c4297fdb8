"""Truth tellers: each person says whether the one before is honest."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import NAMES, YES_NO, yes_no

# How the first person's honesty, a later person's claim and the question are put.
TEMPLATES: dict[Wording, tuple[tuple[str, str, str], ...]] = {
    "seen": (
        ("{name} is {state}.", "{name} says {other} is {state}.", "Is {name} honest?"),
        ("We know {name} is {state}.", "{name} says that {other} is {state}.", "Is {name} honest?"),
        ("{name} is {state}.", "Then {name} says {other} is {state}.", "Can {name} be honest?"),
        ("All know {name} is {state}.", "{name} calls {other} {state}.", "So is {name} honest?"),
    ),
    "mild": (
        ("We know {name} is {state}.", "{name} calls {other} {state}.", "Can {name} be honest?"),
        ("All know {name} is {state}.", "{name} says {other} is {state}.", "So is {name} honest?"),
        ("{name} is {state}.", "Then {name} says {other} is {state}.", "So is {name} honest?"),
    ),
    "held_out": (
        (
            "We know that {name} is {state}.",
            "Then {name} calls {other} {state}.",
            "Is {name} honest now?",
        ),
        (
            "All say {name} is {state}.",
            "{name} then says that {other} is {state}.",
            "Can we say {name} is honest?",
        ),
        ("So {name} is {state}.", "And {name} says {other} is {state}.", "Then is {name} honest?"),
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    names = rng.sample(NAMES, size + 1)
    first = rng.random() < 0.5
    claims = tuple(rng.random() < 0.5 for _ in range(size))
    number = rng.randrange(len(TEMPLATES[wording]))
    opening, claim, ask = TEMPLATES[wording][number]
    told = [
        claim.format(name=name, other=other, state=_state(said))
        for other, name, said in zip(names, names[1:], claims, strict=False)
    ]
    opened = opening.format(name=names[0], state=_state(first))
    stated = " ".join(_state(honest) for honest in (first, *claims))
    return Item(
        family="truth_tellers",
        question=" ".join([opened, *told, ask.format(name=names[-1])]),
        content=f"{' '.join(names)}: {stated}",
        template=f"truth_tellers/{wording}-{number}",
        answer=yes_no(first == (claims.count(False) % 2 == 0)),
        solvers=(
            partial(_in_order, names, first, claims),
            partial(_count_lies, names, first, claims),
        ),
    )


def _in_order(names: list[str], first: bool, claims: tuple[bool, ...], slip: Slip) -> Derivation:
    honest = first
    steps = [f"{names[0]} is {_state(first)}."]
    for other, name, said in zip(names, names[1:], claims, strict=False):
        verdict = slip.truth(said == honest)
        link = "and" if verdict else "but"
        steps.append(
            f"{name} says {_state(said)} {link} {other} is {_state(honest)}: "
            f"{name} is {_state(verdict)}."
        )
        honest = verdict
    path = f"in order: {_said(names, claims)}"
    return Derivation(" ".join(steps), path, yes_no(honest))


def _count_lies(names: list[str], first: bool, claims: tuple[bool, ...], slip: Slip) -> Derivation:
    count = 0
    steps = []
    for name, said in zip(names[1:], claims, strict=True):
        count = slip.number(count + (not said))
        steps.append(f"{name} says {_state(said)}, {count}.")
    even = count % 2 == 0
    honest = first == even
    parity, link = ("even", "as") if even else ("odd", "not as")
    steps.append(
        f"{count} is {parity}: {names[-1]} is {link} {names[0]}. "
        f"{names[0]} is {_state(first)}: {names[-1]} is {_state(honest)}."
    )
    path = f"count lies: {_said(names, claims)}"
    return Derivation(" ".join(steps), path, yes_no(honest))


def _state(honest: bool) -> str:
    return "honest" if honest else "lying"


def _said(names: list[str], claims: tuple[bool, ...]) -> str:
    return ", ".join(f"{name} {_state(said)}" for name, said in zip(names[1:], claims, strict=True))


TRUTH_TELLERS = Family(
    name="truth_tellers",
    description="Say if the last person is honest.",
    skill="parity",
    role="ind",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(2, 3),
    generate=_generate,
)

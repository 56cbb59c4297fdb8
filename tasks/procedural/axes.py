"""The in-domain axis and the four out-of-domain axes with their grades: which families, sizes,
wordings and hints.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal, get_args

from tasks.errors import UserError
from tasks.procedural.catalogue import IND_FAMILIES
from tasks.procedural.family import Family, Wording
from tasks.procedural.transfer_families import FAR_FAMILIES, NEAR_FAMILIES, NEAREST_FAMILIES

# Behind the colon stands the grade of an axis, a set of questions of its own.
AxisName = Literal[
    "ind",
    "longer",
    "longer:+1",
    "longer:+2",
    "longer:+3",
    "longer:+4",
    "reworded",
    "reworded:mild",
    "transfer",
    "transfer:near",
    "transfer:nearest",
    "decued",
]
AXIS_NAMES: tuple[AxisName, ...] = get_args(AxisName)

# Opening phrases that say nothing about the question, one for each answer of a closed set. (The cue
# is another thing: the text before an answer.)
HINTS = {
    "Yes": "Here is a puzzle.",
    "No": "Here is a riddle.",
    "(A)": "Think about it.",
    "(B)": "Look at this.",
    "(C)": "Try this one.",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """How test questions of an axis differ from training questions.

    `questions` names the stream of questions: axes of one stream ask the same questions, so that
    the decued test differs from the in-domain test in its hints alone. `beyond` says how many steps
    longer questions are than the longest in training; () takes the lengths of training.
    `keeps_hint`: the hint agrees with the answer as strongly as in training; elsewhere it is
    independent of the answer.
    """

    name: AxisName
    families: tuple[Family, ...]
    wording: Wording
    questions: str
    beyond: tuple[int, ...] = ()
    keeps_hint: bool = False

    def sizes(self, family: Family) -> tuple[int, ...]:
        """Numbers of steps of this axis's questions."""
        return tuple(max(family.sizes) + steps for steps in self.beyond) or family.sizes


_CLOSED = tuple(family for family in IND_FAMILIES if family.answers)

AXES: dict[AxisName, Axis] = {
    axis.name: axis
    for axis in (
        Axis("ind", IND_FAMILIES, "seen", "ind", keeps_hint=True),
        Axis("longer", IND_FAMILIES, "seen", "longer", beyond=(1, 2)),
        Axis("longer:+1", IND_FAMILIES, "seen", "longer:+1", beyond=(1,)),
        Axis("longer:+2", IND_FAMILIES, "seen", "longer:+2", beyond=(2,)),
        Axis("longer:+3", IND_FAMILIES, "seen", "longer:+3", beyond=(3,)),
        Axis("longer:+4", IND_FAMILIES, "seen", "longer:+4", beyond=(4,)),
        Axis("reworded", IND_FAMILIES, "held_out", "reworded"),
        Axis("reworded:mild", IND_FAMILIES, "mild", "reworded:mild"),
        Axis("transfer", FAR_FAMILIES, "held_out", "transfer"),
        Axis("transfer:near", NEAR_FAMILIES, "held_out", "transfer:near"),
        Axis("transfer:nearest", NEAREST_FAMILIES, "seen", "transfer:nearest"),
        Axis("decued", _CLOSED, "seen", "ind"),
    )
}


def axis_named(name: str) -> Axis:
    """The axis of that name; UserError where there is none."""
    for axis in AXES.values():
        if axis.name == name:
            return axis
    raise UserError(f"no test axis {name!r}; there are: {', '.join(AXES)}")


def with_hint(question: str, answer: str, family: Family, rho: float, rng: random.Random) -> str:
    """The question behind an opening phrase that agrees with the answer with strength rho in [0,
    1].

    With probability rho the phrase is the answer's own, otherwise any of the family's phrases with
    equal chance: they agree in a share rho + (1 - rho) / k of k answers. Families without a closed
    answer set carry no phrase.
    """
    if not family.answers:
        return question
    agrees = rng.random() < rho
    drawn = rng.choice(family.answers)
    return f"{HINTS[answer if agrees else drawn]} {question}"

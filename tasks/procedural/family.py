"""What a generator family is: how it draws an item, and in how many ways the item can be solved."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tasks.problem import AnswerType
from tasks.procedural.slip import Slip

# "mild" puts parts of seen wordings together in a way that none of them has.
Wording = Literal["seen", "mild", "held_out"]
FamilyRole = Literal["ind", "transfer"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One way to an answer: its text, its canonical path (strategy, then the operations taken)."""

    rationale: str
    path: str
    answer: str


Solver = Callable[[Slip], Derivation]


@dataclass(frozen=True, slots=True)
class Item:
    """One generated question.

    `content` says what is asked, whatever the wording, the option order and the hint; it decides
    which items are reserved for tests. `template` names the wording. Each solver derives the
    answer along another path.
    """

    family: str
    question: str
    content: str
    template: str
    answer: str
    solvers: tuple[Solver, ...]
    options: tuple[str, ...] = ()

    def derivations(self) -> tuple[Derivation, ...]:
        """All faultless derivations of the answer, one a solution path."""
        return tuple(solver(Slip()) for solver in self.solvers)


@dataclass(frozen=True, slots=True)
class Family:
    """A generator of questions of one kind.

    `skill` is what a transfer family shares with a trained one. `answers` is the closed answer set
    ("" of a number or a word list has none). `sizes` are the numbers of steps seen in training.
    """

    name: str
    description: str
    skill: str
    role: FamilyRole
    answer_type: AnswerType
    answers: tuple[str, ...]
    sizes: tuple[int, ...]
    generate: Callable[[random.Random, int, Wording], Item]

"""Boolean expressions: clauses of two truth values, joined by one word throughout."""

from __future__ import annotations

import random
from functools import partial
from typing import NamedTuple

from tasks.procedural.family import Derivation, Family, Item, Solver, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import YES_NO, yes_no


class Literal(NamedTuple):
    """A truth value, possibly negated."""

    negated: bool
    stated: bool

    @property
    def value(self) -> bool:
        """What it comes to."""
        return self.negated != self.stated

    def __str__(self) -> str:
        return f"not {self.stated}" if self.negated else str(self.stated)


class Clause(NamedTuple):
    """Two literals joined by `and` or `or`."""

    left: Literal
    joint: str
    right: Literal

    def __str__(self) -> str:
        return f"( {self.left} {self.joint} {self.right} )"


TEMPLATES: dict[Wording, tuple[str, ...]] = {
    "seen": (
        "Is {expression} True?",
        "Does {expression} come to True?",
        "Look at {expression}. Is it True?",
        "Work out {expression}. Do you get True?",
    ),
    "mild": (
        "Look at {expression}. Do you get True?",
        "Work out {expression}. Is it True?",
        "Look at {expression}. Does it come to True?",
    ),
    "held_out": (
        "You get {expression}. Is this True?",
        "True or not: what is {expression}? Is it True?",
        "{expression}: does it come out True?",
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    joint, clauses = _draw(rng, size)
    expression = f" {joint} ".join(map(str, clauses))
    number = rng.randrange(len(TEMPLATES[wording]))
    values = [_combine(c.left.value, c.joint, c.right.value) for c in clauses]
    deciding = joint == "or"
    solvers: list[Solver] = [
        partial(_clause_by_clause, joint, clauses),
        partial(_clause_by_clause, joint, clauses[::-1]),
    ]
    if deciding in values[:-1]:
        solvers.append(partial(_until_decided, joint, clauses))
    return Item(
        family="boolean_expressions",
        question=TEMPLATES[wording][number].format(expression=expression),
        content=expression,
        template=f"boolean_expressions/{wording}-{number}",
        answer=yes_no(any(values) if joint == "or" else all(values)),
        solvers=tuple(solvers),
    )


def _draw(rng: random.Random, size: int) -> tuple[str, tuple[Clause, ...]]:
    """A random expression that is true half of the time, whichever word joins its clauses.

    It does not read the same from right to left, so the two orders are two derivations.
    """
    joint = rng.choice(("and", "or"))
    wanted = rng.random() < 0.5
    while True:
        clauses = tuple(
            Clause(_literal(rng), rng.choice(("and", "or")), _literal(rng)) for _ in range(size)
        )
        values = [_combine(c.left.value, c.joint, c.right.value) for c in clauses]
        value = any(values) if joint == "or" else all(values)
        if value == wanted and clauses != clauses[::-1]:
            return joint, clauses


def _literal(rng: random.Random) -> Literal:
    return Literal(rng.random() < 0.5, rng.random() < 0.5)


def _combine(left: bool, joint: str, right: bool) -> bool:
    return (left or right) if joint == "or" else (left and right)


def _clause_by_clause(joint: str, clauses: tuple[Clause, ...], slip: Slip) -> Derivation:
    values, steps = [], []
    for clause in clauses:
        value, step = _evaluate(clause, slip)
        values.append(value)
        steps.append(step)
    return _join(joint, clauses, values, steps, slip)


def _until_decided(joint: str, clauses: tuple[Clause, ...], slip: Slip) -> Derivation:
    """Stops at the first clause that decides; if a slip hides that one, all clauses are joined."""
    deciding = joint == "or"
    values, steps = [], []
    for number, clause in enumerate(clauses, start=1):
        value, step = _evaluate(clause, slip)
        values.append(value)
        steps.append(step)
        if value == deciding:
            steps.append(f"{value} {joint} any is {value}.")
            path = _path("until decided", clauses[:number])
            return Derivation(" ".join(steps), path, yes_no(value))
    return _join(joint, clauses, values, steps, slip)


def _join(
    joint: str, clauses: tuple[Clause, ...], values: list[bool], steps: list[str], slip: Slip
) -> Derivation:
    result = values[0]
    for value in values[1:]:
        combined = slip.truth(_combine(result, joint, value))
        steps.append(f"{result} {joint} {value} is {combined}.")
        result = combined
    return Derivation(" ".join(steps), _path("clause by clause", clauses), yes_no(result))


def _evaluate(clause: Clause, slip: Slip) -> tuple[bool, str]:
    left, right = clause.left.value, clause.right.value
    value = slip.truth(_combine(left, clause.joint, right))
    return value, f"{clause}: {left} {clause.joint} {right} is {value}."


def _path(strategy: str, clauses: tuple[Clause, ...]) -> str:
    return f"{strategy}: {' '.join(map(str, clauses))}"


BOOLEAN_EXPRESSIONS = Family(
    name="boolean_expressions",
    description="Say if an expression is True.",
    skill="truth values",
    role="ind",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(2, 3),
    generate=_generate,
)

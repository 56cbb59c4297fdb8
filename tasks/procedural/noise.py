"""Teacher noise: rationales made wrong on purpose."""

from __future__ import annotations

import random

from tasks.procedural.family import Derivation, Solver
from tasks.procedural.slip import Slip


def teach(solver: Solver, rng: random.Random, noise: float) -> tuple[Derivation, bool]:
    """What a teacher writes who slips on one step with probability `noise`, and whether it slipped.

    The error is carried on, so the answer is mostly, not always, wrong.
    """
    if rng.random() >= noise:
        return solver(Slip()), False
    counting = Slip()
    solver(counting)
    return solver(Slip(rng.randrange(counting.steps), rng)), True


def go_wrong(solver: Solver, rng: random.Random, answer: str) -> Derivation | None:
    """A derivation with one wrong step that leads to another answer; None where no step does."""
    counting = Slip()
    solver(counting)
    for step in rng.sample(range(counting.steps), counting.steps):
        derivation = solver(Slip(step, rng))
        if derivation.answer != answer:
            return derivation
    return None

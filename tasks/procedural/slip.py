"""A slip: the one step of a derivation that a noisy teacher gets wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Slip:
    """Passes every computed value through, but for the step numbered `at` (from 0; None: no step).

    A derivation hands each value it computes to its slip, with the values a careless teacher might
    write instead, and goes on with what it gets back, so an error is carried on.
    """

    def __init__(self, at: int | None = None, rng: random.Random | None = None) -> None:
        self.steps = 0
        self._at = at
        self._rng = rng

    def __call__(self, right: T, alternatives: Sequence[T]) -> T:
        """The value the derivation goes on with."""
        slips = self.steps == self._at
        self.steps += 1
        if not slips or self._rng is None:
            return right
        return self._rng.choice([value for value in alternatives if value != right])

    def number(self, right: int) -> int:
        """A whole number, mistaken by one or two; never below zero unless it was."""
        floor = min(right, 0)
        return self(right, [n for n in range(right - 2, right + 3) if n >= floor])

    def truth(self, right: bool) -> bool:
        """A truth value, mistaken for the other one."""
        return self(right, [not right])

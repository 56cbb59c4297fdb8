"""Steps executed again by the first verifier that knows the kind of question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasks.quality.verifiers import (
    arithmetic,
    boolean_expressions,
    brackets,
    dates,
    generated,
    logical_deduction,
    navigation,
    shuffled_objects,
    word_sorting,
)
from tasks.quality.wrong_step import CannotSay, WrongStep

Verifier = Callable[[str, Sequence[str]], WrongStep | None]

VERIFIERS: dict[str, Verifier] = {
    "generated": generated.verify,
    "arithmetic": arithmetic.verify,
    "shuffled objects": shuffled_objects.verify,
    "word sorting": word_sorting.verify,
    "brackets": brackets.verify,
    "boolean expressions": boolean_expressions.verify,
    "navigation": navigation.verify,
    "logical deduction": logical_deduction.verify,
    "dates": dates.verify,
}


def verified(question: str, steps: Sequence[str]) -> tuple[str, WrongStep | None] | None:
    """The verifier that could execute these steps and the first wrong one; None without any."""
    for name, verify in VERIFIERS.items():
        try:
            return name, verify(question, steps)
        except CannotSay:
            continue
    return None

"""Executes a rationale again: is every step right, and which solution path does it take?

The checker shares no code with the generators: it reads the facts from the question's text and the
steps from the rationale's, and recomputes each step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasks.errors import UserError
from tasks.procedural.checks import (
    balance,
    boolean_expressions,
    calendar,
    object_counting,
    running_number,
    swaps,
    switches,
    truth_tellers,
    word_sorting,
)
from tasks.procedural.checks.reading import Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rationale holds; if not, its first wrong step and what is wrong with it.

    `step` counts sentences from 1; it is 0 where the rationale is of no known form, and where it
    holds.
    """

    valid: bool
    step: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a family's check offers: the path of a rationale, and the answer it rightly derives."""

    path: Callable[[str], str]
    answer: Callable[[str, str], str]


_BALANCE = Check(balance.path, balance.check)
_RUNNING_NUMBER = Check(running_number.path, running_number.check)
_SWAPS = Check(swaps.path, swaps.check)

CHECKS = {
    "apples": _RUNNING_NUMBER,
    "arithmetic": _RUNNING_NUMBER,
    "boolean_expressions": Check(boolean_expressions.path, boolean_expressions.check),
    "calendar": Check(calendar.path, calendar.check),
    "hats": _SWAPS,
    "houses": _SWAPS,
    "larger_numbers": _RUNNING_NUMBER,
    "lift": _RUNNING_NUMBER,
    "navigation": _BALANCE,
    "object_counting": Check(object_counting.path, object_counting.check),
    "purse": _RUNNING_NUMBER,
    "shuffled_objects": _SWAPS,
    "swapped_words": _SWAPS,
    "switches": Check(switches.path, switches.check),
    "truth_tellers": Check(truth_tellers.path, truth_tellers.check),
    "upright_walks": _BALANCE,
    "ups_and_downs": _BALANCE,
    "word_sorting": Check(word_sorting.path, word_sorting.check),
}


def check_rationale(family: str, question: str, rationale: str, answer: str) -> Verdict:
    """Whether every step of the rationale is right and leads to the answer."""
    try:
        derived = _check_of(family).answer(question, rationale.strip())
    except Fault as fault:
        return Verdict(False, fault.step, fault.what)
    if derived != answer.strip():
        return Verdict(
            False, 0, f"the rationale leads to {derived}, the answer is {answer.strip()}"
        )
    return Verdict(True)


def solution_path(family: str, rationale: str) -> str:
    """The canonical path of a rationale: its strategy and operations, right or wrong.

    "" where the rationale is of no known form. Computed values do not matter: a rationale with a
    wrong result takes the same path as the one without.
    """
    return _check_of(family).path(rationale.strip())


def _check_of(family: str) -> Check:
    if family not in CHECKS:
        raise UserError(f"no generator family {family!r}; there are: {', '.join(CHECKS)}")
    return CHECKS[family]

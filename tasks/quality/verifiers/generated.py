"""Rationales as the embedded suite writes them, by the checks that come with its families."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.procedural.checker import CHECKS, Check
from tasks.procedural.checks.reading import Fault
from tasks.quality.wrong_step import CannotSay, ErrorKind, WrongStep

_KINDS: dict[str, ErrorKind] = {
    "boolean_expressions": "wrong rule",
    "hats": "lost object",
    "shuffled_objects": "lost object",
    "switches": "lost object",
    "truth_tellers": "wrong rule",
    "word_sorting": "wrong rule",
}


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first wrong step; CannotSay where the steps follow no strategy of a family."""
    rationale = " ".join(steps)
    family, check = _check_of(rationale)
    try:
        check.answer(question, rationale)
    except Fault as fault:
        kind = _KINDS.get(family, "arithmetic slip")
        if "missing" in fault.what:
            kind = "stopped early"
        return WrongStep(min(max(fault.step, 1), len(steps)) - 1, kind, fault.what)
    except (IndexError, KeyError, StopIteration, ValueError):
        raise CannotSay("the question is none of the embedded suite's") from None
    return None


def _check_of(rationale: str) -> tuple[str, Check]:
    for family, check in CHECKS.items():
        if check.path(rationale):
            return family, check
    raise CannotSay("no known strategy")

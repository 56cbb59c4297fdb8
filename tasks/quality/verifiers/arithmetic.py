"""Multi-step arithmetic: an expression is asked for, steps name its parts and reduce them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tasks.quality.expressions import evaluate
from tasks.quality.wrong_step import CannotSay, WrongStep

_ASKED = re.compile(r"[-+*/×÷^()\d.\s]*\d[-+*/×÷^()\d.\s]*")
_FORMULA = re.compile(r"""["'“]([^"'”]*[A-Z][^"'”]*)["'”]""")
_NAMED = re.compile(r"\b([A-Z]) = ([-+*/×÷^()\d.\s]+?)(?=[.,;]?(?:\s+and\b|\s*$|,|\.\s|\s+Let|;))")
_PART = r"[-+*/×÷^()\[\]\dA-Z.\s]*[\dA-Z)\]]"
_EQUALITIES = re.compile(rf"{_PART}(?:\s*=\s*{_PART})+")
_ANSWER = re.compile(r"answer is:?\s*(-?[\d.,]*\d)")


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step with an equality that does not hold, or that leaves the question's value."""
    asked = _asked(question)
    names: dict[str, Fraction] = {}
    read_any = False
    for number, step in enumerate(steps):
        formula = _FORMULA.search(step)
        if formula and not names:
            names = _named(step)
            stated = evaluate(formula[1], names)
            read_any = read_any or stated is not None
            if stated is not None and stated != asked:
                return WrongStep(number, "wrong rule", f"{formula[1]} is not the question's value")
            continue
        for chain in _EQUALITIES.findall(step):
            read_any = True
            if wrong := _unequal(chain, names):
                return WrongStep(number, "arithmetic slip", wrong)
        if (found := _ANSWER.search(step)) and evaluate(found[1]) not in (None, asked):
            return WrongStep(
                number, "against its own conclusion", f"the answer is {asked}, not {found[1]}"
            )
    if not read_any:
        raise CannotSay("no step calculates")
    return None


def _asked(question: str) -> Fraction:
    text = re.sub(r"=\s*\??$", "", question.strip()).strip()
    value = evaluate(text) if _ASKED.fullmatch(text) else None
    if value is None or not re.search(r"\d[\s)]*[-+*/×÷]", text):
        raise CannotSay("the question is no expression")
    return value


def _named(step: str) -> dict[str, Fraction]:
    values = ((name, evaluate(text)) for name, text in _NAMED.findall(step))
    return {name: value for name, value in values if value is not None}


def _unequal(chain: str, names: Mapping[str, Fraction]) -> str:
    """What is wrong with a chain of equalities; "" where its readable sides are all equal."""
    parts = [part.strip() for part in chain.split("=")]
    values = [(part, value) for part in parts if (value := evaluate(part, names)) is not None]
    for (left, first), (right, second) in pairwise(values):
        if first != second:
            return f"{left} is {first}, not {right}"
    return ""

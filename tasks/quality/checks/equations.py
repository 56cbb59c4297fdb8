"""Every equation of numbers recomputed, units and currencies set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tasks.quality.chain import Chain, Finding
from tasks.quality.expressions import evaluate
from tasks.quality.wrong_step import WrongStep

_NUMBER = r"\(*-?(?:\d+(?:\.\d+)?|\.\d+)\)*"
_SIDE = rf"{_NUMBER}(?:\s*[-+*/×÷–−]\s*{_NUMBER})*"
_CHAIN = re.compile(
    rf"(?<![\w.^/%(+*×÷=–−])(?<![-+*/×÷–−=x\d)] ){_SIDE}(?:\s*=\s*{_SIDE})+(?!\.?\d|\s*[%^/*×÷]|\w)"
)
_SIGN = re.compile(r"[\d)]\s*[-+*/×÷–−]")
# "5 red apples + 3 apples = 8": what stands between a number and a sign is its unit. A rate before
# "=" is multiplied by something unknown: "$17 + $7 per hour = 80".
_UNIT = re.compile(r"(?<=\d)\s+(?!per\s\w+\s=)(?:[A-Za-z]+\s+){1,3}(?=[-+*/×÷=]\s)")
_TIMES = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=\$?\(*\$?\d)")
_MIXED = re.compile(r"(?<![\d./])(\d+) (\d{1,2}/\d{1,2})(?![\d/])")
_PERCENT_OF = re.compile(r"(?<=\d)\s*%\s*of\s+(?=\d)")
# "25 pupils + his 1 teacher + 1 = 27": a side does not begin behind its unread part.
_GOES_ON = re.compile(r"[-+*/×÷]\s*(?:[A-Za-z]+\s+){1,3}$")
_NEAR = 40
_FINEST = 9  # decimals; what calculators write behind is their own rounding
_DATE = re.compile(r"(?<![\d/-])(?:\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?![\d/-])")
_NOISE = re.compile(r"[$€£`]|<<[^<>]*>>|\\[()\[\]]")


@dataclass(frozen=True, slots=True)
class Equality:
    """Two neighbouring sides of an equation, as read."""

    left: str
    right: str

    @property
    def holds(self) -> bool:
        """Whether both have one value, as far as the right side's decimals tell."""
        first, second = evaluate(self.left), evaluate(self.right)
        if first is None or second is None:
            return True
        if first == second:
            return True
        decimals = re.search(r"\.(\d+)", self.right)
        unit = Fraction(1, 10 ** min(len(decimals[1]), _FINEST)) if decimals else None
        return unit is not None and abs(first - second) < unit  # rounded or cut off


def check(chain: Chain) -> Finding | None:
    """The first equality that does not hold."""
    for number, step in enumerate(chain.steps):
        for equality in equalities(step):
            if not equality.holds:
                value = evaluate(equality.left)
                reason = f"{equality.left} is {_shown(value)}, not {equality.right}"
                return Finding(reason, WrongStep(number, "arithmetic slip", reason))
    return None


def equalities(step: str) -> Iterator[Equality]:
    """Every pair of neighbouring sides in a step, in order."""
    if "remainder" in step:
        return
    text = _NOISE.sub("", re.sub(r"(?<=\d),(?=\d{3}\b)", "", _DATE.sub("that day", step)))
    text = _PERCENT_OF.sub(" / 100 * ", _TIMES.sub(" * ", text))
    text = _UNIT.sub(" ", _MIXED.sub(r"(\1+\2)", text))
    for found in _CHAIN.finditer(text):
        if _GOES_ON.search(text, max(0, found.start() - _NEAR), found.start()):
            continue
        for left, right in pairwise(side.strip() for side in found[0].split("=")):
            if _SIGN.search(left):  # "6 hot dogs = 6 * 50 cents" equates no numbers
                yield Equality(left, right)


def _shown(value: Fraction | None) -> str:
    return f"{float(value):g}" if value is not None else "?"

"""Numbers, names and options that the question does not have."""

from __future__ import annotations

import re
from fractions import Fraction

from tasks.quality.chain import Chain, Finding
from tasks.quality.checks.equations import equalities
from tasks.quality.expressions import evaluate
from tasks.scoring.option_list import option_label, split_options

_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
_WORDS = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10,
    eleven=11, twelve=12, thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17,
    eighteen=18, nineteen=19, twenty=20, half=2, twice=2, double=2, third=3, triple=3, quarter=4,
    dozen=12,
)  # fmt: skip
# Days, hours, months, cents and halves are known without being told.
_KNOWN = {0, 1, 2, 3, 4, 7, 10, 12, 24, 30, 31, 52, 60, 100, 365, 1000}


def check_numbers(chain: Chain) -> Finding | None:
    """An equation uses a number that neither the question nor an earlier step has."""
    told = _numbers(chain.question)
    if chain.answer_type != "number" or not told:
        return None
    known = told | {Fraction(number) for number in _KNOWN}
    for step in chain.steps:
        for equality in equalities(step):
            for numeral in _NUMERAL.findall(equality.left):
                if Fraction(numeral) not in known:
                    return Finding(f"{numeral} stands neither in the question nor in a step before")
            known |= _numbers(equality.left) | _numbers(equality.right)
            value = evaluate(equality.right)
            known |= {value} if value is not None else set()
        known |= _numbers(step)
    return None


def check_names(chain: Chain) -> Finding | None:
    """A name in a word problem that its question does not have."""
    if chain.answer_type != "number":
        return None
    asked = chain.question.lower()
    for name in _NAME.findall(chain.text):
        if name.lower().removesuffix("s") not in asked:
            return Finding(f"the question has no {name}")
    return None


def check_options(chain: Chain) -> Finding | None:
    """A lettered option that is not offered."""
    count = len(chain.options) or len(split_options(chain.question)[1])
    if chain.answer_type != "choice" or not count:
        return None
    offered = {option_label(place) for place in range(count)}
    for label in re.findall(r"\([A-Z]\)", chain.text):
        if label not in offered:
            return Finding(f"the question has no option {label}")
    return None


def _numbers(text: str) -> set[Fraction]:
    digits = {Fraction(found) for found in _NUMERAL.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text))}
    words = re.findall(r"[a-z]+", text.lower())
    return digits | {Fraction(_WORDS[word]) for word in words if word in _WORDS}

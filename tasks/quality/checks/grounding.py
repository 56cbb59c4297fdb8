"""Numbers, names and options that the question does not have."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from fractions import Fraction

from tasks.quality.chain import Chain, Finding
from tasks.quality.checks.equations import equalities
from tasks.quality.expressions import evaluate
from tasks.scoring.option_list import option_label, split_options

# Longer ones are a text that ran on, no quantities.
_NUMERAL = re.compile(r"(?<!\d)\d{1,30}(?:\.\d{1,30})?(?!\d)")
# Behind such a word no sentence begins, even where full stops are missing: it is a name.
_NAME = re.compile(
    r"\b(?:and|or|of|for|to|from|than|with|by|give|gives|gave|named)\s+([A-Z][a-z]{2,})\b"
)
_CALENDAR = {name.lower() for names in (day_name, month_name) for name in names if name}
_WORDS = {
    word: number
    for number, words in enumerate(
        [
            *("zero", "one", "two half twice double", "three third triple", "four quarter"),
            *("five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve dozen"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
            "twenty",
        ]
    )
    for word in words.split()
}
# Days, hours, months, cents and halves are known without being told.
_KNOWN = {0, 1, 2, 3, 4, 7, 10, 12, 24, 30, 31, 52, 60, 100, 365, 1000}


def check_numbers(chain: Chain) -> Finding | None:
    """An equation uses a number that neither the question nor an earlier step has."""
    told = numbers_in(chain.question)
    if chain.answer_type != "number" or not told:
        return None
    known = told | {Fraction(number) for number in _KNOWN}
    for step in chain.steps:
        for equality in equalities(step):
            for numeral in _NUMERAL.findall(equality.left):
                if Fraction(numeral) not in known:
                    return Finding(f"{numeral} stands neither in the question nor in a step before")
            known |= numbers_in(equality.left) | numbers_in(equality.right)
            value = evaluate(equality.right)
            known |= {value} if value is not None else set()
        known |= numbers_in(step)
    return None


def check_names(chain: Chain) -> Finding | None:
    """A name in a word problem that its question does not have."""
    if chain.answer_type != "number":
        return None
    asked = chain.question.lower()
    for name in _NAME.findall(chain.text):
        if name.lower() not in _CALENDAR and name.lower().removesuffix("s") not in asked:
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


def numbers_in(text: str) -> set[Fraction]:
    """The numbers of a text, in digits or in words."""
    digits = {Fraction(found) for found in _NUMERAL.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text))}
    words = re.findall(r"[a-z]+", text.lower())
    return digits | {Fraction(_WORDS[word]) for word in words if word in _WORDS}

"""Numbers as people write them, in one normal form: "-$1,250.50." and "twenty-one apples"."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from tasks.scoring.answer_text import affirmed

_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+])?\s?[$€£¥]?\s?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
)
_BARE_NUMBER = re.compile(rf"{_NUMBER.pattern}(?:\s?[%°])?(?:\s[A-Za-z°²³/]+){{0,2}}")
_DIGITS = r"\d{1,100}"
_RATIO = re.compile(
    rf"(?P<sign>[-+])?\s?(?:(?P<whole>{_DIGITS})\s)?(?P<over>{_DIGITS})\s?/\s?(?!0+\b)(?P<under>{_DIGITS})"
)
_BARE_RATIO = re.compile(rf"{_RATIO.pattern}(?:\s[A-Za-z]+){{0,2}}")
_MINUS = re.compile(r"\b(?:minus|negative)\s+(?=[\d$€£¥.])", re.IGNORECASE)
_NEGATED = re.compile(r"not\b", re.IGNORECASE)
_ASIDE = re.compile(r"(?<=\S)\s+\([^()]*\)")

# fmt: off
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# fmt: on
_SPELLED = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * tens for tens, word in enumerate(_TENS, start=2)
}
_NUMBER_WORD = re.compile(
    rf"(?:(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<unit>{'|'.join(_ONES[1:10])}))?"
    rf"|(?P<one>{'|'.join(reversed(_ONES))}))\b",
    re.IGNORECASE,
)


def read_number(text: str) -> str | None:
    """The one number that a text states, None where it states none or several.

    Of an equation the side counts that is one number, the last first ("5 + 9 = 14"); what stands
    in brackets behind a number is an aside. Units, currency and per cent signs are dropped.
    """
    text = affirmed(text)
    if _NEGATED.match(text):
        return None
    sides = _ASIDE.sub("", _MINUS.sub("-", text)).split("=")
    for side in (sides[-1], sides[0]):
        values = {_normal(found) for found in _NUMBER.finditer(side)}
        if len(values) == 1:
            return values.pop()
        if not values and (spelled := _NUMBER_WORD.match(side.strip())):
            return _spelled(spelled)
    return None


def read_bare_number(text: str) -> str | None:
    """The number of a text that is a number in words, or in digits with a unit of up to two
    words.
    """
    text = _MINUS.sub("-", text)
    if found := _BARE_NUMBER.fullmatch(text):
        return _normal(found)
    if spelled := _NUMBER_WORD.fullmatch(text):
        return _spelled(spelled)
    return None


def read_fraction(text: str) -> str | None:
    """The one number that a text states, in lowest terms ("3/4", "2"): a fraction, or as
    `read_number`.

    Exact: 0.75 is 3/4, and 0.33 is not 1/3.
    """
    text = affirmed(text)
    if _NEGATED.match(text):
        return None
    sides = _ASIDE.sub("", _MINUS.sub("-", text)).split("=")
    for side in (sides[-1], sides[0]):
        if ratio := _BARE_RATIO.fullmatch(side.strip(" .,;")):
            return _lowest_terms(ratio)
    return _as_fraction(read_number(text))


def read_bare_fraction(text: str) -> str | None:
    """The fraction or number of a text that is nothing else but its unit of up to two words."""
    if ratio := _BARE_RATIO.fullmatch(_MINUS.sub("-", text)):
        return _lowest_terms(ratio)
    return _as_fraction(read_bare_number(text))


def is_fraction(text: str) -> bool:
    """Whether a text is one fraction, or a whole number with one, and nothing else: "3/4", "1
    1/2".
    """
    return _RATIO.fullmatch(text) is not None


def is_numeral(text: str) -> bool:
    """Whether a text is one number in digits and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def _as_fraction(number: str | None) -> str | None:
    # Python refuses to turn some thousands of digits into a number; no fraction has so many.
    return number if number is None or len(number) > 200 else str(Fraction(number))


def _lowest_terms(ratio: re.Match[str]) -> str:
    value = int(ratio["whole"] or 0) + Fraction(int(ratio["over"]), int(ratio["under"]))
    return str(-value if ratio["sign"] == "-" else value)


def _normal(found: re.Match[str]) -> str:
    value = Decimal(found["digits"].replace(",", ""))
    # Not value % 1: that fails on numbers of more digits than the context's precision.
    whole = value.to_integral_value()
    shortest = f"{value:f}".rstrip("0").rstrip(".") if value != whole else f"{whole:f}"
    return f"-{shortest}" if found["sign"] == "-" and value else shortest


def _spelled(found: re.Match[str]) -> str:
    words = (found["tens"], found["unit"], found["one"])
    return str(sum(_SPELLED[word.lower()] for word in words if word))

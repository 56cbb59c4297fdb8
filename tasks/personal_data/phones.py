"""Telephone numbers: international, North American, national with a leading 0, or named as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.personal_data.finding import Finding, digits_of
from tasks.personal_data.sums import is_reckoned_with

# What may stand between two digits of one number.
_GAP = r"(?:[ ./-]| ?\(|\)[ -]?)?"
# No further group, and no letter but of an extension; one of a script without spaces is no `\w`.
_END = r"(?![./-]?\d)(?!(?!x ?\d|ext)\w)"
_NAMED = re.compile(
    r"(?:\b(?:(?:tele)?phone|tel|telefon|téléphone|teléfono|telefono|mobile|mobil|cell|handy|fax"
    r"|rufnummer)\b|電話)"
    r"(?:[ .:=#]|\b(?:numbers?|no|nr|nummer|is|at|on|ist|lautet|unter)\b|番号|は)*"
    rf"(\(?\+?\d(?:{_GAP}\d){{5,14}}){_END}",
    re.IGNORECASE | re.ASCII,
)
# E.164: a country's code is 1, 7 or of two and three digits, and there are 15 digits at most.
_PLUS = re.compile(rf"(?<![\w+.,)])\+[1-9](?:{_GAP}\d){{7,14}}{_END}", re.ASCII)
_ZEROS = re.compile(
    rf"(?<![\w+.,)])(?<!\d[ -])00(?:[17]|[2-689]\d)(?:{_GAP}\d){{6,13}}{_END}", re.ASCII
)
# Area codes and exchanges begin with 2 to 9.
_NORTH_AMERICAN = re.compile(
    r"(?<![\w.,+-])(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d([ .-]))[2-9]\d\d[ .-]\d{4}(?!,\d)"
    + _END,
    re.ASCII,
)
_NATIONAL = re.compile(
    r"(?<![\w.,:/+-])(?<!\d[ -])\(?0[1-9]\d{0,3}(?:\) ?|[ /-]| / )\d{2,8}(?:[ -]\d{2,8}){0,4}"
    r"(?![,:]\d)" + _END,
    re.ASCII,
)
_FEWEST_NATIONAL, _MOST_NATIONAL = 9, 12
_DAY_MONTH_YEAR = re.compile(r"\d\d\D+\d\d\D+(?:19|20)\d\d\b")
# What else is numbered in groups of digits.
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:order|invoice|ticket|serial|part|batch|lot|account|item|article|product|case|isbn|issn"
    r"|ref|reference|code|id|sku|bestell\w*|rechnung\w*|artikel\w*|auftrag\w*|charge|serien\w*)s?"
    r"(?:[ .:#-]|\b(?:numbers?|no|nr|nummer|is|ist|code|id)\b)*"
    r"|(?<![A-Z])\bNo[.:]? ?|\bNr[.:]? ?|#)[A-Z]{0,4}-?$",
    re.IGNORECASE,
)
_NEAR = 32


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers; not what is reckoned with, a date, or the number of an order."""
    for match in _NAMED.finditer(text):
        yield Finding("phone", *match.span(1), _value(match[1]))
    for pattern, may_be in _FORMS:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if may_be(match[0], before) and not is_reckoned_with(text, *match.span()):
                yield Finding("phone", *match.span(), _value(match[0]))


def _may_be_plus(number: str, before: str) -> bool:
    """Not the second number of a sum."""
    return _is_in_groups(number) or not before.rstrip()[-1:].isdigit()


def _may_be_zeros(number: str, before: str) -> bool:
    return _is_in_groups(number) and not _OTHER_NUMBER.search(before)


def _may_be_north_american(number: str, before: str) -> bool:
    return not _OTHER_NUMBER.search(before)


def _may_be_national(number: str, before: str) -> bool:
    enough = _FEWEST_NATIONAL <= len(digits_of(number)) <= _MOST_NATIONAL
    is_date = _DAY_MONTH_YEAR.match(number)
    return enough and not is_date and not _OTHER_NUMBER.search(before)


_FORMS = (
    (_PLUS, _may_be_plus),
    (_ZEROS, _may_be_zeros),
    (_NORTH_AMERICAN, _may_be_north_american),
    (_NATIONAL, _may_be_national),
)


def _is_in_groups(number: str) -> bool:
    return digits_of(number) != number.lstrip("+")


def _value(number: str) -> str:
    """Its digits; a country's code is told by a plus."""
    digits = digits_of(number)
    if "+" in number:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits

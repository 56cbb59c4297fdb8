"""Bank accounts by their IBAN, and payment cards, each with its checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.personal_data.checksums import passes_luhn, passes_mod_97
from tasks.personal_data.finding import Finding, digits_of
from tasks.personal_data.sums import is_reckoned_with

# Characters of an IBAN by country (the registry of ISO 13616).
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_IBAN_START = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?=[ -]?[A-Z\d])", re.IGNORECASE | re.ASCII)
# Four groups of four, three groups of American Express or Diners, or digits alone.
_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})"
    r"(?!\w|[.,-]\d)",
    re.ASCII,
)
# Who issues cards with which first digits, and how long these are (ISO/IEC 7812 ranges as the
# networks publish them): Visa, Mastercard, American Express, Discover, JCB, Diners Club, UnionPay.
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|3(?:0[0-5]|[68]\d)\d{11}"
    r"|62\d{14,17}"
)


def ibans(text: str) -> Iterator[Finding]:
    """Account numbers of the right length for their country whose check digits fit."""
    for start in _IBAN_START.finditer(text):
        length = _LENGTHS.get(start[0][:2].upper(), 0)
        taken: list[str] = []
        end = start.start()
        while end < len(text) and len(taken) < length:
            character = text[end]
            if character.isascii() and character.isalnum():
                taken.append(character.upper())
            elif character not in " -" or not text[end - 1].isalnum():
                break
            end += 1
        account = "".join(taken)
        goes_on = text[end : end + 1].isascii() and text[end : end + 1].isalnum()
        if len(account) == length and not goes_on and passes_mod_97(account):
            yield Finding("iban", start.start(), end, account)


def cards(text: str) -> Iterator[Finding]:
    """Numbers that some issuer gives out, whose check digit fits, and nobody reckons with."""
    for match in _CARD.finditer(text):
        number = digits_of(match[0])
        is_card = _ISSUERS.fullmatch(number) and passes_luhn(number)
        if is_card and not is_reckoned_with(text, *match.span()):
            yield Finding("card", *match.span(), number)

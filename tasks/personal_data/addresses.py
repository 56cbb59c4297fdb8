"""Addresses on the network: e-mail and IPv4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address

from tasks.personal_data.finding import Finding

# Latin, Greek and Cyrillic letters. Those of other scripts may follow a Latin word without a space.
_LETTER = r"A-Za-z\u00c0-\u052f"
# Dot-atoms before the sign, a domain with letters at its end behind it (RFC 5322, RFC 1035).
_DOMAIN = rf"(?:[\w-]{{1,63}}\.){{1,8}}[{_LETTER}]{{2,24}}(?![{_LETTER}\d_@])"


def _email(letter: str) -> re.Pattern[str]:
    end = rf"[{letter}+%-]"
    return re.compile(rf"(?<![{letter}.+%'-]){end}(?:[{letter}.+%'-]{{0,62}}{end})?@{_DOMAIN}")


# The second for names before the sign in any script, and a Latin one is surer: it comes first.
_EMAILS = (_email(rf"{_LETTER}0-9_"), _email(r"\w"))
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)", re.ASCII)
# Four numbers of a release or a chapter look the same.
_NUMBERED = re.compile(
    r"(?:\bv|§|\b(?:version|release|section|chapter|clause|rule|abschnitt|kapitel))[\s.:]*$",
    re.IGNORECASE,
)
_NEAR = 16


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for pattern in _EMAILS:
        for match in pattern.finditer(text):
            yield Finding("email", *match.span(), match[0].casefold())


def ipv4_addresses(text: str) -> Iterator[Finding]:
    """Addresses of machines other than the one that reads this."""
    for match in _IPV4.finditer(text):
        if _NUMBERED.search(text, max(0, match.start() - _NEAR), match.start()):
            continue
        try:
            address = IPv4Address(match[0])
        except AddressValueError:
            continue
        if not (address.is_loopback or address.is_unspecified):
            yield Finding("ip", *match.span(), match[0])

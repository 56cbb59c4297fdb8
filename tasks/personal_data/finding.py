"""A piece of personal data in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["email", "iban", "card", "ip", "phone", "person", "place"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# How a kind is called where people read it.
CALLED: dict[Kind, str] = {
    "email": "e-mail addresses",
    "iban": "bank accounts (IBAN)",
    "card": "payment cards",
    "ip": "IPv4 addresses",
    "phone": "telephone numbers",
    "person": "names of people",
    "place": "names of places",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` of a text; `value` is the same for two spellings of one thing."""

    kind: Kind
    start: int
    end: int
    value: str


Finder = Callable[[str], Iterable[Finding]]


def digits_of(text: str) -> str:
    """The ASCII digits of a text."""
    return "".join(character for character in text if character in "0123456789")

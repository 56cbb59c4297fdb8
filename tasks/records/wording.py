"""A question's words without what does not make it another question: case, spaces, punctuation,
Unicode forms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# "(A) ", "A. " and "a) " at the start of a line are one option label.
_LABEL = re.compile(r"(?m)^\s*[(\[]?([a-z]|\d{1,2})[)\].:]\s+")
# NFKC would make 10² the number 102.
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079]+")
# A number with its separators; one character of a script without spaces; a word with its marks; a
# sign.
_WORD = re.compile(
    r"\d*(?:[.,]?\d)+|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|(?:[^\W\d]|[\u0300-\u036f\u0900-\u0dff])+|[^\w\s]"
)
_OPTIONS = re.compile(
    r"\s*\b(?:options|choices|answer choices)\s*:|\s*\n\s*[(\[]?[a1][)\].:]\s", re.IGNORECASE
)
# Signs that end or set off words. Brackets, operators and dashes stay: there are questions of
# nothing else.
_SET_OFF = frozenset(".,;:!?\"'`´…。、・¡¿")
_QUOTES = ("Pi", "Pf")
# Soft hyphens, joiners, marks of direction and of byte order.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def words(question: str) -> tuple[str, ...]:
    """The words, numbers and signs of a question; equal for two spellings of one question."""
    text = unicodedata.normalize("NFKC", _RAISED.sub(lambda raised: f"^{raised[0]}", question))
    found = _WORD.findall(_LABEL.sub(r"\1 ", _UNSEEN.sub("", text.casefold())))
    kept = (word if len(word) > 1 else _sign(word) for word in found)
    return tuple(word for word in kept if word)


def stem(question: str) -> str:
    """What stands before the question's option list; all of it where there is none."""
    return _OPTIONS.split(question, maxsplit=1)[0]


@cache
def _sign(sign: str) -> str:
    """A single character as it counts: any dash as one, signs that set off words not at all."""
    category = unicodedata.category(sign)
    if sign in _SET_OFF or category in _QUOTES:
        return ""
    return "-" if sign == "−" or category == "Pd" else sign

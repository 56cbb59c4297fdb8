"""How a chain is written: repetition, cut-offs, another script than the question's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from tasks.quality.chain import Chain, Finding

_LOOP = re.compile(r"(.{12,200}?)\1\1", re.DOTALL)
_DANGLING = re.compile(
    r"(?:[,;(=+*/<-]|\b(?:and|or|the|an?|of|to|is|are|was|so|then|because|with|which|that))\s*$",
    re.IGNORECASE,
)
_FEW_LETTERS = 10
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def check_repetition(chain: Chain) -> Finding | None:
    """The same words three times in a row."""
    found = _LOOP.search(chain.text)
    if not found or not found[1].strip():
        return None
    return Finding(f"the same three times in a row: {found[1].strip()[:40]}")


def check_end(chain: Chain) -> Finding | None:
    """It stops in the middle of a sentence, or was cut off at a limit."""
    if chain.is_cut:
        return Finding("it was cut off at its limit")
    if chain.steps and (found := _DANGLING.search(chain.steps[-1])):
        return Finding(f"it ends with {found[0].strip()!r}")
    return None


def check_language(chain: Chain) -> Finding | None:
    """Most of it is in scripts that the question does not use."""
    asked, told = _scripts(chain.question), _scripts(chain.text)
    if min(asked.total(), told.total()) < _FEW_LETTERS:
        return None
    foreign = sum(count for script, count in told.items() if script not in asked)
    if 2 * foreign <= told.total():
        return None
    return Finding("it is written in another script than the question")


def _scripts(text: str) -> Counter[str]:
    names = (unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha())
    return Counter("EAST ASIAN" if name in _EAST_ASIAN else name for name in names)

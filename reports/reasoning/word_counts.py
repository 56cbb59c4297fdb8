"""Texts as words: what every lexical measure counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

Words = tuple[str, ...]

_WORD = re.compile(r"\d+(?:\.\d+)?|\w+|[^\w\s]")


def words(text: str) -> Words:
    """Lower-case words, numbers and single signs, in order."""
    return tuple(_WORD.findall(text.lower()))


def ngrams(text: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """How often each run of n words occurs."""
    return Counter(zip(*(text[start:] for start in range(n)), strict=False))

"""Long texts cut between words: half an address or number would pass the masks of personal data."""

from __future__ import annotations

import re

# A cut moves by at most so many characters; scripts without spaces are cut where it falls.
_NEAR = 80
_LAST_WORD = re.compile(rf"\s\S{{0,{_NEAR}}}\Z")
_FIRST_WORD = re.compile(rf"\A\S{{0,{_NEAR}}}\s")


def beginning(text: str, most: int) -> str:
    """At most the first `most` characters, without a word that goes on behind them."""
    cut = text[:most]
    return cut if text[most : most + 1].strip() == "" else _LAST_WORD.sub("", cut)


def end(text: str, most: int) -> str:
    """At most the last `most` characters, without a word that begins before them."""
    cut = text[-most:]
    return cut if text[:-most][-1:].strip() == "" else _FIRST_WORD.sub("", cut)

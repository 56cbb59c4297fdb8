"""A mistake put into a rationale by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.scoring.option_list import option_label

_OPPOSITES = (
    ("yes", "no"),
    ("true", "false"),
    ("valid", "invalid"),
    ("plausible", "implausible"),
    ("correct", "incorrect"),
    ("before", "after"),
    ("first", "last"),
    ("left", "right"),
    ("up", "down"),
    ("above", "below"),
    ("more", "less"),
    ("older", "younger"),
    ("newer", "older"),
    ("taller", "shorter"),
    ("north", "south"),
    ("east", "west"),
    ("heads", "tails"),
)
# The first pair that a word stands in decides: "older" becomes "younger".
_OPPOSITE = {a: b for pair in reversed(_OPPOSITES) for a, b in (pair, pair[::-1])}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_OPPOSITE, key=len, reverse=True))})\b", re.IGNORECASE)
# A state, not a preposition.
_SWITCH = re.compile(r"(?:(?<=is )|(?<=are )|(?<=now )|(?<=turned ))(?:on|off)\b")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_LABEL = re.compile(r"\(([A-Z])\)")


def with_mistake(rationale: str, options: Sequence[str], answers: Sequence[str]) -> str | None:
    """The rationale with the last thing in it that can be wrong made wrong; None where nothing can.

    A number grows by one, an option's label or text and a possible answer become the next one, a
    word of decision or order its opposite. The last one, since there the answer is as good as said:
    a student that reads its rationale must follow. What stands before contradicts it afterwards.
    """
    sites = list(_sites(rationale, options, answers))
    if not sites:
        return None
    start, end, text = max(sites, key=lambda site: (site[1], -site[0]))
    return rationale[:start] + text + rationale[end:]


def _sites(
    rationale: str, options: Sequence[str], answers: Sequence[str]
) -> Iterator[tuple[int, int, str]]:
    """Start, end and wrong text of everything that could be changed."""
    for found in _NUMBER.finditer(rationale):
        whole, dot, part = found[0].partition(".")
        yield found.start(), found.end(), f"{int(whole) + 1}{dot}{part}"
    for found in _LABEL.finditer(rationale):
        place = ord(found[1]) - ord("A")
        yield found.start(), found.end(), option_label((place + 1) % max(2, len(options)))
    for found in _WORD.finditer(rationale):
        other = _OPPOSITE[found[0].lower()]
        yield found.start(), found.end(), other.capitalize() if found[0][0].isupper() else other
    for found in _SWITCH.finditer(rationale):
        yield found.start(), found.end(), "off" if found[0] == "on" else "on"
    for named in (options, answers):
        for text, other in zip(named, [*named[1:], *named[:1]], strict=True):
            if text != other and re.search(r"[A-Za-z]{2}", text):
                for found in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", rationale):
                    yield found.start(), found.end(), other

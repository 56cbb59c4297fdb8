"""Stop strings: where a text is cut, and whether one that is being written has met one.

They end what a student says, not what it thinks: inside a thinking block none counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.decoding.stages import EndsText
from tasks.scoring.thoughts import stretches_said

ToText = Callable[[Sequence[int]], str]


def cut_at(text: str, stops: Sequence[str]) -> str:
    """The text before the first of any stop strings outside thinking blocks."""
    place = _first_stop(text, stops)
    return text if place is None else text[:place]


def ends_at(stops: Sequence[str], to_text: ToText) -> EndsText:
    """Whether the newest token completes one of the stop strings, of which there is at least
    one, outside thinking blocks (a block that the prompt opened is not seen until it ends).
    """
    # A token holds at least one byte, so this many of them hold the longest stop string.
    tail = max(len(stop.encode()) for stop in stops)

    def ends(ids: Sequence[int]) -> bool:
        # The newest token may complete a stop string and go on behind it. Only where it does is the
        # whole text asked whether the student was thinking: this runs after every token.
        text = to_text(ids[-tail:])
        return any(stop in text for stop in stops) and _first_stop(to_text(ids), stops) is not None

    return ends


def _first_stop(text: str, stops: Sequence[str]) -> int | None:
    if not any(stop in text for stop in stops):
        return None
    for start, end in stretches_said(text):
        places = [place for stop in stops if (place := text.find(stop, start, end)) >= 0]
        if places:
            return min(places)
    return None

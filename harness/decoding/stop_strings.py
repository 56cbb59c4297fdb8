"""Stop strings: where a text is cut, and whether one that is being written has met one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.decoding.stages import EndsText

ToText = Callable[[Sequence[int]], str]


def cut_at(text: str, stops: Sequence[str]) -> str:
    """The text before the first of any stop strings."""
    return text[: min((text.find(stop) for stop in stops if stop in text), default=len(text))]


def ends_at(stops: Sequence[str], to_text: ToText) -> EndsText:
    """Whether the newest token completes one of the stop strings, of which there is at least
    one.
    """
    # A token holds at least one byte, so this many of them hold the longest stop string.
    tail = max(len(stop.encode()) for stop in stops)

    def ends(ids: Sequence[int]) -> bool:
        # The newest token may complete a stop string and go on behind it.
        text = to_text(ids[-tail:])
        return any(stop in text for stop in stops)

    return ends

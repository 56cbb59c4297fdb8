"""Where the outputs of each system go wrong first, on items drawn for that alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.comparing.flips import rank
from reports.logs.joined import Joined
from reports.logs.samples import Side
from reports.reasoning.error_kinds import MOST_LOOKED_AT, ErrorCounts, count_errors
from reports.reasoning.logged_chain import output_chain


def first_errors(joined: Joined, sides: Sequence[Side]) -> Iterator[ErrorCounts]:
    """First errors of each system whose texts were kept, in outputs of the first seed."""
    places = {key: place for place, key in enumerate(joined.items.keys)}
    drawn = set(sorted(places, key=rank)[:MOST_LOOKED_AT])
    for name, side, correct in zip(joined.names, sides, joined.correct, strict=True):
        if texts := side.texts(drawn):
            yield count_errors(
                name,
                (
                    (output_chain(said), bool(correct[0, places[key]]))
                    for key, said in texts.items()
                ),
            )

"""Differences that are others with forced answers than as written, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.comparing.differences import Difference
from reports.comparing.otherwise import opposite
from reports.logs.joined import Joined
from reports.rendering.numerals import MINUS, p_value, percent, points, signed_points
from reports.statistics.contrast import Contrast
from reports.statistics.levels import LEVEL

# From this difference of two differences on it is told.
TELLING = 0.01


def differing_differences(joined: Joined, found: Sequence[Difference]) -> Iterator[str]:
    """Of every system that the two ways of counting set another distance from the first."""
    for row in found:
        other = row.as_written
        if row.level != "whole" or other is None:
            continue
        changes = depends_in(row)
        if changes or apart(row.contrast, other.contrast):
            yield (
                f"{row.treatment} {MINUS} {row.baseline}: {signed_points(row.contrast.value)} "
                f"points with forced answers (p {p_value(row.p_adjusted)}), "
                f"{signed_points(other.contrast.value)} as written (p "
                f"{p_value(other.p_adjusted)}): {_in_words(changes)}; "
                f"{forced_shares(joined, (row.treatment, row.baseline))}"
            )


def depends_in(row: Difference) -> list[str]:
    """What of a difference is another with forced answers than as written."""
    if (other := row.as_written) is None:
        return []
    shown = [p < LEVEL for p in (row.p_adjusted, other.p_adjusted)]
    return [
        *(["its sign"] if opposite(row.contrast, other.contrast) else []),
        *(["whether it is shown"] if shown[0] != shown[1] else []),
    ]


def apart(first: Contrast, second: Contrast) -> bool:
    """Whether two differences lie further apart than is passed over."""
    return abs(first.value - second.value) > TELLING


def _in_words(changes: Sequence[str]) -> str:
    if changes:
        depends = "depend" if len(changes) > 1 else "depends"
        return f"{' and '.join(changes)} {depends} on unfinished answers"
    return f"more than {points(TELLING)} points of it are unfinished answers"


def forced_shares(joined: Joined, names: Sequence[str]) -> str:
    """Which share of each named side's answers was forced."""
    told = []
    for name in names:
        written = joined.as_written[joined.names.index(name)]
        told.append(f"{percent(0.0 if written is None else written.forced.mean())}% of {name}")
    return f"answers were forced in {' and '.join(told)}"

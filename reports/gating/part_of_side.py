"""Some of a side's items and seeds, and the fingerprint that tells whether they are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reports.logs.samples import AsWritten, Side

LETTERS = 16


def part_of(side: Side, places: NDArray[np.int64], runs: Sequence[int] | None = None) -> Side:
    """The side with these of its items alone, in this order, and these of its runs (all: None)."""
    rows = np.arange(len(side.seeds)) if runs is None else np.array(runs, dtype=np.int64)
    chosen = np.ix_(rows, places)
    return replace(
        side,
        items=side.items[places],
        seeds=tuple(side.seeds[run] for run in rows),
        correct=side.correct[chosen],
        responses=side.responses[chosen],
        read=None if side.read is None else side.read[chosen],
        as_written=side.as_written and AsWritten(*(marks[chosen] for marks in side.as_written)),
    )


def fingerprint(side: Side) -> str:
    """Of what all runs answered to all items, how that was scored and which items belong together,
    in whatever order.
    """
    digest = hashlib.sha256()
    for part in _told(side):
        digest.update(f"{len(part)}\n".encode() + part)
    return digest.hexdigest()[:LETTERS]


def _told(side: Side) -> Iterator[bytes]:
    keys = side.items.keys
    order = sorted(range(len(keys)), key=keys.__getitem__)
    asked = ("\t".join((*keys[place], side.items.cluster[place])) for place in order)
    yield "\n".join(asked).encode(errors="backslashreplace")
    for run in sorted(range(len(side.seeds)), key=side.seeds.__getitem__):
        yield side.seeds[run].encode(errors="backslashreplace")
        yield side.correct[run][order].astype(float).tobytes()
        yield side.responses[run][order].tobytes()
        if side.as_written is not None:
            yield side.as_written.correct[run][order].astype(float).tobytes()

"""Items that one system has right and another wrong, with what both said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from reports.items import ItemKey
from reports.logs.joined import Joined
from reports.logs.sample_texts import Texts
from reports.logs.samples import Side

NOT_KEPT = Texts("", "", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One system's output on an item (its first seed), and the share of its seeds that are
    right.
    """

    system: str
    text: str
    right: float


@dataclass(frozen=True, slots=True)
class Flip:
    """An item on which a system and the baseline differ in most seeds. `gained`: now right."""

    treatment: str
    task: str
    id: str
    gained: bool
    prompt: str
    gold: str
    said: tuple[Said, ...]


def flipped(joined: Joined, system: int) -> tuple[list[int], list[int]]:
    """Places of items that the baseline has wrong and this system right, and the reverse.

    Right means right in more than half of the seeds. Those on which most seeds agree come first,
    then in an order that depends on the items alone, not on what was said.
    """
    old, new = (joined.correct[k].mean(axis=0) for k in (0, system))
    change = new - old
    crossed = np.flatnonzero((new > 0.5) != (old > 0.5)).tolist()
    ranks = {place: _rank(joined.items.at(place).key) for place in crossed}
    order = sorted(crossed, key=lambda i: (-abs(change[i]), ranks[i]))
    return [i for i in order if change[i] > 0], [i for i in order if change[i] < 0]


def show_flips(
    joined: Joined, sides: Sequence[Side], most: int
) -> tuple[list[Flip], dict[str, tuple[int, int]]]:
    """At most `most` flips each way and system, and how many there are (gained, lost) of each."""
    counts = {}
    chosen: list[tuple[int, int, bool]] = []
    for system in range(1, len(joined.names)):
        won, lost = flipped(joined, system)
        counts[joined.names[system]] = (len(won), len(lost))
        chosen += [(system, item, True) for item in won[:most]]
        chosen += [(system, item, False) for item in lost[:most]]
    keys = {place: joined.items.at(place).key for _, place, _ in chosen}
    texts = [side.texts(set(keys.values())) for side in sides]
    flips = []
    for system, item, gained in chosen:
        key = keys[item]
        asked = next((each[key] for each in texts if key in each), NOT_KEPT)
        flips.append(
            Flip(
                treatment=joined.names[system],
                task=key.task,
                id=key.id,
                gained=gained,
                prompt=asked.prompt,
                gold=asked.gold,
                said=tuple(
                    Said(
                        joined.names[k],
                        texts[k].get(key, NOT_KEPT).output,
                        float(joined.correct[k][:, item].mean()),
                    )
                    for k in (0, system)
                ),
            )
        )
    return flips, counts


def _rank(key: ItemKey) -> bytes:
    # Of the question alone: the same one keeps its place whatever suite it is put in.
    question = key.task, key.id, key.doc_hash
    return blake2b("\n".join(question).encode(), digest_size=8).digest()

"""Items that one system has right and another wrong, with what both said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from reports.items import ItemKey
from reports.logs.joined import Joined
from reports.logs.sample_texts import Texts
from reports.logs.samples import Side
from reports.reasoning.first_error import FirstError, first_error
from reports.reasoning.logged_chain import output_chain

NOT_KEPT = Texts("", "", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One system's output on an item (its first seed), the share of its seeds that are right, and
    the first step of the output that does not hold, None where none was found.
    """

    system: str
    text: str
    right: float
    first_error: FirstError | None


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

    @property
    def kept(self) -> bool:
        """Whether any text of it is known: tables of scores and baseline files hold none."""
        return bool(self.prompt or self.gold or any(said.text for said in self.said))


def flipped(joined: Joined, system: int) -> tuple[list[int], list[int]]:
    """Places of items that the baseline has wrong and this system right, and the reverse.

    Right means right in more than half of the seeds. Those on which most seeds agree come first,
    then in an order that depends on the items alone, not on what was said.
    """
    old, new = (joined.correct[k].mean(axis=0) for k in (0, system))
    change = new - old
    crossed = np.flatnonzero((new > 0.5) != (old > 0.5)).tolist()
    ranks = {place: rank(joined.items.at(place).key) for place in crossed}
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
                said=_said(
                    (
                        joined.names[k],
                        texts[k].get(key, NOT_KEPT),
                        float(joined.correct[k][:, item].mean()),
                    )
                    for k in (0, system)
                ),
            )
        )
    return flips, counts


def _said(sides: Iterable[tuple[str, Texts, float]]) -> tuple[Said, ...]:
    """What each of the sides, with its name and how often it is right, said."""
    told = [(name, texts.output, right, output_chain(texts)) for name, texts, right in sides]
    errors = [first_error(chain) for *_, chain in told]
    sound = [
        (name, chain)
        for (name, _, right, chain), error in zip(told, errors, strict=True)
        if right > 0.5 and not error
    ]
    return tuple(
        Said(name, text, right, error.with_right_step(*sound[0]) if error and sound else error)
        for (name, text, right, _), error in zip(told, errors, strict=True)
    )


def rank(key: ItemKey) -> bytes:
    """Where an item stands in an order by chance, the same one whatever suite it is put in."""
    question = key.task, key.id, key.doc_hash
    return blake2b("\n".join(question).encode(), digest_size=8).digest()

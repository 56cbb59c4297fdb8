"""What was asked: one typed table of items, and the one key by which items of several logs meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.object_]
Chosen = NDArray[np.bool_] | NDArray[np.int64]


class ItemKey(NamedTuple):
    """What makes two logged items the same: where they stand, their name, and lm-eval's hash of
    the doc.

    `doc_hash` is "" where a log has none.
    """

    suite: str
    task: str
    id: str
    doc_hash: str

    @property
    def name(self) -> tuple[str, str, str]:
        """Suite, task and id. Two questions of one name are a fault of the data."""
        return self.suite, self.task, self.id


class Item(NamedTuple):
    """One question; `gold` is "" where it was not read."""

    suite: str
    role: str
    task: str
    id: str
    cluster: str
    doc_hash: str = ""
    gold: str = ""

    @property
    def key(self) -> ItemKey:
        """What the item is told by."""
        return ItemKey(self.suite, self.task, self.id, self.doc_hash)


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A table with one row an item; each column is an array (n,) of str.

    Arrays of outcomes stand beside it, in its order.
    """

    suite: Words
    role: Words
    task: Words
    id: Words
    cluster: Words
    doc_hash: Words
    gold: Words

    @classmethod
    def of(cls, items: Iterable[Item]) -> Items:
        """The table of these items, in their order."""
        rows = np.array([*items], dtype=object).reshape(-1, len(Item._fields))
        return cls(*rows.T)

    def __len__(self) -> int:
        return len(self.id)

    def __iter__(self) -> Iterator[Item]:
        return map(Item, *self._columns)

    def __getitem__(self, chosen: Chosen) -> Items:
        """The items that a mask (n,) marks, or those at these places, in their order."""
        return Items(*(column[chosen] for column in self._columns))

    def at(self, place: int) -> Item:
        """The item in one place."""
        return Item(*(column[place] for column in self._columns))

    @property
    def keys(self) -> list[ItemKey]:
        """The key of each item (n,)."""
        return list(map(ItemKey, self.suite, self.task, self.id, self.doc_hash))

    @property
    def suites(self) -> list[str]:
        """The suites, in the order of their first items."""
        return list(dict.fromkeys(self.suite))

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """The tasks as (suite, task), in the order of their first items."""
        return list(dict.fromkeys(zip(self.suite, self.task, strict=True)))

    def same_as(self, other: Items) -> bool:
        """Whether both hold the same items, equal in every column, in the same order."""
        pairs = zip(self._columns, other._columns, strict=True)
        return all(np.array_equal(own, theirs) for own, theirs in pairs)

    @property
    def _columns(self) -> tuple[Words, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))

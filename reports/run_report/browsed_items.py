"""The items that a report lets one look at, with what every method said and where it went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.reasoning.error_kinds import ErrorCounts
from reports.reasoning.first_error import FirstError

ItemKind = Literal["flipped", "unparsed", "truncated", "forced"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method said to an example item (its first seed).

    Where its answer was `forced` it was read and judged as written, too. `first_error` is the first
    step of its rationale that does not hold, None where none was found.
    """

    method: str
    rationale: str
    parsed: str | None
    correct: bool
    truncated: bool
    forced: bool
    parsed_as_written: str | None
    correct_as_written: bool
    first_error: FirstError | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item with the answers of every method of a student."""

    suite: str
    role: str
    task: str
    id: str
    kinds: tuple[ItemKind, ...]
    prompt: str
    gold: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class BrowsedItems:
    """The items of one student that can be looked at, and of how many of each kind they are.

    `first_errors` tells by method where its rationales go wrong, on items drawn for that alone.
    """

    student: str
    total: int
    totals: dict[ItemKind, int]
    items: tuple[ShownItem, ...]
    first_errors: tuple[ErrorCounts, ...]

    def shown(self, kind: ItemKind) -> int:
        """How many items of a kind are shown."""
        return sum(kind in item.kinds for item in self.items)

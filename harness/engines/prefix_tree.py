"""Segments of token ids that share their beginnings, as a tree.

So a question is held once for all rationales behind it, and a rationale once for all answers.
"""

from __future__ import annotations

from collections.abc import Sequence


class PrefixTree:
    """Segments of token ids, each behind its parent; one that opens a text has none."""

    def __init__(self) -> None:
        self.segments: list[tuple[int, ...]] = []
        self.parents: list[int | None] = []

    def add(self, parent: int | None, ids: Sequence[int]) -> int:
        """Hang a segment behind another one; returns its number."""
        self.segments.append(tuple(ids))
        self.parents.append(parent)
        return len(self.segments) - 1

    def lineage(self, node: int) -> list[int]:
        """The segments from the first one to this one, itself included."""
        chain = [node]
        while (parent := self.parents[chain[-1]]) is not None:
            chain.append(parent)
        return chain[::-1]

    def text(self, node: int) -> list[int]:
        """The token ids from the start to the end of a segment."""
        return [token for each in self.lineage(node) for token in self.segments[each]]

    @property
    def longest(self) -> int:
        """The tokens of the longest path."""
        return max(len(self.text(node)) for node in range(len(self.segments)))

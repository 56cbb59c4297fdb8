"""The least that a system should beat: always giving the commonest answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def right_by_a_constant_answer(golds: Iterable[Iterable[str]]) -> int:
    """Of a task's items, given by the answers that count as right, how many the commonest gets
    right.
    """
    counts = Counter(answer for of_item in golds for answer in {gold.strip() for gold in of_item})
    return max(counts.values(), default=0)

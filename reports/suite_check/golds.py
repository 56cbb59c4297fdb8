"""Golds that cannot be scored or are not one answer, and questions that the suite asks twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.problem import Problem
from tasks.records.duplicates import Asked, duplicates
from tasks.scoring.answer_text import free_text
from tasks.scoring.answers import read_answer


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an item, in words."""

    item: str
    what: str


def faults(items: Sequence[Problem]) -> list[Fault]:
    """Everything that is wrong with the suite's own items, in their order."""
    found = [Fault(item.id, what) for item in items for what in _own(item)]
    asked = [Asked(item.task, item.question) for item in items]
    for match in duplicates(asked):
        first, second = items[match.first], items[match.second]
        same = "asks the same as" if match.kind == "identical" else "asks nearly the same as"
        if match.kind == "identical" and set(first.golds) != set(second.golds):
            what = f"{same} {first.id}, with another answer"
        elif first.cluster != second.cluster:
            what = f"{same} {first.id}, in another cluster"
        else:
            continue
        found.append(Fault(second.id, what))
    return found


def _own(item: Problem) -> Iterator[str]:
    for gold in item.golds:
        if not item.verifier and read_answer(gold, item.answer_type, item.options) is None:
            yield f"the gold {gold!r} does not read as an answer of type {item.answer_type}"
    texts = Counter(free_text(option) for option in item.options)
    if twice := [text for text, count in texts.items() if count > 1]:
        yield f"two options are equal: {twice[0]!r}"
    if any(not text for text in texts):
        yield "an option is empty"

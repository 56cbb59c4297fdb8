"""Of several chains of one question a few: drawn at random, or those that differ most."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from rapidfuzz.distance import Levenshtein

from tasks.records.pairs import by_question
from tasks.records.record import CoTRecord
from tasks.records.splits import hash_order

Choice = Literal["random", "diverse"]


def choose_chains(records: Sequence[CoTRecord], each: int, how: Choice) -> list[CoTRecord]:
    """At most `each` records of every question, in the order in which they stood.

    "random" takes them in the order of their hashed ids. "diverse" begins with the two rationales
    that are furthest apart and adds, one by one, the one that is furthest from those chosen, summed
    over them: `distance`. Where two are equally far, the one that comes first.
    """
    kept: set[str] = set()
    for of_question in by_question(records).values():
        if len(of_question) <= each:
            kept |= {record.id for record in of_question}
        elif how == "random":
            kept |= set(hash_order(record.id for record in of_question)[:each])
        else:
            kept |= {record.id for record in _most_different(of_question, each)}
    return [record for record in records if record.id in kept]


def distance(one: CoTRecord, other: CoTRecord) -> float:
    """The edit distance of two rationales in words, over the longer one's, in [0, 1]."""
    return Levenshtein.normalized_distance(one.rationale.split(), other.rationale.split())


def _most_different(records: Sequence[CoTRecord], count: int) -> list[CoTRecord]:
    chosen = list(max(combinations(records, 2), key=lambda pair: distance(*pair)))
    while len(chosen) < count:
        rest = [record for record in records if record not in chosen]
        chosen.append(max(rest, key=lambda record: sum(distance(record, c) for c in chosen)))
    return chosen

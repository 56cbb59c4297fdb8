"""Clusters of records: those that are given, joined where their questions are the same or nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.records.duplicates import Asked, duplicates


def joined(pairs: Iterable[tuple[int, int]], clusters: Sequence[str]) -> list[str]:
    """The cluster of each of n items, given clusters of one name and of each pair of places put together.

    It is called as the cluster of its first item.
    """
    parent = list(range(len(clusters)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[str, int] = {}
    named = [(first.setdefault(name, place), place) for place, name in enumerate(clusters)]
    for one, other in (*named, *pairs):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [clusters[root(place)] for place in range(len(clusters))]


def question_clusters(asked: Sequence[Asked], clusters: Sequence[str]) -> list[str]:
    """The given cluster of each question, joined over identical and nearly identical questions of a task."""
    return joined(((match.first, match.second) for match in duplicates(asked)), clusters)

"""Clusters of records: the given ones, joined where questions are the same or nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tasks.records.duplicates import Asked, duplicates
from tasks.records.stories import causal_judgement_story

Pair = tuple[int, int]


def own_cluster(item: str, task: str, question: str) -> str:
    """The cluster of an item for which none is given: itself, or its story in causal_judgement."""
    return causal_judgement_story(question) if task == "causal_judgement" else item


def question_clusters(
    tasks: Sequence[str], questions: Sequence[str], clusters: Sequence[str]
) -> list[str]:
    """The given cluster of each question, joined over identical and nearly identical questions of
    a task.
    """
    asked = [Asked(task, question) for task, question in zip(tasks, questions, strict=True)]
    return joined(clusters, ((match.first, match.second) for match in duplicates(asked)))


def joined(clusters: Sequence[str], pairs: Iterable[Pair]) -> list[str]:
    """The cluster of each of n items when the two items of each pair are put into one.

    A joined cluster is called as that of its first item.
    """
    parent = list(range(len(clusters)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in (*equal(clusters), *pairs):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [clusters[root(place)] for place in range(len(clusters))]


def equal(names: Sequence[str]) -> Iterator[Pair]:
    """The place of each item, with the first place that has the same name."""
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        yield first.setdefault(name, place), place

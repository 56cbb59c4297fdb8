"""Train, dev and test by hashed id: neither the input's order nor additions elsewhere matter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Literal, get_args

from tasks.records.clusters import equal, joined

SplitName = Literal["train", "dev", "test"]
SPLIT_NAMES: tuple[SplitName, ...] = get_args(SplitName)
TEST_PERCENT = 20
DEV_PERCENT = 10
# The tasks and items of BIG-Bench Hard.
BBH_TASKS = 27
BBH_ITEMS = 6511


def hash_order(ids: Iterable[str]) -> list[str]:
    """The ids sorted by SHA-256: a fixed random order, so a limit takes a random subset."""
    return sorted(ids, key=lambda item: sha256(item.encode()).digest())


def split_ids(tasks: Mapping[str, str]) -> dict[str, SplitName]:
    """A split for each id, given the task of each id.

    Per task, in hash order: the first ceil(0.2 n) ids are test, the next ceil(0.1 m) of the m left
    are dev, the others train. BIG-Bench Hard (27 tasks, 6,511 items) has 1,304 test items.
    """
    by_task: dict[str, list[str]] = {}
    for item, task in tasks.items():
        by_task.setdefault(task, []).append(item)
    splits: dict[str, SplitName] = {}
    for ids in by_task.values():
        test, dev = part_sizes(len(ids))
        for position, item in enumerate(hash_order(ids)):
            splits[item] = _part(position, test, dev)
    return splits


def is_whole_bbh(tasks: Mapping[str, str]) -> bool:
    """Whether these ids, with their tasks, can only be all items of BIG-Bench Hard, one row
    each.
    """
    names = set(tasks.values())
    return len(tasks) == BBH_ITEMS and len(names) == BBH_TASKS and "causal_judgement" in names


def split_clusters(tasks: Mapping[str, str], clusters: Mapping[str, str]) -> dict[str, SplitName]:
    """A split for each id that keeps clusters whole, given the task and the cluster of each id.

    Per task, clusters are taken in hash order and filled into test, then dev, until each part holds
    at least the items that `split_ids` would give it. Tasks that share a cluster are split as one.
    """
    ids = list(tasks)
    together = joined([tasks[item] for item in ids], equal([clusters[item] for item in ids]))
    by_task: dict[str, dict[str, list[str]]] = {}
    for item, task in zip(ids, together, strict=True):
        by_task.setdefault(task, {}).setdefault(clusters[item], []).append(item)
    splits: dict[str, SplitName] = {}
    for members in by_task.values():
        test, dev = part_sizes(sum(map(len, members.values())))
        filled = 0
        for cluster in hash_order(members):
            part = _part(filled, test, dev)
            splits.update((item, part) for item in members[cluster])
            filled += len(members[cluster])
    return splits


def part_sizes(items: int) -> tuple[int, int]:
    """How many of `items` go to test and to dev."""
    test = _percent_up(items, TEST_PERCENT)
    return test, _percent_up(items - test, DEV_PERCENT)


def cluster_overlap(
    splits: Mapping[str, SplitName], clusters: Mapping[str, str]
) -> dict[str, tuple[SplitName, ...]]:
    """The clusters that stand in more than one split, with the splits they stand in."""
    seen: dict[str, set[SplitName]] = {}
    for item, split in splits.items():
        seen.setdefault(clusters[item], set()).add(split)
    return {
        cluster: tuple(name for name in SPLIT_NAMES if name in names)
        for cluster, names in sorted(seen.items())
        if len(names) > 1
    }


def _percent_up(items: int, percent: int) -> int:
    return math.ceil(items * percent / 100)


def _part(position: int, test: int, dev: int) -> SplitName:
    if position < test:
        return "test"
    return "dev" if position < test + dev else "train"

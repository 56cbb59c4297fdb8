import random
from collections import Counter

import pytest

from tasks.records.splits import cluster_overlap, hash_order, part_sizes, split_clusters, split_ids


def ids(task: str, n: int) -> dict[str, str]:
    return {f"{task}/{i}": task for i in range(n)}


@pytest.mark.parametrize(
    ("items", "test", "dev"), [(250, 50, 20), (187, 38, 15), (146, 30, 12), (1, 1, 0), (5, 1, 1)]
)
def test_a_fifth_rounded_up_is_test_and_a_tenth_of_the_rest_dev(
    items: int, test: int, dev: int
) -> None:
    counts = Counter(split_ids(ids("navigate", items)).values())
    assert part_sizes(items) == (test, dev)
    assert (counts["test"], counts["dev"]) == (test, dev)


def test_big_bench_hard_has_1304_test_items() -> None:
    sizes = [250] * 24 + [187, 146, 178]
    tasks = {k: v for n, size in enumerate(sizes) for k, v in ids(f"t{n}", size).items()}
    counts = Counter(split_ids(tasks).values())
    assert (len(tasks), counts["test"], counts["train"] + counts["dev"]) == (6511, 1304, 5207)


def test_the_order_of_the_input_does_not_matter() -> None:
    tasks = ids("snarks", 40) | ids("navigate", 33)
    shuffled = list(tasks.items())
    random.Random(1).shuffle(shuffled)
    assert split_ids(dict(shuffled)) == split_ids(tasks)


def test_other_tasks_do_not_matter() -> None:
    alone = split_ids(ids("snarks", 40))
    together = split_ids(ids("snarks", 40) | ids("navigate", 33))
    assert {k: v for k, v in together.items() if k.startswith("snarks")} == alone


def test_the_split_is_not_by_position() -> None:
    test = [k for k, v in split_ids(ids("snarks", 100)).items() if v == "test"]
    assert test != [f"snarks/{i}" for i in range(20)]


def test_hash_order_is_the_order_of_sha256() -> None:
    # sha256("b") = 3e23..., sha256("c") = 2e7d..., sha256("a") = ca97...
    assert hash_order(["a", "b", "c"]) == ["c", "b", "a"]


def test_clusters_stay_whole() -> None:
    clusters = {f"exam/{i}": f"passage/{i // 7}" for i in range(400)}
    splits = split_clusters(dict.fromkeys(clusters, "exam"), clusters)
    assert cluster_overlap(splits, clusters) == {}
    counts = Counter(splits.values())
    assert 80 <= counts["test"] < 87
    assert counts["dev"] > 0
    assert sum(counts.values()) == 400


def test_items_of_their_own_split_like_any_others() -> None:
    tasks = ids("snarks", 100) | ids("navigate", 33)
    assert split_clusters(tasks, {item: item for item in tasks}) == split_ids(tasks)


def test_tasks_that_share_a_cluster_are_split_as_one() -> None:
    tasks = ids("shown", 40) | ids("hidden", 40) | ids("other", 40)
    clusters = {item: f"passage {item.split('/')[1]}" for item in tasks} | {
        item: item for item in ids("other", 40)
    }
    splits = split_clusters(tasks, clusters)
    assert cluster_overlap(splits, clusters) == {}
    of_other = {item: splits[item] for item in ids("other", 40)}
    assert of_other == split_ids(ids("other", 40))


def test_overlap_names_the_clusters_that_a_split_cuts() -> None:
    overlap = cluster_overlap(
        {"a": "train", "b": "test", "c": "dev", "d": "dev"},
        {"a": "story", "b": "story", "c": "tale", "d": "tale"},
    )
    assert overlap == {"story": ("train", "test")}

"""The table of what was asked."""

from __future__ import annotations

import numpy as np

from reports.items import Item, Items

ASKED = [
    Item("reworded", "ood", "navigate", "1", "passage", "h1", "Yes"),
    Item("embedded", "ind", "navigate", "1", "passage", "h1", "Yes"),
    Item("reworded", "ood", "counting", "2", "2", "h2", "7"),
]


def test_a_table_gives_back_the_items_that_it_was_made_of() -> None:
    items = Items.of(ASKED)
    assert len(items) == 3
    assert list(items) == ASKED
    assert items.at(2) == ASKED[2]
    assert list(Items.of([])) == []


def test_suites_and_tasks_stand_in_the_order_of_their_first_items() -> None:
    items = Items.of(ASKED)
    assert items.suites == ["reworded", "embedded"]
    assert items.tasks == [
        ("reworded", "navigate"),
        ("embedded", "navigate"),
        ("reworded", "counting"),
    ]


def test_a_mask_and_places_select_items() -> None:
    items = Items.of(ASKED)
    assert list(items[items.role == "ood"]) == [ASKED[0], ASKED[2]]
    assert list(items[np.array([2, 0])]) == [ASKED[2], ASKED[0]]
    assert len(items[items.suite == "gone"]) == 0


def test_an_item_is_told_by_suite_task_id_and_doc_hash_alone() -> None:
    first = ASKED[0]
    assert first._replace(cluster="x", gold="No", role="ind").key == first.key
    for column in ("suite", "task", "id", "doc_hash"):
        assert first._replace(**{column: "other"}).key != first.key
    assert len(set(Items.of(ASKED).keys)) == 3


def test_tables_are_the_same_where_every_column_is() -> None:
    items = Items.of(ASKED)
    assert items.same_as(Items.of(ASKED))
    assert not items.same_as(items[np.array([1, 0, 2])])
    assert not items.same_as(items[np.array([0, 1])])
    assert not items.same_as(Items.of([*ASKED[:2], ASKED[2]._replace(gold="8")]))

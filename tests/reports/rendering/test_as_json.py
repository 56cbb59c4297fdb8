"""Reports as JSON: figures that a row holds stand beside its other fields."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from reports.rendering.as_json import flat, jsonable, named, to_json


@dataclass(frozen=True, slots=True)
class Figures:
    value: float
    items: int


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    all: Figures = field(metadata=flat())


@dataclass(frozen=True, slots=True)
class Renamed:
    some: Figures = field(metadata=flat(items="questions"))
    p_adjusted: float = field(metadata=named("p"))


@dataclass(frozen=True, slots=True)
class Book:
    rows: tuple[Row, ...]
    totals: dict[str, Figures]


def test_figures_are_flattened_all_or_those_that_are_named() -> None:
    assert jsonable(Row("a", Figures(0.5, 3))) == {"name": "a", "value": 0.5, "items": 3}
    assert jsonable(Renamed(Figures(0.5, 3), 0.01)) == {"questions": 3, "p": 0.01}


def test_dataclasses_become_plain_at_any_depth_and_keep_their_own_place_unless_flat() -> None:
    book = Book((Row("a", Figures(0.5, 3)),), {"all": Figures(1.0, 2)})
    assert json.loads(to_json(book)) == {
        "rows": [{"name": "a", "value": 0.5, "items": 3}],
        "totals": {"all": {"value": 1.0, "items": 2}},
    }


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(Figures(float("nan"), 0))

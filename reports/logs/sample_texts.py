"""What was asked and said on items, for those few that are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reports.items import ItemKey
from reports.logs.logged_sample import AnySample, decoded, logged_rows


class Texts(NamedTuple):
    """An item's prompt, its gold answer and one system's output."""

    prompt: str
    gold: str
    output: str


# From the wanted items to the texts of those that were logged.
TextReader = Callable[[Collection[ItemKey]], dict[ItemKey, Texts]]


def no_texts(wanted: Collection[ItemKey]) -> dict[ItemKey, Texts]:
    """The texts of a side that keeps none."""
    return {}


def read_texts(files: Mapping[str, Path], wanted: Collection[ItemKey]) -> dict[ItemKey, Texts]:
    """Texts of the wanted items from lm-eval's samples files, one a task; the first row of each."""
    found: dict[ItemKey, Texts] = {}
    for task, path in files.items():
        left = {key for key in wanted if key.task == task}
        rows = logged_rows(path, AnySample)
        while left and (numbered := next(rows, None)):
            number, row = numbered
            if (key := row.item(task).key) in left:
                left.discard(key)
                found[key] = _texts(row, f"{path}:{number}")
    return found


def _texts(row: AnySample, where: str) -> Texts:
    return Texts(_prompt(row, where), _text(decoded(row.target, where)), _output(row, where))


def _prompt(row: AnySample, where: str) -> str:
    """The text that was sent: the first string among the request's arguments."""
    arguments = decoded(row.arguments, where)
    while isinstance(arguments, dict | list) and arguments:
        arguments = next(iter(arguments.values())) if isinstance(arguments, dict) else arguments[0]
    return arguments if isinstance(arguments, str) else _text(decoded(row.doc, where))


def _output(row: AnySample, where: str) -> str:
    """What was generated; of scored options what lm-eval kept of them."""
    said = decoded(row.resps, where)
    while isinstance(said, list) and said:
        said = said[0]
    return said if isinstance(said, str) and said else _text(decoded(row.filtered_resps, where))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

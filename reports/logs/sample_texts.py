"""What was asked and said on items, for those few that are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from reports.items import ItemKey
from reports.logs.asked import sent_behind
from reports.logs.logged_sample import AnySample, decoded, logged_rows
from reports.logs.sample_files import Log


class Texts(NamedTuple):
    """An item's prompt, its gold answer and one system's output; the doc where one was logged."""

    prompt: str
    gold: str
    output: str
    doc: Any = None


# From the wanted items to the texts of those that were logged.
TextReader = Callable[[Collection[ItemKey]], dict[ItemKey, Texts]]


def no_texts(wanted: Collection[ItemKey]) -> dict[ItemKey, Texts]:
    """The texts of a side that keeps none."""
    return {}


def read_texts(logs: Mapping[str, Log], wanted: Collection[ItemKey]) -> dict[ItemKey, Texts]:
    """Texts of the wanted items from lm-eval's logs, one a task; the first row of each."""
    found: dict[ItemKey, Texts] = {}
    for task, log in logs.items():
        left = {key for key in wanted if key.task == task}
        suffix = sent_behind(log) if left else ""
        rows = logged_rows(log.path, AnySample)
        while left and (numbered := next(rows, None)):
            number, row = numbered
            if (key := row.item(task).key) in left:
                left.discard(key)
                found[key] = _texts(row, suffix, f"{log.path}:{number}")
    return found


def _texts(row: AnySample, suffix: str, where: str) -> Texts:
    return Texts(
        prompt=_prompt(row, suffix, where),
        gold=text_of(row.target, where),
        output=_output(row, where),
        doc=decoded(row.doc, where),
    )


def _prompt(row: AnySample, suffix: str, where: str) -> str:
    """The text that was sent: ours says it; else the first string among the request's arguments.

    `suffix` is what our model put behind that.
    """
    if isinstance(sent := decoded(row.prompt_sent, where), str):
        return sent
    arguments = decoded(row.arguments, where)
    while isinstance(arguments, dict | list) and arguments:
        arguments = next(iter(arguments.values())) if isinstance(arguments, dict) else arguments[0]
    return arguments + suffix if isinstance(arguments, str) else text_of(row.doc, where)


def _output(row: AnySample, where: str) -> str:
    """What was generated; of scored options what lm-eval kept of them."""
    said = decoded(row.resps, where)
    while isinstance(said, list) and said:
        said = said[0]
    return said if isinstance(said, str) and said else text_of(row.filtered_resps, where)


def text_of(field: msgspec.Raw, where: str) -> str:
    """A field as text: JSON where it is none, "" where it is absent; UserError where it is
    broken.
    """
    value = decoded(field, where)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

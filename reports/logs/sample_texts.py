"""What was asked and said on items, for those few that are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from reports.logs.item_place import Placed, place_of
from tasks.errors import UserError

Key = tuple[str, str, str]


class Texts(NamedTuple):
    """An item's prompt, its gold answer and one system's output."""

    prompt: str
    gold: str
    output: str


# What msgspec raises for a row that is no JSON, no UTF-8, or nested too deeply.
BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
# From the wanted (task, id, doc_hash) to the texts of those that were logged.
TextReader = Callable[[Collection[Key]], dict[Key, Texts]]


def no_texts(wanted: Collection[Key]) -> dict[Key, Texts]:
    """The texts of a side that keeps none."""
    return {}


def read_texts(files: Mapping[str, Path], wanted: Collection[Key]) -> dict[Key, Texts]:
    """Texts of the wanted items from lm-eval's samples files, one a task; the first row of each."""
    found = {}
    decoder = msgspec.json.Decoder(Placed)
    for task, path in files.items():
        left = {key for key in wanted if key[0] == task}
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not left:
                    break
                if not line.strip():
                    continue
                try:
                    row = decoder.decode(line)
                    key = (task, place_of(row).id, row.doc_hash)
                    if key in left:
                        left.discard(key)
                        found[key] = _texts(msgspec.json.decode(line))
                except BROKEN as error:
                    raise UserError(f"{path}:{number}: {str(error).lower()}") from None
    return found


def _texts(row: dict[str, Any]) -> Texts:
    return Texts(_prompt(row), _text(row.get("target")), _output(row))


def _prompt(row: dict[str, Any]) -> str:
    """The text that was sent: the first string among the request's arguments."""
    arguments = row.get("arguments")
    while isinstance(arguments, dict | list) and arguments:
        arguments = next(iter(arguments.values())) if isinstance(arguments, dict) else arguments[0]
    return arguments if isinstance(arguments, str) else _text(row.get("doc"))


def _output(row: dict[str, Any]) -> str:
    """What was generated; of scored options what lm-eval kept of them."""
    said = row.get("resps")
    while isinstance(said, list) and said:
        said = said[0]
    return said if isinstance(said, str) and said else _text(row.get("filtered_resps"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""A report's dataclasses as plain JSON, the figures that they hold flattened into them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from math import isinf
from typing import Any

FLAT = "flat"
NAMED = "named"


def flat(*shown: str, **renamed: str) -> dict[str, Any]:
    """Metadata of a field that holds a dataclass: in JSON its figures stand beside the other
    fields.

    Those `shown`, and those `renamed` (`items="questions"`: its `items`, called `questions` there);
    all of them where none is named.
    """
    return {FLAT: {name: name for name in shown} | renamed}


def named(name: str) -> dict[str, Any]:
    """Metadata of a field that has another name in JSON."""
    return {NAMED: name}


def jsonable(content: Any) -> Any:
    """Dataclasses and named tuples at any depth as dicts, other tuples as lists, infinite figures
    as None; all else as is.
    """
    if is_dataclass(content) and not isinstance(content, type):
        return {key: value for each in fields(content) for key, value in _entries(content, each)}
    if isinstance(content, Mapping):
        return {key: jsonable(value) for key, value in content.items()}
    if isinstance(content, tuple) and hasattr(content, "_asdict"):
        return jsonable(content._asdict())
    if isinstance(content, list | tuple):
        return [jsonable(value) for value in content]
    # A bound of what has none; JSON has no word for it.
    return None if isinstance(content, float) and isinf(content) else content


def to_json(report: Any) -> str:
    """A report as the text of its JSON file (docs/report-schema.md); never NaN or Infinity."""
    text = json.dumps(jsonable(report), indent=2, ensure_ascii=False, allow_nan=False, default=str)
    return text + "\n"


def _entries(content: Any, field: Field[Any]) -> Iterator[tuple[str, Any]]:
    value = getattr(content, field.name)
    if FLAT in field.metadata:
        shown = field.metadata[FLAT] or {each.name: each.name for each in fields(value)}
        yield from ((name, jsonable(getattr(value, figure))) for figure, name in shown.items())
    else:
        yield field.metadata.get(NAMED, field.name), jsonable(value)

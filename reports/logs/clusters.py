"""Which items belong together, where a log does not say: by a field of their docs, or a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from reports.items import Items
from reports.logs.columns import ENDINGS, read_columns
from tasks.errors import UserError
from tasks.files import read_json

SHOWN = 3
# Cluster names stand in baseline files; a whole passage has no place there.
LONGEST_NAME = 60
# What fields are called that several questions share.
_SHARED = re.compile(
    r"(.*[_.])?(passage|context|document|doc|article|paragraph|story|excerpt|cluster|template|"
    r"dialog(ue)?|conversation|title|page|source|image|video|group)(_?(id|idx|index|name|text))?"
)
# Fewer distinct values than this share of the items: then items do share them.
SHARED = 0.8


def cluster_in(doc: Any, key: str, where: str) -> str | None:
    """The cluster that a doc's (dotted) field names; None where it is empty.

    Equal values are one cluster in all tasks, so that a passage that two tasks ask about is one.
    UserError where the doc has no such field.
    """
    value = doc
    for part in (key,) if isinstance(doc, dict) and key in doc else key.split("."):
        if not isinstance(value, dict) or part not in value:
            fields = ", ".join(_fields(doc)) or "no fields"
            raise UserError(f"{where}: the doc has no field {key!r} for --cluster; it has {fields}")
        value = value[part]
    return None if value is None or value == "" else _name(value)


def clusters_from_file(path: Path, items: Items) -> Items:
    """The items with the clusters of a file: a JSON object of item to cluster, or a table with
    columns `item`, `cluster` and, where ids are those of several tasks, `task`.

    UserError where an item has none, or two.
    """
    by_task, by_item = _read(path)
    clusters = [
        by_task.get((task, name), by_item.get(name, ""))
        for task, name in zip(items.task, items.id, strict=True)
    ]
    if missing := [name for name, cluster in zip(items.id, clusters, strict=True) if not cluster]:
        few = ", ".join(missing[:SHOWN])
        raise UserError(f"{path}: no cluster for {len(missing)} of {len(items)} items ({few})")
    return replace(items, cluster=np.array(clusters, dtype=object))


def unnamed_clusters(docs: Sequence[Any]) -> str | None:
    """Advice where docs have a field that looks like what several items share; None where not."""
    told = [fields for doc in docs if isinstance(doc, dict) and (fields := _fields(doc))]
    for name in told[0] if told else ():
        values = [_name(value) for fields in told if (value := fields.get(name)) not in (None, "")]
        distinct = len(set(values))
        if _SHARED.fullmatch(name.lower()) and 1 < distinct < SHARED * len(values):
            return (
                f"{len(values):,} items share {distinct:,} values of {name!r}; items that share "
                f"one are not independent: --cluster {name}"
            )
    return None


def _read(path: Path) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Clusters by task and item, and by item alone."""
    if path.suffix.lower() not in ENDINGS:
        return {}, {str(item): _name(cluster) for item, cluster in read_json(path).items()}
    columns = read_columns(path)
    columns.needed("item", "cluster")
    items, clusters = columns.words("item") or (), columns.words("cluster") or ()
    tasks = columns.words("task") or [""] * len(items)
    found: dict[tuple[str, str], str] = {}
    for row, (task, item, cluster) in enumerate(zip(tasks, items, clusters, strict=True)):
        if found.setdefault((task, item), cluster) != cluster:
            raise UserError(f"{columns.where(row)}: item {item!r} has two clusters")
    return found, {item: cluster for (task, item), cluster in found.items() if not task}


def _fields(doc: Any) -> dict[str, Any]:
    """The fields of a doc and of the objects in it, dotted."""
    found: dict[str, Any] = {}
    for name, value in doc.items() if isinstance(doc, dict) else ():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": each for inner, each in value.items()}
        else:
            found[name] = value
    return found


def _name(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if len(text) <= LONGEST_NAME:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def own_clusters(items: Items) -> bool:
    """Whether every item is its own cluster, as it is where a log names none."""
    return len(set(items.cluster)) == len(items)

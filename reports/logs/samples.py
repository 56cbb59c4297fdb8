"""Logged samples of one system, whoever made them: lm-eval `--log_samples` directories, ours included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.logs.item_place import Placed, place_of
from reports.logs.run_files import REPEATED_CELLS, SAMPLED, SELECTION
from reports.logs.sample_texts import BROKEN, TextReader, read_texts
from reports.logs.scorers import scorer_of
from tasks.errors import UserError
from tasks.files import read_json

SAMPLES_NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")
KEY = ["task", "id", "doc_hash"]
ITEM_COLUMNS = [*KEY, "suite", "role", "cluster"]
# Folders of our own cells that hold other samples than the evaluation's.
ASIDE = {SAMPLED, SELECTION, REPEATED_CELLS}
# What a log of another harness does not say: every task is a suite, and all suites are out-of-domain.
FOREIGN_ROLE = "ood"


@dataclass(frozen=True, slots=True)
class Log:
    """One file of samples: an evaluation of one task by one checkpoint."""

    path: Path
    task: str
    date: str
    seed: str


@dataclass(frozen=True, slots=True)
class Side:
    """One system's runs on the same items.

    `items` has one row an item (task, id, doc_hash, suite, role, cluster); arrays have shape
    (seeds, items) in its order. `seeds` are checkpoint fingerprints (else the log's model arguments).
    `texts` reads what the first seed was asked and said; `scorers` says by task what judged it.
    """

    name: str
    items: pd.DataFrame
    seeds: tuple[str, ...]
    correct: NDArray[np.bool_]
    responses: NDArray[np.int64]
    texts: TextReader
    notes: tuple[str, ...]
    scorers: Mapping[str, str]


def read_side(
    directory: Path, *, metric: str | None = None, filter_name: str | None = None
) -> Side:
    """All runs below `directory` as one system.

    A seed is one checkpoint: directories of different tasks of one seed merge, and the newest of
    repeated evaluations counts; `notes` says so. UserError where nothing is logged, a row is broken, an
    item occurs twice, seeds were asked different items, or metric or filter must be chosen.
    """
    logs, notes = find_logs(directory)
    seeds = list(dict.fromkeys(log.seed for log in logs))
    tables = {
        seed: pd.concat(
            [read_log(log, metric, filter_name) for log in logs if log.seed == seed],
            ignore_index=True,
        )
        for seed in seeds
    }
    files = {log.task: log.path for log in logs if log.seed == seeds[0]}
    scorers = {
        log.task: scorer_of(
            log.path, log.task, log.date, metric or _only_metric(log.path), filter_name
        )
        for log in logs
    }
    return side_of(str(directory), tables, partial(read_texts, files), notes, scorers)


def side_of(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    texts: TextReader,
    notes: Sequence[str],
    scorers: Mapping[str, str],
) -> Side:
    """The seeds' rows (ITEM_COLUMNS, correct, response), joined item by item.

    UserError where seeds were asked different items.
    """
    items = _common_items(name, tables)
    index = pd.MultiIndex.from_frame(items[KEY])
    aligned = [table.set_index(KEY).loc[index] for table in tables.values()]
    return Side(
        name=name,
        items=items,
        seeds=tuple(tables),
        correct=np.stack([table["correct"].to_numpy(dtype=bool) for table in aligned]),
        responses=np.stack([table["response"].to_numpy(dtype=np.int64) for table in aligned]),
        texts=texts,
        notes=tuple(notes),
        scorers=scorers,
    )


def find_logs(directory: Path) -> tuple[list[Log], list[str]]:
    """The newest samples file of every task and seed below `directory`, and notes on all others."""
    if not directory.is_dir():
        raise UserError(f"{directory}: no such directory")
    newest: dict[tuple[str, str], Log] = {}
    notes = []
    for path in sorted(directory.rglob("samples_*.jsonl")):
        if ASIDE & set(path.relative_to(directory).parts):
            continue
        match = SAMPLES_NAME.fullmatch(path.name)
        task, date = (match["task"], match["date"]) if match else (path.stem, "")
        log = Log(path, task, date, _seed_of(path, date))
        known = newest.get((log.seed, task))
        if known is not None:
            older, log = sorted((known, log), key=lambda each: each.date)
            notes.append(f"{older.path}: {task} was evaluated again later; {log.path} counts")
        newest[log.seed, task] = log
    if not newest:
        raise UserError(
            f"{directory}: no samples_*.jsonl in it or below; run lm-eval with --log_samples"
        )
    logs = list(newest.values())
    _refuse_several_systems(directory, logs)
    for seed in dict.fromkeys(log.seed for log in logs):
        places = dict.fromkeys(str(log.path.parent) for log in logs if log.seed == seed)
        if len(places) > 1:
            notes.append(
                f"one seed's tasks come from {len(places)} directories: {', '.join(places)}"
            )
    return logs, notes


def read_log(log: Log, metric: str | None, filter_name: str | None) -> pd.DataFrame:
    """One file's rows: task, id, doc_hash, suite, role, cluster, correct, response."""
    metric = metric or _only_metric(log.path)
    decoder = msgspec.json.Decoder(_row_type(metric))
    columns: dict[str, list[Any]] = {
        name: [] for name in ("id", "doc_hash", "suite", "cluster", "role", "correct", "response")
    }
    filters: set[str] = set()
    for number, line in _lines(log.path):
        try:
            row = decoder.decode(line)
        except BROKEN as error:
            raise UserError(f"{log.path}:{number}: {str(error).lower()}") from None
        filters.add(row.filter)
        if filter_name is not None and row.filter != filter_name:
            continue
        if row.value not in (0, 1):
            raise UserError(
                f"{log.path}:{number}: {metric} is {row.value}; a comparison needs right (1) or "
                "wrong (0) for every item"
            )
        place = place_of(row)
        columns["id"].append(place.id)
        columns["doc_hash"].append(row.doc_hash)
        columns["suite"].append(place.suite or log.task)
        columns["role"].append(place.role or FOREIGN_ROLE)
        columns["cluster"].append(place.cluster)
        columns["correct"].append(row.value == 1)
        columns["response"].append(_hash(row.resps))
    if filter_name is None and len(filters) > 1:
        raise UserError(
            f"{log.path}: answers were filtered in several ways; choose one with --filter: "
            f"{', '.join(sorted(filters))}"
        )
    if not columns["id"]:
        raise UserError(
            f"{log.path}: no samples of filter {filter_name!r}; it has {', '.join(sorted(filters))}"
        )
    return rows_of(log, columns)


def rows_of(log: Log, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """A log's rows with its task; an item without a cluster is its own. UserError for one twice."""
    table = pd.DataFrame(columns)
    table.insert(0, "task", log.task)
    own = log.task + "/" + table["id"]
    table["cluster"] = table["cluster"].where(table["cluster"].notna(), own)
    if twice := table[table.duplicated(KEY)].head(1)["id"].tolist():
        raise UserError(f"{log.path}: item {twice[0]!r} occurs twice")
    return table


def _refuse_several_systems(directory: Path, logs: Sequence[Log]) -> None:
    systems: dict[str, None] = {}
    for folder in dict.fromkeys(log.path.parent for log in logs):
        run = read_json(folder / "run.json", needed=False)
        if run:
            systems[f"{run.get('student')} {run.get('method')}"] = None
    if len(systems) > 1:
        raise UserError(
            f"{directory}: holds runs of {len(systems)} systems ({', '.join(systems)}); give the "
            "directory of one"
        )


def _seed_of(path: Path, date: str) -> str:
    run = read_json(path.parent / "run.json", needed=False)
    if fingerprint := run.get("checkpoint_fingerprint"):
        return str(fingerprint)
    results = read_json(path.parent / f"results_{date}.json", needed=False)
    config = results.get("config")
    arguments = config.get("model_args") if isinstance(config, dict) else None
    return str(arguments) if arguments else str(path.parent)


def _only_metric(path: Path) -> str:
    for number, line in _lines(path):
        try:
            names = msgspec.json.decode(line, type=_Metrics).metrics
        except BROKEN as error:
            raise UserError(f"{path}:{number}: {str(error).lower()}") from None
        known = [name for name in dict.fromkeys(names) if name != "parse_ok"]
        if len(known) == 1:
            return known[0]
        raise UserError(f"{path}: several metrics; choose one with --metric: {', '.join(known)}")
    raise UserError(f"{path}: no samples in this file")


class _Metrics(msgspec.Struct):
    metrics: list[str]


def _row_type(metric: str) -> Any:
    """What is decoded of a row; everything else in it is skipped."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        ("value", bool | float),
        ("resps", msgspec.Raw),
        ("filter", str, "none"),
    ]
    try:
        return msgspec.defstruct(
            "Row", fields, bases=(Placed,), kw_only=True, rename={"value": metric}
        )
    except ValueError:
        raise UserError(f"{metric!r}: a metric cannot be called so") from None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.isspace():
                yield number, line


def _hash(responses: msgspec.Raw) -> int:
    return int.from_bytes(blake2b(bytes(responses), digest_size=8).digest(), "big", signed=True)


def _common_items(name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    first, *others = tables.values()
    keys = pd.MultiIndex.from_frame(first[KEY])
    for seed, table in zip(list(tables)[1:], others, strict=True):
        differing = keys.symmetric_difference(pd.MultiIndex.from_frame(table[KEY]))
        if len(differing):
            few = ", ".join(f"{task} {item}" for task, item, _ in differing[:3])
            raise UserError(
                f"{name}: seeds were asked different items: {len(differing)} are not in both "
                f"the first and {seed} ({few}); evaluate all seeds on the same items"
            )
    return first[ITEM_COLUMNS]

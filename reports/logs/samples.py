"""Logged samples of one system, whoever made them: lm-eval `--log_samples` directories, ours
included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from reports.items import Item, ItemKey, Items
from reports.logs.asked import Asked, asked_against_its_protocol, asked_of, merged
from reports.logs.clusters import cluster_in, own_clusters, unnamed_clusters
from reports.logs.copies import without_copies
from reports.logs.logged_sample import (
    NOTHING,
    PARSE_OK,
    AnySample,
    decoded,
    is_true,
    logged_rows,
    response_hash,
    scored_kind,
)
from reports.logs.results_file import student_beside
from reports.logs.sample_files import Log, logs_below
from reports.logs.sample_texts import TextReader, read_texts, text_of
from reports.logs.scorers import scorer_of
from reports.statistics.scale import Correct
from tasks.errors import UserError

# Metrics of our own logs that judge an answer: the strict rule's, and the evaluation's.
ACCURACIES = ("acc", "correct")
# The fourth power of a larger score, as degrees of freedom need it, leaves floating point.
LARGEST_SCORE = 1e50
# Docs that are looked at for a field that several of them share.
LOOKED_AT = 2_000


class Outcome(NamedTuple):
    """One checkpoint's response to one item: 1 for right, 0 for wrong, or its score, and the hash
    of what was said.

    Of several `draws` of the item it is their mean. `read` says whether an answer could be read;
    None where the log does not tell. Where the answer was forced, `as_written` says whether it is
    right and could be read without it.
    """

    item: Item
    correct: float
    response: int
    read: bool | None = None
    as_written: tuple[bool, bool] | None = None
    draws: int = 1


class AsWritten(NamedTuple):
    """A side's outcomes without forced answers, and where answers were forced; (seeds, items)."""

    correct: NDArray[np.bool_]
    read: NDArray[np.bool_]
    forced: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """One system's runs on the same items.

    Arrays have shape (seeds, items), in the order of `items`; an item's task is lm-eval's.
    `correct` marks right items, or holds scores where these are anything but right or wrong; draws
    of an item within a seed are averaged. `seeds`
    are checkpoint fingerprints (else the log's model arguments). `texts` reads what the first seed
    was asked and said; `scorers` says by task what judged it, `asked` how it was asked. `read`
    marks answers that could be read; None where the logs do not tell of all. Both count forced
    answers; `as_written` does not, None where none was forced. `warnings` say why its accuracies
    are not to be trusted.
    """

    name: str
    items: Items
    seeds: tuple[str, ...]
    correct: Correct
    responses: NDArray[np.int64]
    read: NDArray[np.bool_] | None
    texts: TextReader
    notes: tuple[str, ...]
    scorers: Mapping[str, str]
    asked: Mapping[str, Asked]
    warnings: tuple[str, ...] = ()
    as_written: AsWritten | None = None


def read_side(
    directory: Path,
    *,
    metric: str | None = None,
    filter_name: str | None = None,
    cluster: str | None = None,
) -> Side:
    """All runs below `directory` as one system.

    A seed is one checkpoint: directories of different tasks of one seed merge, the newest of
    repeated evaluations counts, and so does one of several runs that said the same throughout;
    `notes` says so. `cluster` is the field of the docs that items of one cluster share. UserError
    where nothing is logged, a row is broken, an item occurs twice, seeds were asked different
    items, or metric or filter must be chosen.
    """
    logs, notes = logs_below(directory)
    known: dict[object, Item] = {}
    seeds = {
        seed: [
            outcome
            for log in logs
            if log.seed == seed
            for outcome in read_log(log, metric, filter_name, cluster, known)
        ]
        for seed in dict.fromkeys(log.seed for log in logs)
    }
    first = {log.task: log for log in logs if log.seed == logs[0].seed}
    scorers = {
        log.task: scorer_of(log, metric or _only_metric(log.path), filter_name) for log in logs
    }
    asked = {task: merged(asked_of(log) for log in logs if log.task == task) for task in scorers}
    notes += dict.fromkeys(f"{directory}: {notice}" for notice in filter(None, map(_notice, logs)))
    warnings = dict.fromkeys(filter(None, map(asked_against_its_protocol, logs)))
    side = side_of(str(directory), seeds, partial(read_texts, first), notes, scorers, asked)
    if cluster is None and own_clusters(side.items):
        side = replace(side, notes=(*side.notes, *_shared_fields(first)))
    return replace(side, warnings=tuple(warnings))


def _notice(log: Log) -> str | None:
    """The terms or cautions that hold of a student's results."""
    notice = student_beside(log.path, log.date).get("notice")
    return notice if isinstance(notice, str) else None


def _shared_fields(logs: Mapping[str, Log]) -> Iterator[str]:
    """A note on every task whose docs have a field that looks like a cluster."""
    for task, log in logs.items():
        rows = islice(logged_rows(log.path, AnySample), LOOKED_AT)
        docs = [decoded(row.doc, f"{log.path}:{number}") for number, row in rows]
        if advice := unnamed_clusters(docs):
            yield f"{task}: {advice}"


def side_of(
    name: str,
    seeds: Mapping[str, Sequence[Outcome]],
    texts: TextReader,
    notes: Sequence[str],
    scorers: Mapping[str, str],
    asked: Mapping[str, Asked],
) -> Side:
    """The outcomes of the seeds, joined item by item; copies of a run count once, with a note, and
    so is told that draws were averaged.

    UserError where seeds were asked different items.
    """
    items = Items.of(outcome.item for outcome in next(iter(seeds.values())))
    aligned = _aligned(name, seeds)
    correct = outcomes_of([[each.correct for each in row] for row in aligned])
    responses = np.array([[each.response for each in row] for row in aligned], dtype=np.int64)
    counting, copies = without_copies(name, names := tuple(seeds), correct, responses)
    told = all(each.read is not None for row in aligned for each in row)
    read = np.array([[each.read for each in row] for row in aligned], dtype=bool)
    return Side(
        name=name,
        items=items,
        seeds=tuple(names[run] for run in counting),
        correct=correct[counting],
        responses=responses[counting],
        read=read[counting] if told else None,
        texts=texts,
        notes=(*notes, *copies, *_averaged(aligned)),
        scorers=scorers,
        asked=asked,
        as_written=_as_written([aligned[run] for run in counting]),
    )


def _aligned(name: str, seeds: Mapping[str, Sequence[Outcome]]) -> list[Sequence[Outcome]]:
    """The outcomes of every seed in the order of the first one's; UserError where they are of
    other items.
    """
    runs = list(seeds.values())
    order = [outcome.item for outcome in runs[0]]
    if all([outcome.item for outcome in run] == order for run in runs):
        return runs
    by_item = {
        seed: {outcome.item.key: outcome for outcome in outcomes}
        for seed, outcomes in seeds.items()
    }
    _refuse_other_items(name, by_item)
    keys = [item.key for item in order]
    return [[found[key] for key in keys] for found in by_item.values()]


def outcomes_of(scores: Sequence[Sequence[float]]) -> Correct:
    """Scores (seeds, items) as an array, of bool where all are right (1) or wrong (0)."""
    array = np.array(scores, dtype=float)
    return array.astype(bool) if ((array == 0) | (array == 1)).all() else array


def _averaged(aligned: Sequence[Sequence[Outcome]]) -> Iterator[str]:
    most = max((each.draws for row in aligned for each in row), default=1)
    if most > 1:
        yield (f"{most} draws of an item within a seed: averaged, since they are no training seeds")


def _as_written(aligned: Sequence[Sequence[Outcome]]) -> AsWritten | None:
    """Of outcomes (seeds, items)."""
    forced = np.array([[each.as_written is not None for each in row] for row in aligned])
    if not forced.any():
        return None
    # What was not forced stands as written.
    both = np.array(
        [
            [each.as_written or (each.correct == 1, bool(each.read)) for each in row]
            for row in aligned
        ]
    )
    return AsWritten(both[..., 0], both[..., 1], forced)


def read_log(
    log: Log,
    metric: str | None,
    filter_name: str | None,
    cluster: str | None = None,
    known: dict[object, Item] | None = None,
) -> list[Outcome]:
    """One file's outcomes by the metric, of the filter where there are several; `cluster` names a
    field of the docs.

    `known` holds the items of the same system's other logs, which are not decoded once more.
    """
    metric = metric or _only_metric(log.path)
    known = {} if known is None else known
    outcomes = []
    filters: set[str] = set()
    for number, row in logged_rows(log.path, scored_kind(metric)):
        filters.add(row.filter)
        if filter_name is not None and row.filter != filter_name:
            continue
        where = f"{log.path}:{number}"
        # A doc without a hash is told by nothing but all that its row says.
        place = (log.task, row.doc_id, row.id, row.suite, row.role, row.cluster, row.doc_hash)
        if not row.doc_hash or (item := known.get(place)) is None:
            item = known[place] = _item(row, log.task, cluster, where)
        outcomes.append(_outcome(row, item, metric, where))
    if filter_name is None and len(filters) > 1:
        raise UserError(
            f"{log.path}: answers were filtered in several ways; choose one with --filter: "
            f"{', '.join(sorted(filters))}"
        )
    if not outcomes:
        raise UserError(
            f"{log.path}: no samples of filter {filter_name!r}; it has {', '.join(sorted(filters))}"
        )
    items = (outcome.item for outcome in outcomes)
    refuse_twice(log.path, ((item.id, item.suite, item.doc_hash) for item in items))
    return outcomes


def _item(row: AnySample, task: str, cluster: str | None, where: str) -> Item:
    item = row.item(task)._replace(gold=text_of(row.target, where))
    own = cluster and cluster_in(decoded(row.doc, where), cluster, where)
    return item._replace(cluster=own) if own else item


def _outcome(row: Any, item: Item, metric: str, where: str) -> Outcome:
    """Of a row of `scored_kind`."""
    drawn = (row.scores_per_repeat or {}).get(metric) or (row.value,)
    forced = metric in ACCURACIES and is_true(row.answer_forced)
    return Outcome(
        item,
        sum([score_in(value, metric, where) for value in drawn]) / len(drawn),
        response_hash(row.resps, forced=forced),
        None if row.parse_ok is None else row.parse_ok == 1,
        (is_true(row.correct_as_written), row.parsed_as_written != NOTHING) if forced else None,
        len(drawn),
    )


def score_in(value: float | None, name: str, where: str) -> float:
    """A score, right as 1 and wrong as 0; UserError where there is none that counts."""
    if value is None:
        raise UserError(f"{where}: no score called {name!r}")
    # NaN is not within any bounds either.
    if not abs(value) <= LARGEST_SCORE:
        raise UserError(f"{where}: {name} is {value}, which is no finite score")
    return float(value)


def refuse_twice(path: Path, names: Iterable[tuple[str, ...]]) -> None:
    """UserError where a log holds an item twice; its id, and whatever else tells it."""
    seen: set[tuple[str, ...]] = set()
    for name in names:
        if name in seen:
            raise UserError(f"{path}: item {name[0]!r} occurs twice")
        seen.add(name)


class _Metrics(msgspec.Struct):
    metrics: list[str]
    scores_per_repeat: dict[str, list[bool | float]] | None = None


def _only_metric(path: Path) -> str:
    first = next(logged_rows(path, _Metrics), None)
    if first is None:
        raise UserError(f"{path}: no samples in this file")
    # Of repeated draws the metrics are pass@1(...), pass@2(...) of what was scored draw by draw.
    told = first[1].scores_per_repeat or first[1].metrics
    known = [name for name in dict.fromkeys(told) if name != PARSE_OK]
    if len(known) == 1:
        return known[0]
    raise UserError(f"{path}: several metrics; choose one with --metric: {', '.join(known)}")


def _refuse_other_items(name: str, by_item: Mapping[str, Mapping[ItemKey, Outcome]]) -> None:
    first, *others = by_item
    for seed in others:
        differing = sorted(by_item[first].keys() ^ by_item[seed].keys())
        if differing:
            few = ", ".join(f"{key.task} {key.id}" for key in differing[:3])
            raise UserError(
                f"{name}: seeds were asked different items: {len(differing)} are not in both "
                f"the first and {seed} ({few}); evaluate all seeds on the same items"
            )

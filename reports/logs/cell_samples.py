"""The scored samples of one cell of a run, without their texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from reports.items import Item, ItemKey
from reports.logs.logged_sample import LoggedSample, logged_rows
from reports.logs.sample_files import SAMPLES, logs_in
from tasks.errors import UserError

FLAGS = (
    *("correct", "parse_ok", "rationale_truncated", "answer_truncated"),
    *("answer_forced", "correct_as_written", "parse_ok_as_written"),
)


class Scored(NamedTuple):
    """One response: how it was scored and the hash of what was said."""

    item: Item
    correct: bool
    parse_ok: bool
    rationale_truncated: bool
    answer_truncated: bool
    answer_forced: bool
    correct_as_written: bool
    parse_ok_as_written: bool
    response: int


def read_cell(evaluation: Path) -> tuple[dict[ItemKey, Scored], list[str]]:
    """All samples of an evaluation's folder, and notes on files passed over.

    UserError with file:line for a broken row, a missing field, or an item that occurs twice.
    """
    logs, notes = logs_in(evaluation)
    if not logs:
        raise UserError(f"{evaluation}: no {SAMPLES} here; evaluate this cell again")
    found: dict[ItemKey, Scored] = {}
    names: set[tuple[str, str, str]] = set()
    for log in logs:
        for number, row in logged_rows(log.path, LoggedSample):
            item = row.item
            if item.key.name in names:
                raise UserError(
                    f"{log.path}:{number}: item {item.id!r} of task {item.task} occurs twice"
                )
            names.add(item.key.name)
            found[item.key] = Scored(
                item, response=row.response, **{flag: getattr(row, flag) for flag in FLAGS}
            )
    return found, notes


def samples_of(evaluation: Path, wanted: Collection[ItemKey]) -> dict[ItemKey, LoggedSample]:
    """The whole samples of some items."""
    return {
        key: sample
        for of_task in samples_by_task(evaluation)
        for sample in of_task
        if (key := sample.item.key) in wanted
    }


def samples_by_task(evaluation: Path) -> Iterator[Iterator[LoggedSample]]:
    """The whole samples of an evaluation's folder, those of one lm-eval task after another."""
    for log in logs_in(evaluation)[0]:
        yield (sample for _, sample in logged_rows(log.path, LoggedSample))

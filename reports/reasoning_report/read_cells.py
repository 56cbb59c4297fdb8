"""A cell's sampled draws, and what its probes found, item by item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from reports.items import Item
from reports.logs.logged_sample import LoggedSample, logged_rows
from reports.logs.probed_item import ProbedItem, read_probed
from reports.logs.run_files import PROBED, SAMPLED
from reports.logs.sample_files import logs_in
from reports.logs.system import System
from reports.reasoning.conclusion import concluded
from reports.reasoning.measures import Draw
from tasks.errors import UserError
from tasks.problem import AnswerType

T = TypeVar("T")


class _Doc(msgspec.Struct):
    answer_type: AnswerType = "free_text"
    options: tuple[str, ...] = ()


def read_cells(
    systems: Sequence[System],
    read: Callable[[Path], dict[Item, T]],
    what: str,
    notes: list[str],
) -> dict[str, list[dict[Item, T]]]:
    """For each method its seeds' questions; a method of which a seed has none yet is left out."""
    cells: dict[str, list[dict[Item, T]]] = {}
    for system in systems:
        found = [read(run.directory.parent) for run in system.runs]
        if all(found):
            cells[system.method] = found
        elif any(found):
            notes.append(f"{system.name}: not every seed has been {what} yet; it is left out there")
    return cells


def read_draws(cell: Path) -> dict[Item, list[Draw]]:
    """All draws of every item of a cell, in their order; {} where nothing was sampled.

    UserError with file:line for a row that is no sample of ours, or an item that a draw lacks.
    """
    draws: dict[Item, list[Draw]] = {}
    folders = sorted(
        (cell / SAMPLED).glob("draw*"), key=lambda path: int(path.name.removeprefix("draw"))
    )
    for number, folder in enumerate(folders):
        for log in logs_in(folder)[0]:
            for line, sample in logged_rows(log.path, LoggedSample):
                draw = _draw(sample, f"{log.path}:{line}")
                draws.setdefault(sample.item, []).append(draw)
        if short := next((item for item, each in draws.items() if len(each) != number + 1), None):
            raise UserError(
                f"{folder}: question {short.id!r} of task {short.task} is not in all draws"
            )
    return draws


def read_probes(cell: Path) -> dict[Item, ProbedItem]:
    """What a cell's probes found; {} where it was not probed."""
    return {probed.item: probed for probed in read_probed(cell / PROBED)}


def _draw(sample: LoggedSample, where: str) -> Draw:
    try:
        doc = msgspec.json.decode(sample.doc, type=_Doc)
    except msgspec.MsgspecError as error:
        raise UserError(f"{where}: doc: {str(error).lower()}") from None
    return Draw(
        rationale=sample.rationale,
        parsed=sample.parsed,
        correct=sample.correct,
        path=sample.path_taken,
        concluded=concluded(sample.rationale, doc.answer_type, doc.options),
    )

"""Train a student on what it has written itself, in rounds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.running.own_chains import own_chains
from harness.running.steps.asking import CellStudents
from tasks.files import read_json, write_json
from tasks.progress import Progress
from tasks.records.record import CoTRecord, read_records, write_records
from trainers.divergence import Diverged
from trainers.train import TRAINING_LOG, TRAINING_RECORD

# In a cell: a folder a round, with the records that it was trained on and what they took.
ROUNDS = "rounds"
RECORDS, WRITTEN = "records.jsonl", "written.json"
# What the last round leaves in the cell itself, as any other training does.
LEFT = ("checkpoint", "trainer", TRAINING_LOG)

Fit = Callable[[list[CoTRecord], Path], Any]


def train_in_rounds(
    folder: Path,
    asked: Sequence[CoTRecord],
    fit: Fit,
    *,
    writer: Path,
    rounds: int,
    settings: DecodingSettings,
    students: CellStudents,
    progress: Progress,
) -> None:
    """In each round have `writer`, then what the round before has left, write chains for the
    questions, and `fit` the base on them; what is done of it is passed over.

    `fit(records, work_dir)` trains. `Diverged` where no chain of a round came right.
    """
    works = [folder / ROUNDS / str(number) for number in range(1, rounds + 1)]
    if not any((at / "checkpoint").is_dir() for at in (folder, works[-1])):
        # Weights may be deleted once a cell is done, and be wanted again.
        (works[-1] / TRAINING_RECORD).unlink(missing_ok=True)
    for number, work in enumerate(works, start=1):
        if not (work / WRITTEN).exists():
            _write_chains(work, number, asked, writer, settings, students, progress)
        if not (work / TRAINING_RECORD).exists():
            fit(read_records(work / RECORDS), work)
        writer = work / "checkpoint"
    for name in LEFT:
        if (works[-1] / name).exists():
            (works[-1] / name).rename(folder / name)
    write_json(folder / TRAINING_RECORD, _total(works))
    for work in works:
        for name in ("checkpoint", "trainer"):
            shutil.rmtree(work / name, ignore_errors=True)


def _write_chains(
    work: Path,
    number: int,
    asked: Sequence[CoTRecord],
    writer: Path,
    settings: DecodingSettings,
    students: CellStudents,
    progress: Progress,
) -> None:
    own = own_chains(
        students.asked(writer), asked, settings, writer=f"round {number}", progress=progress
    )
    students.close()  # the memory is the training's
    if not own.records:
        raise Diverged(0, f"in round {number} none of {len(asked)} chains came right")
    write_records(work / RECORDS, own.records)
    costs = [each.to_row() for each in own.costs]
    written = {"right": len(own.records) - own.hinted, "hinted": own.hinted, "asked": len(asked)}
    write_json(work / WRITTEN, written | {"inference": costs})


def _total(works: Sequence[Path]) -> dict[str, Any]:
    """The costs of all rounds together; FLOPs and seconds with those of writing."""
    trained = [read_json(work / TRAINING_RECORD) for work in works]
    written = [cost for work in works for cost in read_json(work / WRITTEN)["inference"]]
    total = {name: sum(costs[name] for costs in trained) for name in trained[0]}
    for name in ("flops", "seconds"):
        total[name] += sum(cost[name] for cost in written)
    return total

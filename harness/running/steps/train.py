"""Train a cell's student."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import torch

from harness.running.context import Context
from harness.running.earlier_phase import earlier_student
from harness.running.method_spec import teacher_key
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents
from harness.running.steps.rounds import train_in_rounds
from tasks.progress import Progress
from tasks.records.record import CoTRecord, read_records
from trainers.devices import on_devices
from trainers.train import train


def train_cell(context: Context, cell: Cell, students: CellStudents, progress: Progress) -> None:
    """Train it on the run's records, by the cell's method and on its seed.

    `Diverged` where the student that it starts from is not there because its training did.
    """
    spec, folder = context.method(cell), context.folder(cell)
    records, method = read_records(context.run.train_file), spec.method
    earlier = earlier_student(context, cell)
    if not method.rounds:
        _fit(context, cell, progress, records, folder, earlier)
        return
    assert earlier is not None
    train_in_rounds(
        folder,
        method.chosen(records),
        partial(_fit, context, cell, progress),
        writer=earlier,
        rounds=method.rounds,
        settings=context.sampling(cell.student),
        students=students,
        progress=progress,
    )


def _fit(
    context: Context,
    cell: Cell,
    progress: Progress,
    records: list[CoTRecord],
    work_dir: Path,
    earlier: Path | None = None,
) -> None:
    """Train in `work_dir`, in as many processes as the experiment has devices."""
    devices = context.experiment.training.devices
    work = partial(_train, context, cell, records, work_dir, earlier)
    if devices == 1:
        work(progress)
    else:
        # What this process has decoded with lies cached where the first of them trains.
        gc.collect()
        torch.cuda.empty_cache()
        on_devices(devices, work, progress, threads=torch.get_num_threads())


def _train(
    context: Context,
    cell: Cell,
    records: list[CoTRecord],
    work_dir: Path,
    earlier: Path | None,
    progress: Progress,
) -> None:
    experiment, spec = context.experiment, context.method(cell)
    student, decoding = context.student(cell), context.decoding(cell.student)
    method = spec.method
    assert cell.seed is not None
    rate = method.learning_rate or experiment.training.learning_rate
    train(
        context.locations[cell.student],
        method,
        records,
        answer_weight=(
            experiment.answer_weight if spec.answer_weight is None else spec.answer_weight
        ),
        settings=experiment.training.model_copy(
            # What a student writes may be longer than what a teacher wrote.
            update={"learning_rate": rate} | ({"too_long": "skip"} if method.rounds else {})
        ),
        seed=cell.seed,
        data_fingerprint=context.evidence.training,
        work_dir=work_dir,
        layout=student.layout,
        thinking=student.thinking,
        max_rationale_tokens=decoding.max_rationale_tokens,
        max_answer_tokens=decoding.max_answer_tokens,
        keep_epochs=experiment.select != "last_epoch",
        starts_from=earlier,
        teacher=context.locations[teacher_key(spec.teacher)] if spec.teacher else None,
        progress=progress,
    )

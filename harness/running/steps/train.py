"""Train a cell's student."""

from __future__ import annotations

from functools import partial

import torch

from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents
from tasks.progress import Progress
from tasks.records.record import read_records
from trainers.devices import on_devices
from trainers.methods import load_method
from trainers.train import train


def train_cell(context: Context, cell: Cell, _: CellStudents, progress: Progress) -> None:
    """Train it on the run's records, by the cell's method and on its seed; nobody is asked."""
    devices = context.experiment.training.devices
    if devices == 1:
        _train(context, cell, progress)
    else:
        work = partial(_train, context, cell)
        on_devices(devices, work, progress, threads=torch.get_num_threads())


def _train(context: Context, cell: Cell, progress: Progress) -> None:
    experiment, method = context.experiment, context.method(cell)
    student, decoding = context.student(cell), context.decoding(cell.student)
    assert cell.seed is not None
    train(
        context.locations[cell.student],
        load_method(method.name),
        read_records(context.run.train_file),
        answer_weight=(
            experiment.answer_weight if method.answer_weight is None else method.answer_weight
        ),
        settings=experiment.training,
        seed=cell.seed,
        data_fingerprint=context.evidence.training,
        work_dir=context.folder(cell),
        layout=student.layout,
        thinking=student.thinking,
        max_rationale_tokens=decoding.max_rationale_tokens,
        max_answer_tokens=decoding.max_answer_tokens,
        keep_epochs=experiment.select == "dev_accuracy",
        progress=progress,
    )

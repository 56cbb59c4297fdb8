"""Train a cell's student."""

from __future__ import annotations

from harness.running.cells import starts_from
from harness.running.context import Context
from harness.running.done import trained_student
from harness.running.run_directory import Cell
from reports.logs.failed_cells import read_failed_cell
from tasks.progress import Progress
from tasks.records.record import read_records
from trainers.divergence import Diverged
from trainers.methods import load_method
from trainers.train import train


def train_cell(context: Context, cell: Cell, progress: Progress) -> None:
    """Train it on the run's records, by the cell's method and on its seed.

    `Diverged` where the student that it starts from is not there because its training did.
    """
    experiment, spec = context.experiment, context.method(cell)
    student, decoding = context.student(cell), context.decoding(cell.student)
    method, start = load_method(spec.name), starts_from(experiment, cell)
    assert cell.seed is not None
    if start and (failed := read_failed_cell(context.folder(start))):
        raise Diverged(failed.step, f"in {failed.method}, which it starts from: {failed.reason}")
    rate = spec.learning_rate or method.learning_rate or experiment.training.learning_rate
    train(
        context.locations[cell.student],
        method,
        read_records(context.run.train_file),
        answer_weight=(
            experiment.answer_weight if spec.answer_weight is None else spec.answer_weight
        ),
        settings=experiment.training.model_copy(update={"learning_rate": rate}),
        seed=cell.seed,
        data_fingerprint=context.evidence.training,
        work_dir=context.folder(cell),
        layout=student.layout,
        thinking=student.thinking,
        max_rationale_tokens=decoding.max_rationale_tokens,
        max_answer_tokens=decoding.max_answer_tokens,
        keep_epochs=experiment.select == "dev_accuracy",
        starts_from=trained_student(context.folder(start)) if start else None,
        progress=progress,
    )

"""Evaluate a cell's student on the suites of its experiment."""

from __future__ import annotations

from pathlib import Path

from harness.evaluation.evaluate import evaluate
from harness.evaluation.local_student import LocalStudent
from harness.evaluation.stored_student import StoredStudent
from harness.evaluation.student import Student
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import (
    evaluation_suite,
    open_cell_student,
    response_store,
    run_info,
    task_metadata,
)
from reports.logs.run_files import EVALUATION
from tasks.files import read_json, write_json
from tasks.progress import Progress
from tasks.records.completions import read_completions


def evaluate_cell(context: Context, cell: Cell, progress: Progress) -> None:
    """Evaluate a student, or the stored completions, on all suites that the cell is about."""
    folder, experiment = context.folder(cell), context.experiment
    stored = next((s for s in experiment.stored if s.name == cell.student), None)
    if stored and cell.method == "stored":
        path = (context.data_dir or Path()) / stored.path
        completions = {row.id: row.completion for row in read_completions(path)}
        student: Student = StoredStudent(completions, name=stored.name)
        suites = [s for s in experiment.suites if s.name == stored.suite]
    else:
        student = LocalStudent(open_cell_student(context, cell), response_store(context, cell))
        suites = list(experiment.suites)
    result = evaluate(
        student,
        [evaluation_suite(spec) for spec in suites],
        settings=experiment.decoding,
        out_dir=folder / EVALUATION,
        run_info=run_info(context, cell),
        task_metadata=task_metadata(context),
        progress=progress,
    )
    training = folder / DONE["train"]
    write_json(
        folder / DONE["evaluate"],
        {
            "training": read_json(training) if training.exists() else None,
            "inference": result.costs.to_row(),
        },
    )

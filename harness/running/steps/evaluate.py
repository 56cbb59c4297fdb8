"""Evaluate a cell's student on the suites of its experiment."""

from __future__ import annotations

import shutil

from harness.evaluation.evaluate import evaluate
from harness.evaluation.student import Student
from harness.running.asked_suites import evaluation_suite, task_metadata
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents, run_info
from harness.running.stored_completions import stored_student
from reports.logs.run_files import EVALUATION
from tasks.files import read_json, write_json
from tasks.progress import Progress


def evaluate_cell(context: Context, cell: Cell, students: CellStudents, progress: Progress) -> None:
    """Evaluate a student, or the stored completions, on all suites that the cell is about."""
    folder, experiment = context.folder(cell), context.experiment
    stored = next((s for s in experiment.stored if s.name == cell.student), None)
    if stored and cell.method == "stored":
        student: Student = stored_student(stored, context.data_dir)
        suites = [s for s in experiment.suites if s.name == stored.suite]
    else:
        student = students.asked()
        suites = list(experiment.suites)
    # What lies there was asked of fewer suites; its replies are in the store.
    shutil.rmtree(folder / EVALUATION, ignore_errors=True)
    result = evaluate(
        student,
        [evaluation_suite(spec) for spec in suites],
        settings=context.decoding(cell.student),
        out_dir=folder / EVALUATION,
        run_info=run_info(context, cell),
        task_metadata=task_metadata(experiment, context.data_dir),
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

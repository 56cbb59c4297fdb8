"""Ask a cell's student for several replies to a part of the items."""

from __future__ import annotations

import shutil

from harness.evaluation.evaluate import evaluate_draws
from harness.running.asked_suites import evaluation_suite, task_metadata
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents, run_info
from reports.logs.run_files import SAMPLED
from tasks.files import write_json
from tasks.progress import Progress


def sample_cell(context: Context, cell: Cell, students: CellStudents, progress: Progress) -> None:
    """Draw as often as the experiment says, and write each draw as an evaluation of its own."""
    folder, experiment = context.folder(cell), context.experiment
    sampling = experiment.sampling
    assert sampling is not None
    wanted = sampling.suites or tuple(spec.name for spec in experiment.suites)
    # What lies there was asked of fewer suites; its replies are in the store.
    shutil.rmtree(folder / SAMPLED, ignore_errors=True)
    evaluate_draws(
        students.asked(),
        [
            evaluation_suite(spec, sampling.limit)
            for spec in experiment.suites
            if spec.name in wanted
        ],
        settings=context.sampling(cell.student),
        draws=sampling.samples,
        out_dir=folder / SAMPLED,
        run_info=run_info(context, cell),
        task_metadata=task_metadata(experiment, context.data_dir),
        progress=progress,
    )
    write_json(folder / DONE["sample"], sampling.model_dump(mode="json"))

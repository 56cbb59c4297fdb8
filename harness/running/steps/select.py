"""Choose a cell's checkpoint, on the dev records or on the in-domain test set."""

from __future__ import annotations

from harness.evaluation.evaluate import evaluate
from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.running.asked_suites import evaluation_suite, task_metadata
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents, run_info
from reports.logs.run_files import SELECTION
from tasks.files import write_json
from tasks.progress import Progress


def select_checkpoint(
    context: Context, cell: Cell, students: CellStudents, progress: Progress
) -> None:
    """Take the epoch's checkpoint with the best accuracy, the earlier one of equals."""
    folder, settings = context.folder(cell), context.decoding(cell.student)
    experiment = context.experiment
    candidates = sorted(
        (folder / "trainer").glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1])
    )
    if experiment.select == "ind_test":
        suites = [s for s in map(evaluation_suite, experiment.suites) if s.role == "ind"]
    else:
        suites = [EvaluationSuite("dev", "ind", context.run.dev_file)]
    accuracy: dict[str, float] = {}
    for index, candidate in enumerate(candidates):
        result = evaluate(
            students.asked(candidate),
            suites,
            settings=settings,
            out_dir=folder / SELECTION / candidate.name,
            run_info=run_info(context, cell),
            task_metadata=task_metadata(experiment, context.data_dir),
        )
        accuracy[candidate.name] = result.accuracy
        progress(index + 1, len(candidates))
    best = max(accuracy, key=lambda name: accuracy[name])
    write_json(folder / DONE["select"], {"checkpoint": best, experiment.select: accuracy})

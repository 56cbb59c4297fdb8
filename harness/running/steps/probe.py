"""Ask for the answers that a cell's student would give with other rationales than its own."""

from __future__ import annotations

from harness.probing.probe import probe, replied_items
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents
from reports.logs.run_files import EVALUATION, PROBED
from tasks.files import write_json
from tasks.progress import Progress


def probe_cell(context: Context, cell: Cell, students: CellStudents, progress: Progress) -> None:
    """Probe the evaluated items, as many a task as the experiment says."""
    folder, experiment = context.folder(cell), context.experiment
    probing = experiment.probing
    assert probing is not None
    suites = probing.suites or tuple(spec.name for spec in experiment.suites)
    items, open_ended = replied_items(folder / EVALUATION, suites, probing.limit)
    probe(students.open(), items, folder / PROBED, progress)
    done = probing.model_dump(mode="json") | {
        "suites": suites,
        "items": len(items),
        "open_ended": open_ended,
    }
    write_json(folder / DONE["probe"], done)

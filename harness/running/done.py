"""Which steps of a cell are done: the record that says so is there, and so is what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.running.cells import DONE, steps
from harness.running.experiment import Experiment
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from reports.logs.run_files import PROBED, SAMPLED
from tasks.files import read_json


def done_steps(experiment: Experiment, cell: Cell, folder: Path) -> dict[StepName, bool]:
    """Each step of a cell, in order, and whether it is done.

    Weights that nothing asks for any more may be deleted: their training stays done.
    """
    done: dict[StepName, bool] = {}
    for step in reversed(steps(experiment, cell)):
        recorded = (folder / DONE[step]).exists()
        needed = step not in ("train", "select") or not all(done.values())
        done[step] = recorded and (not needed or _holds_results(experiment, cell, folder, step))
    return dict(reversed(done.items()))


def undone_steps(experiment: Experiment, cell: Cell, folder: Path) -> list[StepName]:
    """The steps still to do, in order."""
    return [step for step, done in done_steps(experiment, cell, folder).items() if not done]


def trained_student(folder: Path) -> Path:
    """Where a trained cell's student lies: the selected checkpoint, else the last one."""
    selected = folder / DONE["select"]
    if selected.exists():
        return folder / "trainer" / str(read_json(selected)["checkpoint"])
    return folder / "checkpoint"


def suites_of_cell(experiment: Experiment, cell: Cell) -> list[str]:
    """The suites that a cell is asked: all, or a stored teacher's one."""
    of_stored = [stored.suite for stored in experiment.stored if stored.name == cell.student]
    return of_stored or [spec.name for spec in experiment.suites]


def _holds_results(experiment: Experiment, cell: Cell, folder: Path, step: StepName) -> bool:
    """Whether what a finished step wrote is there, for all suites of today's experiment."""
    all_suites = suites_of_cell(experiment, cell)
    match step:
        case "train":
            return (folder / "checkpoint").is_dir()
        case "select":
            chosen = str(read_json(folder / DONE["select"]).get("checkpoint"))
            return (folder / "trainer" / chosen).is_dir()
        case "evaluate":
            return _evaluated(folder / "eval", all_suites)
        case "sample":
            assert experiment.sampling is not None
            draws = (folder / SAMPLED / f"draw{n}" for n in range(experiment.sampling.samples))
            wanted = experiment.sampling.suites or all_suites
            return all(_evaluated(draw, wanted) for draw in draws)
        case "probe":
            assert experiment.probing is not None
            probed = read_json(folder / DONE["probe"]).get("suites")
            wanted = experiment.probing.suites or all_suites
            return (folder / PROBED).exists() and set(wanted) <= set(probed or [])


def _evaluated(evaluation: Path, suites: Sequence[str]) -> bool:
    file = evaluation / "run.json"
    if not file.exists():
        return False
    return set(suites) <= set(read_json(file).get("limits") or suites)

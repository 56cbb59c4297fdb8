"""The cells of an experiment, and the steps of each."""

from __future__ import annotations

from collections.abc import Sequence

from harness.running.experiment import Experiment
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from reports.logs.run_files import COSTS_FILE
from tasks.errors import UserError
from trainers.methods import load_method

# The file that each step writes last, whole or not at all: where it is, the step is done.
DONE: dict[StepName, str] = {
    "train": "training.json",
    "select": "selected.json",
    "evaluate": COSTS_FILE,
    "sample": "sampled.json",
    "probe": "probed.json",
}


def cells(experiment: Experiment) -> list[Cell]:
    """All cells, seeds outermost so that every method has its first result early."""
    trained = [m for m in experiment.methods if load_method(m.name).rows is not None]
    untrained = [m for m in experiment.methods if load_method(m.name).rows is None]
    return [
        *(Cell(stored.name, "stored", None) for stored in experiment.stored),
        *(Cell(s.name, m.label, None) for s in experiment.students for m in untrained),
        *(
            Cell(s.name, m.label, seed)
            for seed in experiment.seeds
            for s in experiment.students
            for m in trained
        ),
    ]


def noise_floor_cells(experiment: Experiment) -> list[Cell]:
    """Each student's baseline on its first seed, to be run again with nothing changed.

    The baseline is that of the primary comparison, else the first method that trains. UserError
    where nothing trains.
    """
    trained = [m.label for m in experiment.methods if load_method(m.name).rows is not None]
    if not trained:
        raise UserError("--noise-floor runs a trained cell again, and no method here trains")
    primary = experiment.primary
    method = primary.baseline if primary and primary.baseline in trained else trained[0]
    return [Cell(s.name, method, experiment.seeds[0], repeat=True) for s in experiment.students]


def starts_from(experiment: Experiment, cell: Cell) -> Cell | None:
    """The cell of the same seed whose student a cell's training starts from; None: the base."""
    names = {spec.label: spec.name for spec in experiment.methods}
    if cell.seed is None or (first := load_method(names[cell.method]).starts_from) is None:
        return None
    label = next(label for label, name in names.items() if name == first)
    return Cell(cell.student, label, cell.seed)


def in_phases(experiment: Experiment, todo: Sequence[Cell]) -> list[list[Cell]]:
    """Cells in groups, each of which starts from nothing but cells of groups before it."""
    phases: dict[int, list[Cell]] = {}
    for cell in todo:
        earlier = cell
        depth = 0
        while (start := starts_from(experiment, earlier)) is not None:
            earlier, depth = start, depth + 1
        phases.setdefault(depth, []).append(cell)
    return [phases[depth] for depth in sorted(phases)]


def steps(experiment: Experiment, cell: Cell) -> list[StepName]:
    """The steps of a cell, in order."""
    stored = cell.student in [stored.name for stored in experiment.stored]
    sample: list[StepName] = ["sample"] if experiment.sampling and not stored else []
    probe: list[StepName] = ["probe"] if experiment.probing and not stored else []
    if cell.seed is None:
        return ["evaluate", *sample, *probe]
    select: list[StepName] = ["select"] if experiment.select != "last_epoch" else []
    return ["train", *select, "evaluate", *sample, *probe]

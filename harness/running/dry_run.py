"""What an experiment would take, before anything is loaded: cells, tokens, FLOPs, memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from harness.running.asked_suites import evaluation_suite, task_metadata
from harness.running.cells import cells, steps
from harness.running.experiment import Experiment
from harness.running.overlap import find_overlap
from harness.running.rationale_limits import rationale_limit, told
from harness.running.training_data import told as data_told
from harness.running.training_data import training_data
from harness.running.training_plan import Measures, TrainingPlan, measures, training_plan
from reports.rendering.tables import Entry, Table
from reports.rendering.terminal import plain, print_table
from tasks.errors import UserError
from tasks.records.record import CoTRecord

COLUMNS = ("method", "records", "steps", "tokens", "targets", "FLOPs", "memory")
UNTRAINED = ("0", "0", "0", "0", "0", "-")


def print_plan(experiment: Experiment, data_dir: Path | None, console: Console) -> float:
    """Print the cells of an experiment and what each method's training would take.

    Returns the FLOPs of all training runs together.
    """
    flops = 0.0
    data = training_data(experiment, data_dir)
    todo = cells(experiment)
    kinds = [step for cell in todo for step in steps(experiment, cell)]
    console.print(
        f"[bold]{plain(experiment.name)}[/]: {len(todo)} cells, {kinds.count('train')} to train, "
        f"{kinds.count('evaluate')} to evaluate on "
        f"{plain(', '.join(s.name for s in experiment.suites))}"
    )
    for line in data_told(data):
        console.print(line)
    for spec in experiment.students:
        student = measures(spec)
        console.print(
            f"student {plain(student.name)}: {student.shape.parameters / 1e6:,.0f}M parameters; "
            f"tokens {student.counted}"
        )
        if student.layout:
            console.print(f"student {plain(spec.name)}: {plain(student.layout)}", highlight=False)
        if experiment.decoding.is_auto:
            console.print(told(rationale_limit(data.train, student.count)))
        plans = _plans(experiment, data.train, student)
        print_table(_table(plans), console)
        flops += len(experiment.seeds) * sum(plan.flops for plan in plans.values() if plan)
    trained = sum(cell.seed is not None for cell in todo)
    console.print(
        f"training runs: {trained}, {flops:.2e} FLOPs in all. FLOPs and memory follow from the "
        "student's shape alone (formulas in trainers/model_shape.py) and leave out what frameworks "
        "add."
    )
    _print_overlap(experiment, data_dir, data.train, console)
    return flops


def _print_overlap(
    experiment: Experiment, data_dir: Path | None, trained: list[CoTRecord], console: Console
) -> None:
    """Print what the suites share with the training records, and what the run makes of it."""
    suites = [evaluation_suite(spec) for spec in experiment.suites]
    try:
        shared = find_overlap(trained, suites, task_metadata(experiment, data_dir))
    except UserError as error:
        console.print(f"overlap: not looked for ({plain(str(error))})", highlight=False)
        return
    for found in shared:
        refused = "; a run refuses this without --allow-overlap" if found.refused else ""
        console.print(f"overlap: {plain(str(found))}{refused}", highlight=False)
    if not shared:
        console.print("overlap: no suite asks a question of the training records")


def _plans(
    experiment: Experiment, records: list[CoTRecord], student: Measures
) -> dict[str, TrainingPlan | None]:
    """What one training run of each method takes, by its label; None where nothing is trained."""
    methods = {spec.label: spec.method for spec in experiment.methods}
    return {
        label: None if method.rows is None else training_plan(experiment, method, records, student)
        for label, method in methods.items()
    }


def _table(plans: Mapping[str, TrainingPlan | None]) -> Table:
    rows = tuple(
        tuple(map(Entry, (label, *(_figures(plan) if plan else UNTRAINED))))
        for label, plan in plans.items()
    )
    return Table("one training run of each method", COLUMNS, rows, numeric_from=1)


def _figures(plan: TrainingPlan) -> tuple[str, ...]:
    return (
        f"{plan.records:,}",
        f"{plan.steps:,}",
        f"{plan.tokens:,}",
        f"{plan.target_tokens:,}",
        f"{plan.flops:.2e}",
        f"{plan.memory_bytes / 2**30:.1f} GiB",
    )

"""The steps by name."""

from __future__ import annotations

from collections.abc import Callable

from harness.running.context import Context
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents
from harness.running.steps.evaluate import evaluate_cell
from harness.running.steps.probe import probe_cell
from harness.running.steps.sample import sample_cell
from harness.running.steps.select import select_checkpoint
from harness.running.steps.train import train_cell
from tasks.progress import Progress

STEPS: dict[StepName, Callable[[Context, Cell, CellStudents, Progress], None]] = {
    "train": train_cell,
    "select": select_checkpoint,
    "evaluate": evaluate_cell,
    "sample": sample_cell,
    "probe": probe_cell,
}

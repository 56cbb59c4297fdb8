"""What a run of many cells costs beside its cells: starting, scanning, reporting.

    PYTHONPATH=tests python -m tools.scale 100 1000 [10000] [--items 40]

For each number of cells a run directory of as many is written with drawn outcomes (four students by
five methods, the rest seeds), as evaluation would leave it, and every part is timed in a process of
its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from synthetic_run import SyntheticSystem, write_run

from harness.running.cells import cells, steps
from harness.running.done import done_steps
from harness.running.experiment import Experiment
from harness.running.experiment_file import load_experiment
from harness.running.progress_board import ProgressBoard
from harness.running.run_directory import RunDirectory
from reports.logs.run_data import load_run
from reports.run_report.build import build_report
from reports.run_report.write import write_files

METHODS = ("std_cot", "cascod", "mt_cot", "answer_sft", "weighted_std_cot")
STUDENTS = 4


def main() -> int:
    """Time every number of cells that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", type=int, nargs="+")
    parser.add_argument("--items", type=int, default=40, help="of each of six tasks (default: 40)")
    args = parser.parse_args()
    for count in args.cells:
        with tempfile.TemporaryDirectory() as temporary:
            report_scale(Path(temporary) / "run", count, args.items)
    return 0


def report_scale(run: Path, count: int, items: int) -> None:
    """Print seconds and memory of every part for a run of about so many cells."""
    seeds = range(-(-count // (STUDENTS * len(METHODS))))
    systems = [
        SyntheticSystem(method, list(seeds), {"ind": 0.8, "ood": 0.5}, student=f"student{number}")
        for number in range(STUDENTS)
        for method in METHODS
    ]
    write_run(run, systems, items_per_task=items)
    for cell in run.glob("cells/*/*/*"):
        (cell / "training.json").write_text("{}")
        (cell / "checkpoint").mkdir()
    experiment = experiment_of(run, seeds)
    found = len(cells(experiment))
    print(f"{found:,} cells, {sum(1 for _ in run.rglob('*')):,} files and folders")
    parts: dict[str, Callable[[], object]] = {
        "list the cells": partial(list_cells, experiment),
        "scan for done steps": partial(scan, run, experiment),
        "show all steps as done": partial(show, experiment),
        "read the samples": partial(load_run, run),
        "report": partial(report, run),
    }
    for name, part in parts.items():
        seconds, mebibytes = apart(part)
        print(f"  {name}: {seconds:.1f} s, {mebibytes:,.0f} MiB", flush=True)


def experiment_of(run: Path, seeds: range) -> Experiment:
    """The experiment that such a run directory could be of."""
    content = {
        "name": "scale",
        "students": [{"name": f"student{n}", "source": "tiny"} for n in range(STUDENTS)],
        "methods": list(METHODS),
        "seeds": list(seeds),
        "data": {"source": "embedded", "per_family": 2},
        "suites": ["embedded"],
    }
    file = run.parent / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return load_experiment(str(file))


def list_cells(experiment: Experiment) -> None:
    """All cells with their steps."""
    for cell in cells(experiment):
        steps(experiment, cell)


def scan(run: Path, experiment: Experiment) -> None:
    """What a start looks at of every cell."""
    directory = RunDirectory(run)
    for cell in cells(experiment):
        done_steps(experiment, cell, directory.cell(cell))


def show(experiment: Experiment) -> None:
    """Every step begun, halfway and done, on the progress board."""
    todo = [(cell.name, step) for cell in cells(experiment) for step in steps(experiment, cell)]
    board = ProgressBoard(todo, jobs=100, console=Console(file=sys.stderr, quiet=True))
    with board:
        for cell, step in todo:
            for done in (0, 1, 2):
                board.report(cell, step, done, 2)


def report(run: Path) -> None:
    """The whole report with its files."""
    write_files(build_report(run), run / "report")


def apart(part: Callable[[], object]) -> tuple[float, float]:
    """Seconds and peak MiB of a part in a process of its own."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    process = context.Process(target=_measure, args=(part, answers))
    process.start()
    answer: tuple[float, float] = answers.get()
    process.join()
    return answer


def _measure(part: Callable[[], object], answers: Any) -> None:
    started = time.monotonic()
    part()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers.put((time.monotonic() - started, peak))


if __name__ == "__main__":
    sys.exit(main())

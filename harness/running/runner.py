"""Run the cells of an experiment, several at a time, and resume where an earlier run stopped."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from functools import partial
from multiprocessing.managers import SyncManager
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.running.cell_steps import Context, cells, noise_floor_cells, run_cell, steps
from harness.running.experiment import Experiment
from harness.running.progress_board import ProgressBoard, StepListener, clock
from harness.running.run_directory import Cell, RunDirectory
from reports.logs.plan import register
from tasks.files import write_json
from tasks.records.record import write_records


def run_experiment(
    experiment: Experiment,
    root: Path,
    *,
    data_dir: Path | None,
    console: Console,
    noise_floor: bool = False,
) -> RunDirectory:
    """Run everything of the experiment that `root` does not hold yet, except the report.

    With `noise_floor` one cell of each student is run a second time.
    """
    from harness.quiet import quiet_libraries

    run = RunDirectory(root)
    extra = noise_floor_cells(experiment) if noise_floor else []
    with run.locked():
        run.claim(experiment)
        with quiet_libraries():
            context = _prepare(run, experiment, data_dir, console)
        register(run.root, experiment.model_dump(mode="json", exclude_none=True))
        todo = cells(experiment) + extra
        jobs = min(experiment.jobs, len(todo))
        board = ProgressBoard(
            [(cell.name, step) for cell in todo for step in steps(experiment, cell)],
            jobs=jobs,
            console=console,
        )
        started = time.monotonic()
        with board:
            if jobs == 1:
                _set_threads(1)
                for cell in todo:
                    run_cell(context, cell, _reporter(board.report, cell))
            else:
                _run_in_pool(context, todo, jobs, board)
        console.print(f"all {len(todo)} cells done in {clock(time.monotonic() - started)}")
    return run


def _prepare(
    run: RunDirectory, experiment: Experiment, data_dir: Path | None, console: Console
) -> Context:
    """Write the training data, build or find the students, and note where everything comes from."""
    from harness.evaluation.fingerprint import weights_fingerprint
    from harness.running.provenance import provenance
    from harness.running.training_data import training_data
    from trainers.students.sources import resolve_student, student_note

    data = training_data(experiment, data_dir)
    write_records(run.train_file, data.train)
    write_records(run.dev_file, data.dev)
    console.print(f"training data: {len(data.train)} records, {len(data.dev)} dev records")
    locations = {}
    for student in experiment.students:
        started = time.monotonic()
        locations[student.name] = resolve_student(
            student.source, partial(_report_pretraining, console, student.name)
        )
        console.print(f"student {student.name}: ready after {clock(time.monotonic() - started)}")
    if not run.provenance_file.exists():
        write_json(
            run.provenance_file,
            provenance(
                data={
                    "train_records": len(data.train),
                    "dev_records": len(data.dev),
                    "train_fingerprint": data.fingerprint,
                },
                students={
                    s.name: {
                        "source": s.source,
                        "note": student_note(s.source),
                        "weights_fingerprint": weights_fingerprint(Path(locations[s.name]))
                        if Path(locations[s.name]).is_dir()
                        else None,
                    }
                    for s in experiment.students
                },
            ),
        )
    return Context(run, experiment, data_dir, data.fingerprint, locations)


def _run_in_pool(context: Context, todo: Sequence[Cell], jobs: int, board: ProgressBoard) -> None:
    """Run cells in worker processes; the first failure stops the others at their next cell."""
    # Spawned, not forked: torch's thread pools do not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    manager = SyncManager(ctx=spawn)
    manager.start(_leave_with_parent)
    with (
        manager,
        ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_worker, initargs=(jobs,)) as pool,
    ):
        messages = manager.Queue()
        futures = [pool.submit(_work, context, cell, messages) for cell in todo]
        try:
            while pending := [future for future in futures if not future.done()]:
                for message in _drain(messages):
                    board.report(*message)
                wait(pending, timeout=0.2)
                _raise_failure(futures)
            for message in _drain(messages):
                board.report(*message)
            _raise_failure(futures)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _raise_failure(futures: Sequence[Future[None]]) -> None:
    for future in futures:
        if future.done() and not future.cancelled() and (error := future.exception()):
            raise error


def _work(context: Context, cell: Cell, messages: Any) -> None:
    run_cell(context, cell, _reporter(lambda *message: messages.put(message), cell))


def _reporter(report: StepListener, cell: Cell) -> Any:
    return lambda step, done, total: report(cell.name, step, done, total)


def _drain(messages: Any) -> Iterator[Any]:
    with contextlib.suppress(queue.Empty):
        while True:
            yield messages.get_nowait()


def _worker(jobs: int) -> None:
    _set_threads(jobs)
    _leave_with_parent()


def _leave_with_parent() -> None:
    """End this process soon after its parent: one that went on would write where nobody listens."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _set_threads(jobs: int) -> None:
    """Share the cores among the workers, and keep libraries' own progress off the screen."""
    import torch
    import transformers

    torch.set_num_threads(max((os.cpu_count() or 1) // jobs, 1))
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {student}: pre-training step {done} of {total}")

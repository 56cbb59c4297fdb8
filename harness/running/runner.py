"""Run the cells of an experiment, several at a time, and resume where an earlier run stopped."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from functools import partial
from multiprocessing.managers import SyncManager
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.running.cells import cells, noise_floor_cells, steps
from harness.running.context import Context
from harness.running.experiment import Experiment
from harness.running.prepare import prepare
from harness.running.progress_board import ProgressBoard, StepListener, clock
from harness.running.run_directory import Cell, RunDirectory
from reports.logs.failed_cells import FailedCell
from reports.logs.plan import register
from reports.logs.run_files import FAILED


def run_experiment(
    experiment: Experiment,
    root: Path,
    *,
    data_dir: Path | None,
    console: Console,
    noise_floor: bool = False,
    allow_overlap: bool = False,
) -> RunDirectory:
    """Run everything of the experiment that `root` does not hold yet, except the report.

    With `noise_floor` one cell of each student is run a second time.
    """
    from harness.quiet import quiet_libraries

    run = RunDirectory(root)
    extra = noise_floor_cells(experiment) if noise_floor else []
    with run.locked():
        run.claim(experiment)
        todo = cells(experiment) + extra
        with quiet_libraries():
            context = prepare(run, experiment, data_dir, console, todo, allow_overlap=allow_overlap)
        content = experiment.model_dump(mode="json", exclude_none=True)
        register(run.root, content, context.evidence)
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
                failed = sum(
                    _noted(_work(context, cell, board.report), context, cell, board)
                    for cell in todo
                )
            else:
                failed = _run_in_pool(context, todo, jobs, board)
        took = clock(time.monotonic() - started)
        if failed:
            console.print(
                f"[red]{len(todo) - failed} of {len(todo)} cells done in {took}; "
                f"the training of {failed} diverged[/red]"
            )
        else:
            console.print(f"all {len(todo)} cells done in {took}")
    return run


def _noted(failed: FailedCell | None, context: Context, cell: Cell, board: ProgressBoard) -> bool:
    """Whether a cell failed; if so it is said, and what to delete to try it again."""
    if failed:
        board.failed(
            cell.name,
            f"training diverged at step {failed.step} ({failed.reason}); the others go on. "
            f"Delete {context.folder(cell) / FAILED} to try it again",
        )
    return failed is not None


def _run_in_pool(context: Context, todo: Sequence[Cell], jobs: int, board: ProgressBoard) -> int:
    """Run cells in worker processes; the first error stops the others at their next cell.

    Returns how many failed, which is no error.
    """
    failed = 0
    # Spawned, not forked: torch's thread pools do not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    manager = SyncManager(ctx=spawn)
    manager.start(_leave_with_parent)
    with (
        manager,
        ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_worker, initargs=(jobs,)) as pool,
    ):
        messages = manager.Queue()
        running = {pool.submit(_work_in_pool, context, cell, messages): cell for cell in todo}
        try:
            while running:
                wait(running, timeout=0.2)
                finished = [future for future in running if future.done()]
                for message in _drain(messages):
                    board.report(*message)
                for future in finished:
                    failed += _noted(future.result(), context, running.pop(future), board)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return failed


def _work_in_pool(context: Context, cell: Cell, messages: Any) -> FailedCell | None:
    return _work(context, cell, lambda *message: messages.put(message))


def _work(context: Context, cell: Cell, report: StepListener) -> FailedCell | None:
    # It loads torch and lm-eval, which a process that only waits for its workers can do without.
    from harness.running.cell_steps import run_cell

    return run_cell(context, cell, partial(report, cell.name))


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

"""Where the cells of a run are worked on: on this machine or on a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from harness.running.cell_memory import cell_bytes
from harness.running.context import Context
from harness.running.experiment import Experiment
from harness.running.run_directory import RunDirectory
from harness.running.workers.crew import crew_of
from harness.running.workers.in_process import run_in_process
from harness.running.workers.machine import refuse_missing_devices, this_machine
from harness.running.workers.pool import run_in_pool
from harness.running.workers.share import Share
from harness.running.workforce import Hire, Workforce
from tasks.errors import UserError


@contextmanager
def workplace(experiment: Experiment, run: RunDirectory, ray_address: str | None) -> Iterator[Hire]:
    """Find the workers' place and see, before anything is prepared, that it is fit for the run.

    UserError where there are fewer devices than a student is to have, Ray is not installed, its
    cluster cannot be reached, or a node is not fit.
    """
    if experiment.workers == "local":
        machine = this_machine()
        refuse_missing_devices(
            experiment.training.devices,
            gpus=len(machine.gpus),
            cores=machine.cores,
            where="this machine",
        )
        yield _hire_here
        return
    try:
        from harness.running.ray_workplace import ray_workplace
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise UserError(
            "workers: ray is not installed; `pip install '.[train,ray]'` in the checkout, on every "
            "node"
        ) from None
    with ray_workplace(run, ray_address) as hire:
        yield hire


def _hire_here(context: Context, cells: int) -> Workforce:
    experiment, machine = context.experiment, this_machine()
    crew = crew_of(
        machine,
        jobs=experiment.jobs,
        cells=cells,
        threads=experiment.threads,
        cell_bytes=partial(cell_bytes, context),
        devices=experiment.training.devices,
    )
    if len(crew.shares) == 1 and len(machine.gpus) < 2:
        # Nothing to choose: what this process has is what the worker gets.
        here = Share(crew.shares[0].threads)
        return Workforce(partial(run_in_process, here), 1, crew.why)
    return Workforce(partial(run_in_pool, crew.shares), len(crew.shares), crew.why)

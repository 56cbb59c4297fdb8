"""A Ray cluster as the place where the cells of a run are worked on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from harness.running.cell_memory import cell_bytes
from harness.running.context import Context
from harness.running.run_directory import RunDirectory
from harness.running.workers.machine import refuse_missing_devices
from harness.running.workers.needs import Needs
from harness.running.workers.ray_connection import connected
from harness.running.workers.ray_nodes import (
    PROBE_FOLDER,
    Expected,
    Node,
    expect,
    nodes,
    refuse_unlike_nodes,
    refuse_unseen,
)
from harness.running.workers.ray_tasks import run_on_ray
from harness.running.workers.share import Share
from harness.running.workforce import Hire, Workforce
from tasks.errors import UserError


@contextmanager
def ray_workplace(run: RunDirectory, address: str | None) -> Iterator[Hire]:
    """Connect to the cluster and probe every node: see `workplace`."""
    with connected(address):
        expected = expect(run.root)
        try:
            refuse_unlike_nodes(expected, nodes())
            yield partial(_hire, expected)
        finally:
            shutil.rmtree(run.root / PROBE_FOLDER, ignore_errors=True)


def _hire(expected: Expected, context: Context, cells: int) -> Workforce:
    """Workers on all nodes; UserError where none has room for a cell, or one lacks its files."""
    up = nodes()
    refuse_unseen(_files(context), up)
    needs = _needs(context, cells, up)
    slots = sum(node.slots(needs) for node in up)
    each = f"threads {needs.threads}, GPUs {needs.gpus}, {needs.memory / 2**30:.1f} GiB of memory"
    if not slots:
        raise UserError(
            f"workers: none of the {len(up)} nodes has room for a cell ({each}); start "
            "larger nodes, or give `threads` or a smaller training.micro_batch_size"
        )
    jobs = min(slots, cells)
    why = f"workers: {jobs} (Ray, nodes up: {len(up)}), each with: {each}"
    enter = partial(_enter, expected, Share(needs.threads))
    return Workforce(partial(run_on_ray, needs, enter), jobs, why)


def _enter(expected: Expected, share: Share) -> None:
    expected.enter()
    share.take()


def _needs(context: Context, cells: int, up: Sequence[Node]) -> Needs:
    """A GPU for each device where any node has one, and the processors shared among cells or GPUs.

    UserError where no node has enough of them.
    """
    memory, devices = cell_bytes(context), context.experiment.training.devices
    refuse_missing_devices(
        devices,
        gpus=max(node.gpus for node in up),
        cores=max(node.cpus for node in up),
        where="the largest node",
    )
    if any(node.gpus for node in up):
        with_gpus = [node for node in up if node.gpus >= devices]
        threads = min(node.cpus * devices // node.gpus for node in with_gpus)
        return Needs(context.experiment.threads or max(threads, 1), devices, memory)
    share = sum(node.cpus for node in up) // cells
    threads = max(min(share, *(node.cpus for node in up)), devices)
    return Needs(context.experiment.threads or threads, 0, memory)


def _files(context: Context) -> list[Path]:
    """What cells read beside the run directory: students, benchmark data, suites of one's own."""
    students = [Path(location) for location in context.locations.values()]
    data = [context.data_dir] if context.data_dir else []
    suites = [spec.file for spec in context.experiment.suites if spec.file]
    # A student that is no directory is an id of the hub, which every node asks for itself.
    return [path.resolve() for path in (*(s for s in students if s.is_dir()), *data, *suites)]

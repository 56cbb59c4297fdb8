"""What a Ray cluster does to a run: a node killed in the middle, and how well slots are used.

    python -m tools.ray_cluster killed [--seeds 6]   # 2 methods x 6 seeds = 12 cells
    python -m tools.ray_cluster sleeping [--cells 200] [--slots 32]

Both start three nodes on this machine. `killed` runs an experiment here, then on the cluster, kills
a node while it works, and holds what comes out against the local run, byte for byte; a step that
was finished before may not be done again. `sleeping` has cells that only sleep scheduled by the
same code as students; its efficiency is the time of the best schedule over the time taken. Exit
status 1 where something differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from ray.cluster_utils import Cluster

from harness.cli import main as cascod
from harness.running.cells import DONE
from harness.running.progress_board import clock
from harness.running.run_directory import Cell
from harness.running.workers.needs import Needs
from harness.running.workers.ray_connection import connected
from harness.running.workers.ray_tasks import run_on_ray
from harness.running.workers.work import StepReport
from reports.logs.failed_cells import FailedCell
from tasks.files import jsonl_objects
from tools.kill_resume import contents, write_experiment


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="command")
    killed = commands.add_parser("killed")
    killed.add_argument("--seeds", type=int, default=6, help="of each of two methods (default: 6)")
    sleeping = commands.add_parser("sleeping")
    sleeping.add_argument("--cells", type=int, default=200, help="of one second (default: 200)")
    sleeping.add_argument("--slots", type=int, default=32, help="on three nodes (default: 32)")
    args = parser.parse_args()
    if args.command == "sleeping":
        print(*sleep_on_ray(args.cells, args.slots), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return kill_a_node(Path(temporary), args.seeds)


@contextmanager
def cluster_of(*cpus: int) -> Iterator[Cluster]:
    """A cluster of nodes on this machine, with so many processors each in Ray's accounts."""
    small: dict[str, Any] = {"object_store_memory": 80 * 2**20, "memory": 64 * 2**30}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": cpus[0], **small})
    try:
        for each in cpus[1:]:
            cluster.add_node(num_cpus=each, **small)
        yield cluster
    finally:
        cluster.shutdown()


def kill_a_node(folder: Path, seeds: int) -> int:
    """1 where a run on a cluster that loses a node comes out otherwise than a local one, else 0."""
    file = write_experiment(folder)
    experiment = yaml.safe_load(file.read_text()) | {"seeds": list(range(seeds)), "threads": 1}
    file.write_text(yaml.safe_dump(experiment))
    here, there = folder / "here", folder / "there"
    assert cascod(["run", str(file), "--out", str(here)]) == 0
    with cluster_of(1, 1, 1) as cluster:
        kill = NodeKill(cluster, there)
        assert cascod(["run", str(file), "--out", str(there), "--ray", cluster.address]) == 0
        kill.thread.join()
    expected, found = contents(here), contents(there)
    unlike = sorted(k for k in expected | found if expected.get(k) != found.get(k))
    again = [*kill.done_again(), *decoded_twice(there)]
    print(
        f"a node killed after {clock(kill.after)} with {len(kill.done)} steps done: "
        f"{len(found)} files compared, {len(unlike)} differ, {len(again)} steps repeated"
    )
    print(*unlike, *again, sep="\n")
    return int(bool(unlike or again))


class NodeKill:
    """Kills the last node of a cluster as soon as several steps of a run are done and others go
    on.
    """

    def __init__(self, cluster: Cluster, run: Path, steps: int = 3) -> None:
        self.done: dict[Path, int] = {}
        self.after = 0.0
        self._cluster, self._run, self._steps = cluster, run, steps
        self.thread = threading.Thread(target=self._kill, daemon=True)
        self.thread.start()

    def _kill(self) -> None:
        started = time.monotonic()
        while len(self.done) < self._steps:
            time.sleep(0.1)
            self.done = {file: file.stat().st_mtime_ns for file in self._finished()}
        self._cluster.remove_node(self._cluster.list_all_nodes()[-1], allow_graceful=False)
        self.after = time.monotonic() - started

    def _finished(self) -> list[Path]:
        return [file for name in DONE.values() for file in self._run.glob(f"cells/*/*/*/{name}")]

    def done_again(self) -> list[str]:
        """The steps that were finished when the node was killed, and have been done since."""
        return [
            f"{file} was written again"
            for file, when in self.done.items()
            if file.stat().st_mtime_ns != when
        ]


def decoded_twice(run: Path) -> list[str]:
    """The cells that decoded a block of requests a second time."""
    twice = []
    for file in run.glob("cells/*/*/*/responses.jsonl"):
        keys = Counter(row["key"] for _, row in jsonl_objects(file))
        twice += [f"{file}: a block decoded twice"] if max(keys.values()) > 1 else []
    return twice


def sleep_on_ray(cells: int, slots: int) -> Iterator[str]:
    """What came of sleeping cells, once with worker processes to be started and once with them."""
    third = slots // 3
    todo = [Cell("sleeper", "sleep", seed) for seed in range(cells)]
    best = -(-cells // slots)
    with cluster_of(third, third, slots - 2 * third) as cluster, connected(cluster.address):
        for workers in ("workers started on the way", "workers there"):
            heard = Heard()
            started = time.monotonic()
            run_on_ray(Needs(threads=1), enter, sleep, todo, heard)
            took = time.monotonic() - started
            assert set(heard.ended) == set(range(cells))
            yield (
                f"{cells} cells of 1 s on {slots} slots, {workers}: {took:.2f} s; "
                f"at best {best} s, efficiency {best / took:.3f}"
            )


def enter() -> None:
    """Nothing to make ready where nothing is read."""


def sleep(cell: Cell, report: StepReport) -> FailedCell | None:
    """The work of a cell that only takes time."""
    report("train", 0, 1)
    time.sleep(1)
    report("train", 1, 1)
    return None


class Heard:
    """Keeps which cells ended."""

    def __init__(self) -> None:
        self.ended: list[int | None] = []

    def report(self, *_: object) -> None:
        """Sleepers have nothing to tell."""

    def finished(self, cell: Cell, failed: FailedCell | None) -> None:
        """A cell ended."""
        self.ended.append(cell.seed)

    def moved(self, cell: Cell, why: str) -> None:
        """A cell lost its worker."""


if __name__ == "__main__":
    sys.exit(main())

"""The nodes of a Ray cluster: what they have, what is installed, whether they see the run."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from harness.running.provenance import installed_packages
from harness.running.workers.needs import Needs
from tasks.errors import UserError

PROBE_FOLDER = ".probe"
# As long as a node may take to start a process and look.
SECONDS_TO_ANSWER = 120.0


@dataclass(frozen=True, slots=True)
class Node:
    """One node that is up, and what Ray may give away of it."""

    id: str
    name: str
    cpus: int
    gpus: int
    memory: int

    def slots(self, needs: Needs) -> int:
        """How many cells fit on it."""
        fits = [self.cpus // needs.threads, self.memory // needs.memory]
        return min([*fits, self.gpus // needs.gpus] if needs.gpus else fits)


@dataclass(frozen=True, slots=True)
class Expected:
    """What every node must find as the driver left it."""

    root: Path
    token: str
    folder: Path
    installed: dict[str, str]

    def enter(self) -> None:
        """Make a worker's process ready; UserError where its node is not what was expected."""
        if fault := self.fault():
            raise UserError(f"node {ray.util.get_node_ip_address()}: {fault}")
        os.chdir(self.folder)

    def fault(self) -> str:
        """What is otherwise on the node where this is called, "" where nothing is."""
        for name in self.installed | installed():
            here, wanted = installed().get(name), self.installed.get(name)
            if here != wanted:
                return (
                    f"has {name} {here or '(none)'}, and this machine {wanted or '(none)'}; "
                    "install the same on every node"
                )
        try:
            found = (self.root / PROBE_FOLDER / "driver").read_text()
        except OSError:
            found = ""
        if found != self.token:
            return (
                f"does not see the run directory {self.root}; give one on storage that all nodes "
                "share with --out"
            )
        if not self.folder.is_dir():
            return (
                f"has no directory {self.folder}; start the command in a directory that every "
                "node has"
            )
        return ""


def nodes() -> list[Node]:
    """All nodes that are up and have a processor to give."""
    return [
        Node(
            node["NodeID"],
            node["NodeName"],
            int(node["Resources"].get("CPU", 0)),
            int(node["Resources"].get("GPU", 0)),
            int(node["Resources"].get("memory", 0)),
        )
        for node in ray.nodes()
        if node["Alive"] and node["Resources"].get("CPU", 0) >= 1
    ]


def expect(root: Path) -> Expected:
    """Leave a sign in the run directory by which a node can tell that it is the same one."""
    token = uuid4().hex
    root = root.resolve()
    folder = root / PROBE_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "driver").write_text(token)
    return Expected(root, token, Path.cwd(), installed())


def refuse_unlike_nodes(expected: Expected, among: Sequence[Node]) -> None:
    """UserError for the first node where something is otherwise than the driver left it.

    Each node reads the driver's sign and writes one of its own, which the driver must see.
    """
    asked = {node: _ask(node, _probe, expected, node.id) for node in among}
    for node, answer in asked.items():
        try:
            fault = ray.get(answer, timeout=SECONDS_TO_ANSWER)
        except ray.exceptions.RayTaskError as error:
            fault = f"cannot run this program ({type(error.cause).__name__}: {error.cause})"
        except ray.exceptions.RayError as error:
            fault = f"does not answer ({type(error).__name__})"
        sign = expected.root / PROBE_FOLDER / node.id
        if not fault and not (sign.exists() and sign.read_text() == expected.token):
            fault = f"writes into another directory than this machine's {expected.root}"
        if fault:
            raise UserError(f"node {node.name}: {fault}")


def refuse_unseen(paths: Sequence[Path], among: Sequence[Node]) -> None:
    """UserError for the first path that a node does not see, though the driver does."""
    asked = {node: _ask(node, _unseen, list(paths)) for node in among}
    for node, answer in asked.items():
        if unseen := ray.get(answer, timeout=SECONDS_TO_ANSWER):
            raise UserError(
                f"node {node.name}: does not see {unseen[0]}; put it on storage that all nodes "
                "share (built students lie in CASCOD_CACHE)"
            )


@cache
def installed() -> dict[str, str]:
    """What decides here how results come out: Python, packages, and a hash of our own source."""
    house = Path(__file__).resolve().parents[3]
    source = hashlib.sha256()
    for package in ("tasks", "reports", "trainers", "harness"):
        for file in sorted((house / package).rglob("*")):
            if file.suffix in (".py", ".yaml"):
                source.update(f"{file.relative_to(house)}\0".encode() + file.read_bytes())
    return {
        "python": sys.version.split()[0],
        **installed_packages(),
        "cascod-bench's source": source.hexdigest()[:12],
    }


def _ask(node: Node, question: Callable[..., Any], *arguments: Any) -> Any:
    """The coming answer of one node."""
    pinned = ray.remote(question).options(
        num_cpus=0,
        max_retries=0,
        scheduling_strategy=NodeAffinitySchedulingStrategy(node.id, soft=False),
    )
    return pinned.remote(*arguments)


def _probe(expected: Expected, node: str) -> str:
    if fault := expected.fault():
        return fault
    try:
        (expected.root / PROBE_FOLDER / node).write_text(expected.token)
    except OSError as error:
        return f"cannot write into the run directory {expected.root} ({error.strerror})"
    return ""


def _unseen(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if not path.exists()]

"""How many workers a run gets on this machine, what each may use, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.running.workers.machine import THREADS_VARIABLE, Machine
from harness.running.workers.share import Share


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers' shares, and a line that says how they came about."""

    shares: tuple[Share, ...]
    why: str


def crew_of(
    machine: Machine,
    *,
    jobs: int | Literal["auto"],
    cells: int,
    threads: int | None,
    cell_bytes: Callable[[], int],
    devices: int = 1,
) -> Crew:
    """The workers for so many cells, each of which takes about `cell_bytes()` of memory.

    A cell trains on `devices` GPUs or, without GPUs, in as many processes. Where there are GPUs,
    `auto` takes one worker for so many of them, and any other number is spread over them. Without
    GPUs `auto` takes as many as cores and memory allow, one at least. Cores are shared out as
    threads where `threads` does not say how many, up to the machine's limit.
    """
    groups = _groups(machine.gpus, devices)
    if jobs != "auto":
        wanted, why = jobs, f"jobs: {jobs}"
    elif groups:
        wanted, why = len(groups), f"jobs: auto, {devices} of {len(machine.gpus)} GPUs each"
    else:
        each_bytes = cell_bytes()
        fit = machine.memory // each_bytes
        wanted = max(min(machine.cores // (threads or devices), fit), 1)
        why = (
            f"jobs: auto, {machine.cores} cores, and memory for {fit} cells of "
            f"{each_bytes / 2**30:.1f} GiB"
        )
    count = min(wanted, cells)
    share = max(machine.cores // count, 1)
    most = machine.threads or share
    each = threads or min(share, most)
    limited = f" ({THREADS_VARIABLE})" if threads is None and most < share else ""
    shares = tuple(
        Share(each, groups[number % len(groups)] if groups else None) for number in range(count)
    )
    return Crew(shares, f"workers: {count} ({why}), threads each: {each}{limited}")


def _groups(gpus: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """GPUs in groups of that size; a rest too small for a group stays unused."""
    return [tuple(gpus[start : start + size]) for start in range(0, len(gpus) - size + 1, size)]

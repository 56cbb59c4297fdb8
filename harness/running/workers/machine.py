"""What there is of this machine for a run: cores, memory, GPUs."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tasks.errors import UserError

THREADS_VARIABLE = "OMP_NUM_THREADS"
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores, free memory in bytes, and GPUs by the names that CUDA_VISIBLE_DEVICES takes.

    `threads` is the most that a process shall have, where its environment says so.
    """

    cores: int
    memory: int
    gpus: tuple[str, ...] = ()
    threads: int | None = None


def this_machine() -> Machine:
    """What this process may use: a container or a batch job may have a part of the machine."""
    return Machine(_cores(), _free_memory(), _gpus(), _threads())


def refuse_missing_devices(devices: int, *, gpus: int, cores: int, where: str) -> None:
    """UserError where a student is to be trained on more devices than a place has: GPUs, or cores
    where it has none.
    """
    there, kind = (gpus, "GPU") if gpus else (cores, "core")
    if there < devices:
        raise UserError(
            f"training.devices: {devices}, and {where} has {there} {kind}{'s' * (there > 1)}; "
            "give as many or fewer"
        )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _threads() -> int | None:
    """OMP_NUM_THREADS, which may be a list: a number for each level of parallelism."""
    outermost = os.environ.get(THREADS_VARIABLE, "").split(",")[0].strip()
    return int(outermost) if outermost.isdecimal() and int(outermost) else None


def _free_memory() -> int:
    """Available bytes, those of the control group where that leaves fewer."""
    available = int(psutil.virtual_memory().available)
    # No such files outside control groups, and "max" where a group has no limit.
    with suppress(OSError, ValueError):
        limit = int((_CGROUP / "memory.max").read_text())
        return min(available, limit - int((_CGROUP / "memory.current").read_text()))
    return available


def _gpus() -> tuple[str, ...]:
    import torch

    count = torch.cuda.device_count()
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = visible.split(",") if visible else [str(number) for number in range(count)]
    return tuple(name.strip() for name in names[:count])

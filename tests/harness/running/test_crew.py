"""How many workers a run gets on a machine, and what each may use."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from harness.running.workers.crew import Crew, crew_of
from harness.running.workers.machine import Machine, refuse_missing_devices, this_machine
from tasks.errors import UserError

GIB = 2**30


def crew(machine: Machine, **asked: Any) -> Crew:
    asked = {"jobs": "auto", "cells": 12, "threads": None} | asked
    return crew_of(machine, cell_bytes=lambda: 2 * GIB, **asked)


def test_one_worker_a_gpu_each_pinned_to_its_own() -> None:
    found = crew(Machine(cores=16, memory=64 * GIB, gpus=("0", "1", "GPU-7f")))
    assert [share.gpus for share in found.shares] == [("0",), ("1",), ("GPU-7f",)]
    assert [share.threads for share in found.shares] == [5, 5, 5]
    assert found.why == "workers: 3 (jobs: auto, 1 of 3 GPUs each), threads each: 5"


def test_a_student_on_several_gpus_gets_as_many() -> None:
    found = crew(Machine(cores=8, memory=64 * GIB, gpus=("0", "1", "2", "3", "4")), devices=2)
    assert [share.gpus for share in found.shares] == [("0", "1"), ("2", "3")]


def test_a_number_of_workers_is_spread_over_the_gpus() -> None:
    found = crew(Machine(cores=8, memory=64 * GIB, gpus=("0", "1")), jobs=3)
    assert [share.gpus for share in found.shares] == [("0",), ("1",), ("0",)]


@pytest.mark.parametrize(
    ("machine", "asked", "workers", "threads"),
    [
        (Machine(cores=8, memory=7 * GIB), {}, 3, 2),  # memory is short
        (Machine(cores=4, memory=64 * GIB), {}, 4, 1),  # cores are
        (Machine(cores=8, memory=64 * GIB), {"threads": 4}, 2, 4),
        (Machine(cores=8, memory=64 * GIB), {"cells": 2}, 2, 4),
        (Machine(cores=8, memory=64 * GIB), {"devices": 4}, 2, 4),  # a core a process
        (Machine(cores=8, memory=1 * GIB), {}, 1, 8),  # it may still fit: an estimate forbids none
        (Machine(cores=2, memory=1 * GIB), {"jobs": 5}, 5, 1),  # asked for
        (Machine(cores=8, memory=64 * GIB, threads=2), {"jobs": 1}, 1, 2),  # the environment has
        (Machine(cores=8, memory=64 * GIB, threads=2), {"jobs": 1, "threads": 4}, 1, 4),
    ],
)
def test_without_gpus_cores_and_memory_decide(
    machine: Machine, asked: dict[str, Any], workers: int, threads: int
) -> None:
    shares = crew(machine, **asked).shares
    assert (len(shares), shares[0].threads, shares[0].gpus) == (workers, threads, None)


@pytest.mark.parametrize(("said", "threads"), [("2", 2), ("3,1", 3), ("", None), ("0", None)])
def test_the_environment_may_say_how_many_threads_a_process_has(
    said: str, threads: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert this_machine().threads == threads
    limited = crew(Machine(cores=8, memory=64 * GIB, threads=2), jobs=1)
    assert limited.why == "workers: 1 (jobs: 1), threads each: 2 (OMP_NUM_THREADS)"


def test_a_share_is_taken_before_torch_is_loaded() -> None:
    code = (
        "import sys, harness.running.workers.pool\n"
        "from harness.running.workers.share import Share\n"
        "assert 'torch' not in sys.modules\n"
        "Share(3, ('1', '2')).take()\n"
        "import os, torch; print(os.environ['CUDA_VISIBLE_DEVICES'], torch.get_num_threads())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.split() == ["1,2", "3"]


@pytest.mark.parametrize(
    ("gpus", "cores", "there"), [(2, 8, "2 GPUs"), (1, 8, "1 GPU"), (0, 3, "3 cores")]
)
def test_more_devices_than_there_are_are_refused(gpus: int, cores: int, there: str) -> None:
    with pytest.raises(UserError, match=f"^training.devices: 4, and this machine has {there}; "):
        refuse_missing_devices(4, gpus=gpus, cores=cores, where="this machine")
    refuse_missing_devices(gpus or cores, gpus=gpus, cores=cores, where="this machine")

"""How threads wait: as the user says, else by whether other programs are at work."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

import pytest

from harness.shared_cores import VARIABLES

CODE = (
    "import os; from harness.shared_cores import wait_as_cores_allow; wait_as_cores_allow(); "
    "print(os.environ.get('OMP_WAIT_POLICY'))"
)


def policy(**chosen: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=environment | chosen,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def busy_cores():
    processes = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(multiprocessing.cpu_count())
    ]
    yield
    for process in processes:
        process.kill()
        process.wait()


def test_beside_other_programs_threads_sleep_while_they_wait(busy_cores):
    assert policy() == "PASSIVE"


def test_what_the_user_chose_stays(busy_cores):
    assert policy(OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"
    assert policy(GOMP_SPINCOUNT="100") == "None"

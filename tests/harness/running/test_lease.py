"""One writer a cell: what becomes of an earlier worker that is dead, alive, or cut off."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.running import lease
from harness.running.lease import LEASE_FILE, LEASE_LOST, leased

# Holds the lease of a folder and says so, until it is ended.
HOLDER = """
import sys, time
from pathlib import Path
from harness.running.lease import leased
with leased(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lease_lasts_as_long_as_its_holder_works(tmp_path: Path) -> None:
    with leased(tmp_path / "cell"):
        assert (tmp_path / "cell" / LEASE_FILE).exists()
    assert not list((tmp_path / "cell").iterdir())


def test_that_of_a_dead_process_of_this_machine_is_taken_over_at_once(holder, tmp_path) -> None:
    holder.kill()
    holder.wait()
    started = time.monotonic()
    with leased(tmp_path):
        assert time.monotonic() - started < lease.LEASE_SECONDS / 2


def test_a_holder_that_lives_ends_itself_before_another_begins(
    holder, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 5.0)
    with leased(tmp_path):
        assert holder.poll() == LEASE_LOST
    assert "another worker took over; this process ends" in holder.communicate()[1]


def test_one_that_another_machine_left_is_waited_for(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 5.0)
    (tmp_path / LEASE_FILE).write_text("another-boot/4026531836/17 0123456789abcdef")
    started = time.monotonic()
    with leased(tmp_path):
        assert time.monotonic() - started > 5.0


def test_a_holder_that_cannot_look_any_more_ends_itself(tmp_path) -> None:
    blind = HOLDER.replace(
        "with leased",
        "from harness.running import lease\n"
        "lease.LEASE_SECONDS = 1.0\n"
        "lease._holder = lambda file: time.sleep(60) if file.exists() else ''\nwith leased",
    )
    done = subprocess.run(
        [sys.executable, "-c", blind, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == LEASE_LOST
    assert "could not be read for 1 s" in done.stderr

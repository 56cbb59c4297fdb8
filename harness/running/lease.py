"""One writer a cell, even where a worker is cut off from all others but not from the storage.

A lease is a file in the cell's folder that names who may write there. Its holder looks every second
whether it is still named, and ends its process where it is not, or where it could not look for
`LEASE_SECONDS`. Whoever takes a lease over writes its own name and, unless the earlier holder is
known to have ended, waits as long as the earlier one may take to notice. No clocks are compared.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

LEASE_FILE = ".lease"
LEASE_SECONDS = 20.0
SECONDS_BETWEEN_LOOKS = 1.0
LEASE_LOST = 75  # EX_TEMPFAIL of sysexits.h

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


@contextlib.contextmanager
def leased(folder: Path) -> Iterator[None]:
    """Hold a cell's folder for this process; returns when no earlier holder can write any more."""
    file = folder / LEASE_FILE
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _holder(file)
    name = f"{_process()} {uuid4().hex}"
    _write(file, name)
    watch = _Watch(file, name)
    try:
        if earlier and not _has_ended(earlier):
            time.sleep(LEASE_SECONDS + 4 * SECONDS_BETWEEN_LOOKS)
            watch.look()
        yield
    finally:
        watch.end()
        if _holder(file) == name:
            file.unlink()


class _Watch:
    """Ends this process as soon as it must not write any more."""

    def __init__(self, file: Path, name: str) -> None:
        self._file, self._name = file, name
        self._seen = time.monotonic()
        self._blind = False
        self._ended = threading.Event()
        # Two threads: one that looks may hang with the storage, the other has only its clock.
        for loop in (self.look, self._refuse_blindness):
            threading.Thread(target=self._repeat, args=(loop,), daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def look(self) -> None:
        asked = time.monotonic()
        with contextlib.suppress(OSError):
            if _holder(self._file) != self._name and not self._ended.is_set():
                self._leave("another worker took over")
            self._seen = asked

    def _refuse_blindness(self) -> None:
        was_blind, self._blind = self._blind, time.monotonic() - self._seen > LEASE_SECONDS
        # Twice: where the whole process stood still, the other thread must have its turn first.
        if was_blind and self._blind and not self._ended.is_set():
            self._leave(f"its lease could not be read for {LEASE_SECONDS:.0f} s")

    def _repeat(self, loop: Callable[[], None]) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            loop()

    def _leave(self, why: str) -> None:
        print(f"cascod: {self._file.parent}: {why}; this process ends", file=sys.stderr, flush=True)
        os._exit(LEASE_LOST)


def _holder(file: Path) -> str:
    """The name in a lease, "" where there is none; OSError where the storage does not answer."""
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


def _write(file: Path, name: str) -> None:
    """Whole, and by way of a file of its own: two processes may want the lease at once."""
    part = file.with_name(f"{file.name}.{uuid4().hex}")
    part.write_text(name)
    part.replace(file)


def _process() -> str:
    """This process among all of all machines: boot, process namespace, number."""
    boot = _BOOT.read_text().strip() if _BOOT.exists() else platform.node()
    namespace = _NAMESPACE.stat().st_ino if _NAMESPACE.exists() else 0
    return f"{boot}/{namespace}/{os.getpid()}"


def _has_ended(holder: str) -> bool:
    """Whether a holder is a process of this machine that is no more, or this very one."""
    process = holder.partition(" ")[0]
    place, _, number = process.rpartition("/")
    if place != _process().rpartition("/")[0]:
        return False
    return int(number) == os.getpid() or not _runs(int(number))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

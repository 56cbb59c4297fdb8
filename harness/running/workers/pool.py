"""Several cells at a time, each in a process of its own on this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing.managers import SyncManager
from typing import Any

from harness.running.run_directory import Cell
from harness.running.workers.share import Share
from harness.running.workers.work import Listener, Work
from reports.logs.failed_cells import FailedCell


def run_in_pool(
    shares: Sequence[Share], work: Work, todo: Sequence[Cell], listener: Listener
) -> None:
    """Do the work of every cell in worker processes, one a share."""
    # Spawned, not forked: torch's thread pools do not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    manager = SyncManager(ctx=spawn)
    manager.start(_leave_with_parent)
    with manager:
        messages, free = manager.Queue(), manager.Queue()
        for share in shares:
            free.put(share)
        with ProcessPoolExecutor(
            len(shares), mp_context=spawn, initializer=_begin, initargs=(free,)
        ) as pool:
            running = {pool.submit(_work, work, cell, messages): cell for cell in todo}
            try:
                while running:
                    wait(running, timeout=0.2)
                    finished = [future for future in running if future.done()]
                    for message in _drain(messages):
                        listener.report(*message)
                    for future in finished:
                        listener.finished(running.pop(future), future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in multiprocessing.active_children():
                    process.terminate()
                raise


def _begin(free: Any) -> None:
    """Start a worker: it takes a share that no other has."""
    _leave_with_parent()
    free.get().take()


def _work(work: Work, cell: Cell, messages: Any) -> FailedCell | None:
    return work(cell, lambda *message: messages.put((cell.name, *message)))


def _drain(messages: Any) -> Iterator[Any]:
    with contextlib.suppress(queue.Empty):
        while True:
            yield messages.get_nowait()


def _leave_with_parent() -> None:
    """End this process soon after its parent: one that went on would write where nobody listens."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

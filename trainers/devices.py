"""One student trained on several devices of this machine: a process each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from tasks.errors import UserError
from tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Rank:
    """One process of a group: its number, how many there are, where they meet, its threads."""

    number: int
    count: int
    meeting: str
    threads: int

    def join(self) -> None:
        """Form the group with the others; returns when all are there."""
        import torch

        # Where accelerate and transformers look.
        os.environ |= {
            "RANK": str(self.number),
            "LOCAL_RANK": str(self.number),
            "WORLD_SIZE": str(self.count),
            "LOCAL_WORLD_SIZE": str(self.count),
            "OMP_NUM_THREADS": str(self.threads),
        }
        torch.set_num_threads(self.threads)
        backend = "gloo"
        if torch.cuda.is_available():
            torch.cuda.set_device(self.number)
            backend = "cuda:nccl,cpu:gloo"
        # A file, not a port: no other program can take it in between.
        torch.distributed.init_process_group(
            backend, init_method=f"file://{self.meeting}", rank=self.number, world_size=self.count
        )


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a rank raised: an error for the user as it is, any other as its text."""

    error: UserError | str


def on_devices(
    devices: int, work: Callable[[Progress], Any], progress: Progress | None, *, threads: int
) -> Any:
    """Call `work` in `devices` processes that form a group, and return what that of rank 0 returns.

    `progress` hears what rank 0 reports. What a rank raises is raised here and ends the others, as
    does whatever ends this process: none outlives it. `threads` are shared among them.
    """
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        ranks = [
            Rank(number, devices, f"{folder}/meeting", max(threads // devices, 1))
            for number in range(devices)
        ]
        channels = [spawn.Pipe(duplex=False) for _ in ranks]
        processes = [
            spawn.Process(target=_take_part, args=(rank, work, sending), daemon=True)
            for rank, (_, sending) in zip(ranks, channels, strict=True)
        ]
        try:
            with _interrupts_ignored():
                for process, (_, sending) in zip(processes, channels, strict=True):
                    process.start()
                    sending.close()
            return _listen([receiving for receiving, _ in channels], progress)
        finally:
            for process in processes:
                if process.pid is not None:
                    process.kill()
                    process.join()


def _listen(channels: Sequence[Connection], progress: Progress | None) -> Any:
    """Take what the ranks send until all are done; the result of rank 0."""
    results: dict[int, Any] = {}
    numbers = {channel: number for number, channel in enumerate(channels)}
    while numbers:
        for channel in wait(list(numbers)):
            assert isinstance(channel, Connection)
            number = numbers[channel]
            try:
                message = channel.recv()
            except EOFError:
                raise UserError(
                    f"training.devices: the process of device {number} ended unexpectedly; look "
                    "for memory that ran out in the kernel log, then start the same command "
                    "again: it goes on from the last complete checkpoint"
                ) from None
            match message:
                case _Failure(UserError() as error):
                    raise error
                case _Failure(text):
                    raise RuntimeError(f"on device {number}:\n{text}")
                case (int(done), int(total)):
                    if progress:
                        progress(done, total)
                case [result]:
                    results[number] = result
                    del numbers[channel]
    return results[0]


def _take_part(rank: Rank, work: Callable[[Progress], Any], channel: Connection) -> None:
    """The life of one process of the group."""
    _leave_with_parent()
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()

    def report(done: int, total: int) -> None:
        if rank.number == 0:
            channel.send((done, total))

    try:
        rank.join()
        result = work(report)
        torch.distributed.destroy_process_group()
        channel.send([result if rank.number == 0 else None])
    except UserError as error:
        channel.send(_Failure(error))
    except Exception:
        channel.send(_Failure(traceback.format_exc()))


def _leave_with_parent() -> None:
    """End this process at once with its parent: what it wrote then might meet a successor's."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes started meanwhile leave Ctrl-C to this one, which ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

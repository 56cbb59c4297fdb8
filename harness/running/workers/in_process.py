"""One cell after the other, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from harness.running.run_directory import Cell
from harness.running.workers.share import Share
from harness.running.workers.work import Listener, Work


def run_in_process(share: Share, work: Work, todo: Sequence[Cell], listener: Listener) -> None:
    """Do the work of every cell here."""
    share.take()
    for cell in todo:
        listener.finished(cell, work(cell, partial(listener.report, cell.name)))

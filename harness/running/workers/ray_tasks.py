"""Cells as tasks of a Ray cluster; one whose worker is lost is given to another."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import ray
from ray.exceptions import NodeDiedError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from harness.running.workers.needs import Needs
from harness.running.workers.work import Listener, Work
from reports.logs.failed_cells import FailedCell
from tasks.errors import UserError

# A cell whose workers crash so often, on nodes that live on, is at fault itself.
MOST_CRASHES = 3
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_BETWEEN_REPORTS = 1.0

# (cell, step, done, total)
Message = tuple[str, StepName, int, int]


def run_on_ray(
    needs: Needs,
    enter: Callable[[], None],
    work: Work,
    todo: Sequence[Cell],
    listener: Listener,
) -> None:
    """Do the work of every cell on the connected cluster, as many at once as it has room for.

    `enter` makes a worker's process ready; it raises UserError where its node is not fit.
    """
    # Any: Ray's handles have their methods' `remote` from nowhere that a checker can see.
    mailbox: Any = ray.remote(_Mailbox).options(num_cpus=0, scheduling_strategy=_here()).remote()
    shared = ray.put((work, enter))
    task = ray.remote(_work)
    crashes: Counter[Cell] = Counter()

    def start(cell: Cell) -> Any:
        options = needs.options() | {"name": cell.name, "max_retries": 0}
        return task.options(**options).remote(shared, cell, mailbox)

    running = {start(cell): cell for cell in todo}
    try:
        while running:
            done, _ = ray.wait(
                list(running), num_returns=len(running), timeout=SECONDS_BETWEEN_LOOKS
            )
            for message in ray.get(mailbox.take.remote()):
                listener.report(*message)
            for result in done:
                cell = running.pop(result)
                try:
                    failed, last = ray.get(result)
                    for message in last:
                        listener.report(*message)
                    listener.finished(cell, failed)
                except RayTaskError as error:
                    raise error.cause from error
                except NodeDiedError:
                    listener.moved(cell, "its node died")
                    running[start(cell)] = cell
                except RayError as lost:
                    crashes[cell] += 1
                    if crashes[cell] == MOST_CRASHES:
                        raise UserError(_crashed_often(cell, lost)) from None
                    listener.moved(cell, f"its worker was lost ({type(lost).__name__})")
                    running[start(cell)] = cell
    except BaseException:
        for result in running:
            with suppress(Exception):
                ray.cancel(result, force=True)
        raise


class _Mailbox:
    """What workers report, until the driver takes it."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    def put(self, message: Message) -> None:
        self._messages.append(message)

    def take(self) -> list[Message]:
        taken, self._messages = self._messages, []
        return taken


def _work(
    shared: tuple[Work, Callable[[], None]], cell: Cell, mailbox: Any
) -> tuple[FailedCell | None, list[Message]]:
    """What came of a cell, and the last message of each of its steps.

    Those come with the result since those in the mailbox may arrive after it.
    """
    work, enter = shared
    enter()
    reports = _Reports(cell.name, mailbox)
    return work(cell, reports), list(reports.last.values())


class _Reports:
    """Tells how far a cell is: once a second, and whenever a step begins."""

    def __init__(self, cell: str, mailbox: Any) -> None:
        self.last: dict[StepName, Message] = {}
        self._cell, self._mailbox = cell, mailbox
        self._sent = 0.0

    def __call__(self, step: StepName, done: int, total: int) -> None:
        now, begins = time.monotonic(), step not in self.last
        self.last[step] = (self._cell, step, done, total)
        if begins or now - self._sent >= SECONDS_BETWEEN_REPORTS:
            self._sent = now
            self._mailbox.put.remote(self.last[step])


def _here() -> NodeAffinitySchedulingStrategy:
    """This very node: whatever is lost with it, the driver is, too."""
    return NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)


def _crashed_often(cell: Cell, lost: Exception) -> str:
    return (
        f"{cell.name}: its worker was lost {MOST_CRASHES} times (last: {type(lost).__name__}); "
        "look for memory that ran out in the nodes' kernel logs and in Ray's session directory, "
        "then start the same command again"
    )

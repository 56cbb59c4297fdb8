"""What a user sees while an experiment runs: which cell, how far, how long still."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.live import Live
from rich.table import Table

from reports.rendering.terminal import plain

StepName = Literal["train", "select", "evaluate", "sample", "probe"]

# A table that is redrawn more often than this shows nobody more.
SECONDS_BETWEEN_DRAWINGS = 0.1
# Where no terminal shows a moving table, a step under way is heard of at least this often.
SECONDS_BETWEEN_LINES = 60.0


@dataclass(slots=True)
class _Step:
    started: float | None = None
    finished: float | None = None
    last_line: float = 0.0
    done_at_start: int = 0
    done: int = 0
    total: int = 0

    def seconds_left(self, now: float) -> float | None:
        """At the pace since its first report, which in a resumed step is not its beginning."""
        if self.started is None or self.done == self.done_at_start:
            return None
        pace = (now - self.started) / (self.done - self.done_at_start)
        return pace * (self.total - self.done)


@dataclass(slots=True)
class _Kind:
    """Steps of one kind, all cells together: those not begun, and what the finished ones took."""

    waiting: int = 0
    timed: int = 0
    seconds: float = 0.0


class ProgressBoard:
    """Keeps the state of every step of every cell and shows it.

    On a terminal it redraws a small table; elsewhere (CI logs) it prints a line when a step ends,
    and one a minute while it goes on. `now` tells seconds that only go forward.
    """

    def __init__(
        self,
        steps: Iterable[tuple[str, StepName]],
        *,
        jobs: int,
        console: Console,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._steps = {step: _Step() for step in steps}
        # Kept beside the steps, so that nothing below looks through all of them.
        self._kinds: dict[StepName, _Kind] = defaultdict(_Kind)
        self._of_cell: dict[str, list[StepName]] = defaultdict(list)
        for cell, name in self._steps:
            self._kinds[name].waiting += 1
            self._of_cell[cell].append(name)
        self._running: dict[tuple[str, StepName], _Step] = {}
        self._finished = 0
        self._jobs = jobs
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn = -SECONDS_BETWEEN_DRAWINGS

    def __enter__(self) -> ProgressBoard:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def report(self, cell: str, name: StepName, done: int, total: int) -> None:
        """Take note of how far a step is; of one that has ended nothing more is heard."""
        step = self._steps[cell, name]
        if step.finished is not None:
            return
        now = self._now()
        if total == 0:
            self._end(cell, name)
            self._console.print(
                f"[dim]{self._count()} {plain(cell)}: {name} was already done[/dim]"
            )
        else:
            if step.started is None:
                step.started, step.last_line, step.done_at_start = now, now, done
                self._running[cell, name] = step
                self._kinds[name].waiting -= 1
            step.done, step.total = done, total
            if done >= total:
                took = now - step.started
                self._kinds[name].timed += 1
                self._kinds[name].seconds += took
                self._end(cell, name)
                self._console.print(
                    f"{self._count()} {plain(cell)}: {name} done in {clock(took)}{self._left()}"
                )
            elif self._is_time_for_a_line(step, now):
                step.last_line = now
                self._print_under_way(cell, name, step, now)
        if self._console.is_terminal and now - self._drawn >= SECONDS_BETWEEN_DRAWINGS:
            self._drawn = now
            self._live.update(self._table(), refresh=True)

    def failed(self, cell: str, what: str) -> None:
        """Take note that a cell ended before its last step."""
        for name in self._of_cell[cell]:
            if self._steps[cell, name].finished is None:
                self._end(cell, name)
        self._console.print(f"[red]{self._count()} {plain(cell)}: {plain(what)}[/red]")

    def moved(self, cell: str, why: str) -> None:
        """Take note that a cell waits for another worker."""
        for name in self._of_cell[cell]:
            if self._running.pop((cell, name), None):
                self._steps[cell, name] = _Step()
                self._kinds[name].waiting += 1
        self._console.print(f"[yellow]{self._count()} {plain(cell)}: {plain(why)}[/yellow]")

    def seconds_left(self) -> float | None:
        """Expected seconds to the end, None until something is known.

        A step still to come is expected to take as long as finished steps of its kind did.
        """
        now = self._now()
        total = 0.0
        for name, kind in self._kinds.items():
            running = [step for (_, other), step in self._running.items() if other == name]
            if not kind.waiting and not running:
                continue
            mean = self._mean_seconds(name, now)
            if mean is None:
                return None
            total += kind.waiting * mean
            total += sum(max(mean - (now - (step.started or now)), 0.0) for step in running)
        return total / self._jobs

    def _end(self, cell: str, name: StepName) -> None:
        if self._running.pop((cell, name), None) is None:
            self._kinds[name].waiting -= 1
        self._steps[cell, name].finished = self._now()
        self._finished += 1

    def _mean_seconds(self, name: StepName, now: float) -> float | None:
        kind = self._kinds[name]
        if kind.timed:
            return kind.seconds / kind.timed
        # Until one has finished, the running ones tell by the share that they have done.
        taken = [
            now - step.started + left
            for (_, other), step in self._running.items()
            if other == name
            and step.started is not None
            and (left := step.seconds_left(now)) is not None
        ]
        return sum(taken) / len(taken) if taken else None

    def _is_time_for_a_line(self, step: _Step, now: float) -> bool:
        return not self._console.is_terminal and now - step.last_line >= SECONDS_BETWEEN_LINES

    def _print_under_way(self, cell: str, name: StepName, step: _Step, now: float) -> None:
        left = step.seconds_left(now)
        until = "" if left is None else f", about {clock(left)} left of it"
        share = f"{step.done:,} of {step.total:,} ({step.done / step.total:.0%})"
        self._console.print(f"{self._count()} {plain(cell)}: {name} {share}{until}")

    def _count(self) -> str:
        return f"[{self._finished}/{len(self._steps)}]".replace("[", r"\[")

    def _left(self) -> str:
        left = self.seconds_left()
        return f", about {clock(left)} left" if left else ""

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for (cell, name), step in self._running.items():
            share = step.done / step.total
            bar = "━" * round(30 * share)
            table.add_row(plain(cell), name, f"[cyan]{bar:<30}[/cyan]", f"{step.done}/{step.total}")
        table.add_row(f"{self._count()} steps done{self._left()}")
        return table


def clock(seconds: float) -> str:
    """Seconds as 42 s, 3:07 min or 1:02 h."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"

"""What a user sees while an experiment runs: which cell, how far, how long still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.live import Live
from rich.table import Table

from reports.rendering.terminal import plain

StepName = Literal["train", "select", "evaluate", "sample", "probe"]

# (cell name, step, done, total); total 0 announces that the step was already complete.
StepListener = Callable[[str, StepName, int, int], None]

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
    was_complete: bool = False
    dropped: bool = False

    def seconds_left(self, now: float) -> float | None:
        """At the pace since its first report, which in a resumed step is not its beginning."""
        if self.started is None or self.done == self.done_at_start:
            return None
        pace = (now - self.started) / (self.done - self.done_at_start)
        return pace * (self.total - self.done)


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
        self._jobs = jobs
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> ProgressBoard:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def report(self, cell: str, name: StepName, done: int, total: int) -> None:
        """Take note of how far a step is."""
        step = self._steps[cell, name]
        now = self._now()
        if total == 0:
            step.was_complete, step.finished = True, now
            self._console.print(
                f"[dim]{self._count()} {plain(cell)}: {name} was already done[/dim]"
            )
        else:
            if step.started is None:
                step.started, step.last_line, step.done_at_start = now, now, done
            step.done, step.total = done, total
            if done >= total and step.finished is None:
                step.finished = now
                took = clock(now - step.started)
                self._console.print(
                    f"{self._count()} {plain(cell)}: {name} done in {took}{self._left()}"
                )
            elif step.finished is None and self._is_time_for_a_line(step, now):
                step.last_line = now
                self._print_under_way(cell, name, step, now)
        if self._console.is_terminal:
            self._live.update(self._table(), refresh=True)

    def failed(self, cell: str, what: str) -> None:
        """Take note that a cell ended before its last step."""
        for (name, _), step in self._steps.items():
            if name == cell and step.finished is None:
                step.dropped, step.finished = True, self._now()
        self._console.print(f"[red]{self._count()} {plain(cell)}: {plain(what)}[/red]")

    def seconds_left(self) -> float | None:
        """Expected seconds to the end, None until something is known.

        A step still to come is expected to take as long as finished steps of its kind did.
        """
        now = self._now()
        kinds = {name for _, name in self._steps}
        mean = {kind: self._mean_seconds(kind, now) for kind in kinds}
        total = 0.0
        for (_, name), step in self._steps.items():
            if step.finished is not None:
                continue
            expected = mean[name]
            if expected is None:
                return None
            spent = now - step.started if step.started is not None else 0.0
            total += max(expected - spent, 0.0)
        return total / self._jobs

    def _mean_seconds(self, kind: StepName, now: float) -> float | None:
        taken = [
            step.finished - step.started
            for (_, name), step in self._steps.items()
            if name == kind
            and step.finished is not None
            and step.started is not None
            and not step.dropped
        ]
        # Until one has finished, the running ones tell by the share that they have done.
        taken = taken or [
            now - step.started + left
            for (_, name), step in self._steps.items()
            if name == kind
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
        done = sum(step.finished is not None for step in self._steps.values())
        return f"[{done}/{len(self._steps)}]".replace("[", r"\[")

    def _left(self) -> str:
        left = self.seconds_left()
        return f", about {clock(left)} left" if left else ""

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for (cell, name), step in self._steps.items():
            if step.started is not None and step.finished is None:
                share = step.done / step.total
                bar = "━" * round(30 * share)
                table.add_row(
                    plain(cell), name, f"[cyan]{bar:<30}[/cyan]", f"{step.done}/{step.total}"
                )
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

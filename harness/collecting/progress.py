"""What a user sees while chains are collected: how many, how many at once, what is spent."""

from __future__ import annotations

import time

from rich.live import Live
from rich.text import Text

from harness.collecting.budget import Budget
from reports.rendering.terminal import Terminal, plain

SECONDS_BETWEEN_DRAWINGS = 0.1
# Where no terminal shows a moving line.
SECONDS_BETWEEN_LINES = 30.0


class Progress:
    """A moving line on a terminal; elsewhere a line every half minute."""

    def __init__(self) -> None:
        self._console = Terminal()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._round = ""
        self._done = self._total = self._faults = 0
        self._last = time.monotonic()

    def __enter__(self) -> Progress:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def start(self, name: str, *, done: int, total: int) -> None:
        """A round of requests starts, so many of them answered earlier."""
        self._round, self._done, self._total = name, done, total
        if not total:
            return
        before = f", {done:,} of them answered before" if done else ""
        self._console.print(plain(f"{name}: {total:,} requests{before}"), highlight=False)

    def reply(self) -> None:
        """A reply came."""
        self._done += 1

    def fault(self) -> None:
        """A try brought no reply."""
        self._faults += 1

    def show(self, under_way: int, budget: Budget) -> None:
        """Show it if it is time."""
        now = time.monotonic()
        moves = self._console.is_terminal
        if now - self._last < (SECONDS_BETWEEN_DRAWINGS if moves else SECONDS_BETWEEN_LINES):
            return
        self._last = now
        line = plain(self._line(under_way, budget))
        if moves:
            self._live.update(Text.from_markup(line), refresh=True)
        else:
            self._console.print(line, highlight=False)

    def _line(self, under_way: int, budget: Budget) -> str:
        cost = "" if budget.cost is None else f" ({budget.cost:,.4f})"
        faults = f", {self._faults:,} faults" if self._faults else ""
        return (
            f"{self._round}: {self._done:,} of {self._total:,}, {under_way} under way{faults}, "
            f"{budget.spent.total:,} tokens{cost}"
        )

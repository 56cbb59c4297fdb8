"""What a log shows of a run, by a clock that the test sets."""

from __future__ import annotations

import io

from rich.console import Console

from harness.running.progress_board import ProgressBoard, StepName

CELL = "tiny cascod seed 1"


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def log(reports: list[tuple[float, StepName, int, int]]) -> list[str]:
    """The lines printed where (seconds, step, done, total) were reported, without a terminal."""
    console = Console(file=io.StringIO(), width=120, force_terminal=False)
    clock = Clock()
    board = ProgressBoard([(CELL, "train"), (CELL, "evaluate")], jobs=1, console=console, now=clock)
    with board:
        for seconds, step, done, total in reports:
            clock.seconds = seconds
            board.report(CELL, step, done, total)
    printed = console.file
    assert isinstance(printed, io.StringIO)
    return printed.getvalue().splitlines()


def test_a_short_step_has_one_line() -> None:
    assert log([(0, "train", 1, 4), (1, "train", 2, 4), (3, "train", 4, 4)]) == [
        f"[1/2] {CELL}: train done in 3 s"
    ]


def test_a_long_step_says_once_a_minute_how_far_it_is_and_how_long_still() -> None:
    hour = [(float(second), "train", second // 10, 360) for second in range(0, 3601, 10)]
    lines = log(list(hour))
    assert len(lines) == 59 + 1
    assert lines[0] == f"[0/2] {CELL}: train 6 of 360 (2%), about 59:00 min left of it"
    assert lines[-1] == f"[1/2] {CELL}: train done in 1:00 h"


def test_a_resumed_step_is_timed_from_where_it_went_on() -> None:
    resumed = [(0.0, "train", 300, 360), (60.0, "train", 330, 360)]
    assert log(list(resumed)) == [
        f"[0/2] {CELL}: train 330 of 360 (92%), about 1:00 min left of it"
    ]


def test_a_cell_that_failed_is_said_and_no_longer_waited_for() -> None:
    console = Console(file=(printed := io.StringIO()), width=120)
    board = ProgressBoard([(CELL, "train"), (CELL, "evaluate")], jobs=1, console=console)
    board.report(CELL, "train", 1, 9)
    board.failed(CELL, "training diverged at step 2 (the loss is nan)")
    assert printed.getvalue() == f"[2/2] {CELL}: training diverged at step 2 (the loss is nan)\n"
    assert board.seconds_left() == 0.0


def test_what_was_done_before_is_said() -> None:
    assert log([(0, "train", 0, 0)]) == [f"[1/2] {CELL}: train was already done"]

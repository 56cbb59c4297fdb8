"""No command answers a hostile file or argument by a traceback."""

from __future__ import annotations

from tools.fuzz import fuzz

COMMANDS_WITHOUT_TORCH = (
    "data",
    "collect",
    "score",
    "gate",
    "compare",
    "history",
    "power",
    "sweep",
    "suite",
    "tasks",
    "review",
    "bench",
)


def test_hostile_input_gets_one_line_and_a_status() -> None:
    for command in COMMANDS_WITHOUT_TORCH:
        findings, statuses = fuzz(400 // len(COMMANDS_WITHOUT_TORCH), 0, chosen=command)
        assert not findings, findings[0]
        assert statuses["2"], f"{command}: nothing was hostile"


def test_a_case_is_the_same_again_by_its_number() -> None:
    several = fuzz(20, 3, chosen="score")[1]
    one_by_one = sum(
        (fuzz(1, 3, start=case, chosen="score")[1] for case in range(20)), start=several - several
    )
    assert one_by_one == several

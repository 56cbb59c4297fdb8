"""A judge's verdicts in words, on the terminal."""

from __future__ import annotations

from pathlib import Path

from harness.collecting.told import missing_lines, spent_lines
from harness.judging.judge import Judged
from reports.rendering.numerals import counted


def lines(judged: Judged, journal: Path) -> list[str]:
    """How many verdicts there are and of which kind, what is missing, what was spent."""
    verdicts = [verdict for verdict in judged.verdicts if verdict]
    wrong = sum(verdict.wrong_step is not None for verdict in verdicts)
    told = [
        f"judge: {counted(len(verdicts), 'chain')} judged, {wrong:,} of them with a wrong step; "
        f"requests and replies are in {journal}",
        *spent_lines(judged.budget),
    ]
    if judged.unread:
        told.append(
            f"{judged.unread:,} replies could not be read and count for nothing: cut off, or their "
            "last line is not of the form that was asked for"
        )
    return [*told, *missing_lines(judged.asked.over_budget, judged.asked.unanswered)]

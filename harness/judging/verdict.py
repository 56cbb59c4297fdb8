"""What a judge says of a chain, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.quality.chain import Finding, Opinion
from tasks.quality.wrong_step import BY_JUDGE, WrongStep
from tasks.scoring.thoughts import part_thoughts

JUDGE = "judge"
AFTER_VERDICT = 0.3  # of the score of a chain in which a judge names a wrong step

_LAST_LINE = re.compile(r"First wrong step: (none|[1-9]\d{0,4})\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first wrong step, counted from 0, or None where the judge names none."""

    wrong_step: int | None

    def opinion(self, model: str) -> Opinion | None:
        """The verdict among the findings of the checks; None where nothing is wrong."""
        if self.wrong_step is None:
            return None
        reason = f"{model} names step {self.wrong_step + 1} as the first wrong one"
        wrong = WrongStep(self.wrong_step, BY_JUDGE, reason)
        return Opinion(JUDGE, AFTER_VERDICT, Finding(reason, wrong))


def read_verdict(text: str, steps: int) -> Verdict | None:
    """The verdict on a chain of so many steps in the last line of a reply.

    None where that line is anything else than one of the two asked for, or names a step that the
    chain does not have.
    """
    lines = part_thoughts(text).last_said.strip().splitlines()
    found = _LAST_LINE.fullmatch(lines[-1].strip()) if lines else None
    if found is None:
        return None
    if found[1].lower() == "none":
        return Verdict(None)
    number = int(found[1])
    return Verdict(number - 1) if number <= steps else None

"""The two ways to count a response that was cut off: by its forced answer, or as it was written."""

from __future__ import annotations

from typing import Literal

Answers = Literal["forced", "as_written"]
IN_WORDS: dict[Answers, str] = {"forced": "with forced answers", "as_written": "as written"}


def the_other(answers: Answers) -> Answers:
    """The other of the two ways."""
    return "as_written" if answers == "forced" else "forced"

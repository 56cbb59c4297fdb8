"""What stands in a student's turn around the rationale that it is shown, and behind the answer."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evaluation.student_facts import StudentFacts
from tasks.scoring.cues import split_at_cue
from trainers.layouts.choose import layout_of
from trainers.layouts.layout import Layout


@dataclass(frozen=True, slots=True)
class Turn:
    """Token ids before the rationale, between it and an answer, and behind the answer."""

    layout: Layout
    opening: tuple[int, ...]
    cue: tuple[int, ...]
    answer_end: tuple[int, ...]


def turn_of(facts: StudentFacts) -> Turn:
    """The turn of a student as its protocol has it."""
    layout = layout_of(facts.protocol, facts.tokenizer)
    if split_at_cue(facts.protocol.suffix).answer == "":
        # No thought is asked for; one that the template opens is closed at once.
        opening, cue = [], layout.closing_ids if facts.protocol.begun else []
    else:
        opening, cue = layout.opening_ids, layout.cue_ids(facts.protocol.cue)
    # A student that was trained ends its answer; one that was not goes on as it likes.
    answer_end = facts.eos_ids[:1] if facts.trained else ()
    return Turn(layout, tuple(opening), tuple(cue), answer_end)

"""Std-CoT on dual chains: wrong ones are trained on, too, behind a marker that is never asked with.

A control of EDIT's (its Table 5): as many chains as EDIT sees, without its key steps.
"""

from collections.abc import Sequence
from dataclasses import replace

from tasks.records.record import CoTRecord
from trainers.method import Row, answer, cue, prompt, rationale
from trainers.methods.std_cot import METHOD as STD_COT

MARKER = "[Counterfactual Reasoning] "


def both_chains(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """All records, and each wrong chain as a record of its own."""
    return [*records, *(record.counterpart() for record in records if record.dual)]


def rows(record: CoTRecord) -> list[Row]:
    """One row, marked where the chain is wrong."""
    return [
        (
            prompt(record, "", prefix="" if record.teacher_correct else MARKER),
            rationale(record, "target"),
            cue("target"),
            answer(record, "target"),
        )
    ]


METHOD = replace(
    STD_COT,
    name="std_cot_dual",
    summary="Std-CoT on right and, behind a marker, on wrong chains (control)",
    rows=rows,
    records=both_chains,
    needs_dual=True,
)

"""Is the answer given before any reasoning?"""

from __future__ import annotations

from tasks.quality.chain import Chain, Finding
from tasks.scoring.answers import read_answer, read_bare_answer
from tasks.scoring.cues import split_at_cue


def check(chain: Chain) -> Finding | None:
    """The first of several steps announces the answer, or is nothing else."""
    if len(chain.steps) < 2:
        return None
    first = chain.steps[0]
    stated = read_answer(chain.answer, chain.answer_type, chain.options)
    split = split_at_cue(first)
    told = (
        read_answer(split.answer, chain.answer_type, chain.options)
        if split.answer and not split.rationale
        else read_bare_answer(first, chain.answer_type, chain.options)
    )
    if stated is None or told != stated:
        return None
    return Finding("the answer stands before any reasoning")

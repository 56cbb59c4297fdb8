"""Several chains of one question: how many give the same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tasks.quality.chain import Chain
from tasks.scoring.answers import read_answer


def agreement(chains: Sequence[Chain]) -> list[float | None]:
    """Of each chain the share of its question's chains with its answer, itself included.

    None for the only chain of a question.
    """
    answers = [
        (chain.question, read_answer(chain.answer, chain.answer_type, chain.options))
        for chain in chains
    ]
    alike, asked = Counter(answers), Counter(question for question, _ in answers)
    return [
        alike[answer] / asked[answer[0]] if asked[answer[0]] > 1 else None for answer in answers
    ]

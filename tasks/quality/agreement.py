"""Several chains of one question: how many give the same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tasks.quality.chain import Chain
from tasks.scoring.answers import read_answer


def agreement(chains: Sequence[Chain]) -> list[float | None]:
    """Of each chain the share of its question's chains with its answer, itself included.

    None for the only chain of a question. An answer that cannot be read is like no other.
    """
    answers = [
        (chain.question, read_answer(chain.answer, chain.answer_type, chain.options))
        for chain in chains
    ]
    alike, asked = Counter(answers), Counter(question for question, _ in answers)
    return [
        (1 if answer is None else alike[question, answer]) / asked[question]
        if asked[question] > 1
        else None
        for question, answer in answers
    ]

"""The answers among which a student's probability is shared out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tasks.problem import Problem
from tasks.scoring.answer_types import binary_pair
from tasks.scoring.option_list import is_option_label, option_label

# So many answers are a closed set; of numbers the commonest ones stand for all.
MOST = 10


def candidates(problem: Problem, golds_of_task: Sequence[str]) -> tuple[str, ...]:
    """Every answer that this item could have, its gold among them; () where they cannot be told.

    A choice has its options, yes and no each other; of other types it is the golds that the task's
    items have, if there are few, and for numbers its commonest ones. The same for every method.
    """
    gold = problem.golds[0].strip()
    if problem.answer_type == "choice" and is_option_label(gold) and problem.options:
        return tuple(option_label(place) for place in range(len(problem.options)))
    if pair := binary_pair([gold]):
        return tuple(word.capitalize() if gold[0].isupper() else word for word in pair)
    counts = Counter(answer.strip() for answer in golds_of_task)
    if len(counts) > MOST and problem.answer_type != "number":
        return ()
    common = sorted(counts, key=lambda answer: (answer != gold, -counts[answer], answer))
    return tuple(sorted(common[:MOST])) if len(common) > 1 else ()

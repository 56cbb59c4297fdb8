"""Which words of a question go with an answer more often than chance allows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from reports.statistics.contrast import SMALLEST_P
from reports.statistics.multiplicity import holm

LONGEST = 4
FEWEST_QUESTIONS = 10
# With more different answers a task has no closed set of them.
MOST_ANSWERS = 10
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Association:
    """A run of words and the answer that it goes with.

    `share` of the `questions` with it have the answer, of all questions of the task `base` do.
    `z` = (share - base) / sqrt(base (1 - base) / questions), the competency statistic; `p` is
    exact, one-sided, `p_adjusted` Holm's among everything that was tested. `overlapping` counts
    weaker phrases that overlap with this one and stand for the same finding.
    """

    task: str
    phrase: str
    answer: str
    questions: int
    share: float
    base: float
    z: float
    p: float
    p_adjusted: float
    overlapping: int = 0


def is_closed(answers: Sequence[str]) -> bool:
    """Whether a task's answers repeat enough to be predicted: 2 to 10 different ones."""
    different = len(set(answers))
    return 1 < different <= MOST_ANSWERS and len(answers) >= FEWEST_QUESTIONS


def associations(
    tasks: Sequence[str], questions: Sequence[str], answers: Sequence[str]
) -> tuple[list[Association], int]:
    """All associations of phrases of up to 4 words with answers, the strongest first, and how many.

    Within each task with a closed set of answers, over different questions (n,); a phrase counts
    once a question and is tested where 10 questions or more, but not all, have it. Phrases of the
    same questions are one, told by the longest. Questions are taken as independent: give one a
    cluster. p: Fisher's exact test, since the base rate is that of the same questions. Gardner et
    al. 2021, "Competency Problems: On Finding and Removing Artifacts in Language Data".
    """
    found = []
    by_task: dict[str, dict[str, str]] = defaultdict(dict)
    for task, question, answer in zip(tasks, questions, answers, strict=True):
        by_task[task].setdefault(question, answer)
    for task, asked in sorted(by_task.items()):
        if is_closed(list(asked.values())):
            found += list(_of_task(task, list(asked), list(asked.values())))
    adjusted = holm([each.p for each in found]) if found else []
    found = [replace(each, p_adjusted=p) for each, p in zip(found, adjusted, strict=True)]
    return sorted(found, key=lambda each: (each.p, -each.z, each.task, each.phrase)), len(found)


def phrases(question: str) -> set[str]:
    """All runs of one to four words or signs of a question, in lower case."""
    words = _WORD.findall(question.lower())
    return {
        " ".join(words[start : start + length])
        for length in range(1, LONGEST + 1)
        for start in range(len(words) - length + 1)
    }


def _of_task(task: str, questions: list[str], answers: list[str]) -> Iterator[Association]:
    from scipy.stats import hypergeom

    total = len(questions)
    held: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        for phrase in phrases(question):
            held[phrase].append(place)
    longest: dict[tuple[int, ...], str] = {}
    for phrase, places in held.items():
        if FEWEST_QUESTIONS <= len(places) < total:
            key = tuple(places)
            longest[key] = max(longest.get(key, ""), phrase, key=lambda text: (len(text), text))
    of_answer = Counter(answers)
    for marked, phrase in longest.items():
        with_phrase = Counter(answers[place] for place in marked)
        for answer, count in of_answer.items():
            n, base = len(marked), count / total
            share = with_phrase[answer] / n
            p = hypergeom.sf(with_phrase[answer] - 1, total, count, n)
            yield Association(
                task=task,
                phrase=phrase,
                answer=answer,
                questions=n,
                share=share,
                base=base,
                z=(share - base) / sqrt(base * (1 - base) / n),
                p=min(1.0, max(float(p), SMALLEST_P)),
                p_adjusted=1.0,
            )

"""The six tasks of Mentor-KD (Lee et al. 2024, arXiv:2410.09037) and what lies outside of them.

Local format: `mentor_kd/<task>_test.jsonl`, rows {"input", "answer"}, as in its public repository;
training chains are records (`cascod data import`). Longer questions of two tasks are out-of-domain:
BIG-Bench Hard's shuffled objects with five and seven people, and last letters of more words, drawn
from the names of the test questions. Its date_understanding is none: 175 of its 250 questions are
training questions of this one, with the options in another order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tasks.benchmarks import bbh
from tasks.data_source import Source, adapt, local_folder, source_file
from tasks.files import jsonl_objects
from tasks.problem import Problem
from tasks.records.mentor_kd_rows import ANSWER_TYPES, DESCRIPTIONS, question_of

TASKS = tuple(DESCRIPTIONS)
MORE_OBJECTS = (
    "tracking_shuffled_objects_five_objects",
    "tracking_shuffled_objects_seven_objects",
)
MORE_LETTERS = {"last_letters_five": 5, "last_letters_six": 6, "last_letters_eight": 8}
LONGER_TASKS = (*MORE_OBJECTS, *MORE_LETTERS)

ORIGIN = "the repository of Mentor-KD or of Fine-tune-CoT"


def task_problems(source: Source, task: str) -> list[Problem]:
    """The test questions of one task, in the order of its file."""
    path = source_file(local_folder(source, "mentor_kd", ORIGIN), "mentor_kd", f"{task}_test.jsonl")

    def read(index: int, row: Mapping[str, Any]) -> Problem:
        question = question_of(row, path)
        return Problem(
            id=f"{task}/{index}",
            task=task,
            description=question["description"],
            question=question["question"],
            golds=(question["target"],),
            answer_type=ANSWER_TYPES[task],
            cluster=f"{task}/{index}",
            options=tuple(question["options"]),
        )

    return adapt((row for _, row in jsonl_objects(path)), read, str(path))


def longer_problems(source: Source, task: str) -> list[Problem]:
    """The items of one task of `LONGER_TASKS`; as many letter lists as there are test questions."""
    if task in MORE_LETTERS:
        return _longer_lists(task_problems(source, "last_letter_concatenation"), task)
    description = DESCRIPTIONS["tracking_shuffled_objects"]
    return [
        replace(problem, description=description)
        for problem in bbh.task_problems(source, task, split=None)
    ]


def problems(source: Source) -> list[Problem]:
    """The test questions of all six tasks."""
    return [problem for task in TASKS for problem in task_problems(source, task)]


def all_longer(source: Source) -> list[Problem]:
    """The items of all longer tasks."""
    return [problem for task in LONGER_TASKS for problem in longer_problems(source, task)]


def _longer_lists(asked: list[Problem], task: str) -> list[Problem]:
    """Each question with as many names as the task wants, drawn from the names of all."""
    names = sorted({name for problem in asked for name in _quoted(problem.question).split()})
    draw = Random(task)
    drawn = [draw.sample(names, MORE_LETTERS[task]) for _ in asked]
    return [
        replace(
            problem,
            id=f"{task}/{index}",
            task=task,
            question=problem.question.replace(_quoted(problem.question), " ".join(chosen)),
            golds=("".join(name[-1] for name in chosen),),
            cluster=f"{task}/{index}",
        )
        for index, (problem, chosen) in enumerate(zip(asked, drawn, strict=True))
    ]


def _quoted(question: str) -> str:
    found = re.search(r'"(.+)"', question)
    if not found:
        raise ValueError(f"no words in quotes: {question!r}")
    return found[1]

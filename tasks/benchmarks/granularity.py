"""StrategyQA's test questions that go with chains at six levels of detail (arXiv:2502.18001).

Local format: `granularity/strategyqa_test.jsonl`, rows {"instruction", "label"}. Its training
chains, and those for SVAMP, which come without test questions, are records (`cascod data import`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.data_source import Source, adapt, local_folder, source_file
from tasks.files import jsonl_objects
from tasks.problem import Problem
from tasks.records.granularity_rows import ANSWER_TYPES, question_of

TASKS = ("strategyqa",)
ORIGIN = 'the repository of "Key Factors in Distilling CoT"'


def task_problems(source: Source, task: str) -> list[Problem]:
    """The test questions of one task, in the order of its file."""
    folder = local_folder(source, "granularity", ORIGIN)
    path = source_file(folder, "granularity", f"{task}_test.jsonl")

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
        )

    return adapt((row for _, row in jsonl_objects(path)), read, str(path))


def problems(source: Source) -> list[Problem]:
    """The test questions of all tasks."""
    return [problem for task in TASKS for problem in task_problems(source, task)]

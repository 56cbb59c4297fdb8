"""ARC (Clark et al. 2018, arXiv:1803.05457): grade-school science, the easy and the challenge test
set.

Local format: `arc/ARC-*-Test.json`, a list of {"input": "Question: ...\\nOptions:\\n(A) ...",
"target"}. Hub: `allenai/ai2_arc`, rows {"id", "question", "choices": {"text", "label"},
"answerKey"}. Some items label their options 1 to 4; here every item is lettered, so "(3)" reads
"(C)".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tasks.data_source import Source, adapt, hub_rows, source_file
from tasks.files import read_json
from tasks.problem import Problem
from tasks.scoring.option_list import option_label, split_options, with_options

HUB_NAME = "allenai/ai2_arc"
TASKS = {"arc_easy": "ARC-Easy", "arc_challenge": "ARC-Challenge"}
DESCRIPTION = "Answer a multiple-choice question about science."


def task_problems(source: Source, task: str) -> list[Problem]:
    """All test items of `arc_easy` or `arc_challenge`, in the benchmark's order."""
    if source is None:
        rows = hub_rows(HUB_NAME, TASKS[task], "test")
        return adapt(rows, _reader(task, _hub_item), f"{HUB_NAME} ({TASKS[task]})")
    path = source_file(source, "arc", f"{TASKS[task]}-Test.json")
    return adapt(read_json(path, list), _reader(task, _local_item), str(path))


def problems(source: Source) -> list[Problem]:
    """The items of both test sets."""
    return [problem for task in TASKS for problem in task_problems(source, task)]


Item = tuple[str, Sequence[str], int]  # question, option texts, position of the right one


def _local_item(row: Mapping[str, Any]) -> Item:
    stem, labelled = split_options(row["input"].removeprefix("Question: ").strip())
    labels = [label for label, _ in labelled]
    return stem, [text for _, text in labelled], labels.index(row["target"].strip())


def _hub_item(row: Mapping[str, Any]) -> Item:
    choices = row["choices"]
    return row["question"].strip(), choices["text"], choices["label"].index(row["answerKey"])


def _reader(
    task: str, item: Callable[[Mapping[str, Any]], Item]
) -> Callable[[int, Mapping[str, Any]], Problem]:
    def read(index: int, row: Mapping[str, Any]) -> Problem:
        question, options, right = item(row)
        options = tuple(option.strip() for option in options)
        return Problem(
            id=f"{task}/{index}",
            task=task,
            description=DESCRIPTION,
            question=with_options(question, options),
            golds=(option_label(right),),
            answer_type="choice",
            cluster=f"{task}/{index}",
            options=options,
        )

    return read

"""BIG-Bench Hard (Suzgun et al. 2022, arXiv:2210.09261): 27 tasks, 6,511 items.

Local format: `bbh/<task>.json` with {"examples": [{"input", "target"}]} and
`bbh/descriptions.json`. Hub: `SaylorTwift/bbh`, one config per task, rows {"input", "target"}; it
carries no descriptions, so the task's name stands in for one.

Items of causal_judgement that tell one story form a cluster; the paper's split cuts through
clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasks.data_source import Source, adapt, hub_rows, source_file
from tasks.files import read_json
from tasks.problem import AnswerType, Problem
from tasks.records.clusters import own_cluster
from tasks.records.splits import SplitName, split_ids
from tasks.scoring.option_list import split_options

HUB_NAME = "SaylorTwift/bbh"

ANSWER_TYPES: dict[str, AnswerType] = {
    "boolean_expressions": "yes_no",
    "causal_judgement": "yes_no",
    "date_understanding": "choice",
    "disambiguation_qa": "choice",
    "dyck_languages": "free_text",
    "formal_fallacies": "yes_no",
    "geometric_shapes": "choice",
    "hyperbaton": "choice",
    "logical_deduction_five_objects": "choice",
    "logical_deduction_seven_objects": "choice",
    "logical_deduction_three_objects": "choice",
    "movie_recommendation": "choice",
    "multistep_arithmetic_two": "number",
    "navigate": "yes_no",
    "object_counting": "number",
    "penguins_in_a_table": "choice",
    "reasoning_about_colored_objects": "choice",
    "ruin_names": "choice",
    "salient_translation_error_detection": "choice",
    "snarks": "choice",
    "sports_understanding": "yes_no",
    "temporal_sequences": "choice",
    "tracking_shuffled_objects_five_objects": "choice",
    "tracking_shuffled_objects_seven_objects": "choice",
    "tracking_shuffled_objects_three_objects": "choice",
    "web_of_lies": "yes_no",
    "word_sorting": "word_list",
}
TASKS = tuple(ANSWER_TYPES)


def task_problems(source: Source, task: str, split: SplitName | None = "test") -> list[Problem]:
    """The items of one task in the benchmark's order; `split` None gives all of them."""
    if source is None:
        rows = hub_rows(HUB_NAME, task, "test")
        description, where = task.replace("_", " "), f"{HUB_NAME} ({task})"
    else:
        path = source_file(source, "bbh", f"{task}.json")
        rows = read_json(path, dict).get("examples", [])
        descriptions = read_json(source_file(source, "bbh", "descriptions.json"), dict)
        description, where = descriptions.get(task, ""), str(path)
    return _in_split(adapt(rows, _reader(task, description), where), split)


def problems(source: Source, split: SplitName | None = "test") -> list[Problem]:
    """The items of all 27 tasks; the suite `bbh` is the 1,304 of the test split."""
    return [problem for task in TASKS for problem in task_problems(source, task, split)]


def _in_split(items: Iterable[Problem], split: SplitName | None) -> list[Problem]:
    """The items of whole tasks that fall into `split`."""
    items = list(items)
    if split is None:
        return items
    splits = split_ids({item.id: item.task for item in items})
    return [item for item in items if splits[item.id] == split]


def _reader(task: str, description: str) -> Callable[[int, Mapping[str, Any]], Problem]:
    def read(index: int, row: Mapping[str, Any]) -> Problem:
        question, gold = row["input"].strip(), row["target"].strip()
        _, labelled = split_options(question)
        answer_type = ANSWER_TYPES[task]
        if answer_type == "choice" and gold not in {label for label, _ in labelled}:
            # Three items have options cut at commas and a gold in words ("Monsters, Inc").
            answer_type, labelled = "free_text", []
        return Problem(
            id=f"{task}/{index}",
            task=task,
            description=description,
            question=question,
            golds=(gold,),
            answer_type=answer_type,
            cluster=own_cluster(f"{task}/{index}", task, question),
            options=tuple(text for _, text in labelled),
        )

    return read

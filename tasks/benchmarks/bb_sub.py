"""BB-sub: the BIG-bench (Srivastava et al. 2022, arXiv:2206.04615) tasks outside BIG-Bench Hard.

The 60 multiple-choice tasks to be had of the 61 that the CasCoD papers ask, up to 100 items each.
Local format: `bb_sub/<task>.jsonl`, rows {"subtask", "index", "description", "task_prefix",
"input_prefix", "input", "target_scores"}.
Hub: `hails/bigbench`, config `<task>_zero_shot`, rows {"idx", "inputs", "multiple_choice_targets",
"multiple_choice_scores"}; `inputs` holds the prefixes, there is no description (the task's name
stands in), and the first 100 items in hash order are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from tasks.data_source import Source, adapt, hub_rows, source_file
from tasks.files import jsonl_objects
from tasks.problem import Problem
from tasks.records.splits import hash_order
from tasks.scoring.option_list import option_label, with_options

HUB_NAME = "hails/bigbench"
HUB_ITEMS_PER_TASK = 100
SHARED_OPENING = 200

TASKS = (
    "abstract_narrative_understanding",
    "anachronisms",
    "analogical_similarity",
    "analytic_entailment",
    "cause_and_effect",
    "checkmate_in_one",
    "cifar10_classification",
    "code_line_description",
    "conceptual_combinations",
    "crass_ai",
    "elementary_math_qa",
    "emoji_movie",
    "empirical_judgments",
    "english_russian_proverbs",
    "entailed_polarity",
    "entailed_polarity_hindi",
    "epistemic_reasoning",
    "evaluating_information_essentiality",
    "fantasy_reasoning",
    "figure_of_speech_detection",
    "goal_step_wikihow",
    "gre_reading_comprehension",
    "human_organs_senses",
    "identify_math_theorems",
    "identify_odd_metaphor",
    "implicatures",
    "implicit_relations",
    "intersect_geometry",
    "kanji_ascii",
    "kannada",
    "key_value_maps",
    "logic_grid_puzzle",
    "logical_args",
    "logical_fallacy_detection",
    "metaphor_boolean",
    "metaphor_understanding",
    "minute_mysteries_qa",
    "mnist_ascii",
    "moral_permissibility",
    "movie_dialog_same_or_different",
    "nonsense_words_grammar",
    "odd_one_out",
    "parsinlu_qa",
    "physical_intuition",
    "play_dialog_same_or_different",
    "presuppositions_as_nli",
    "riddle_sense",
    "similarities_abstraction",
    "simple_ethical_questions",
    "social_iqa",
    "strange_stories",
    "strategyqa",
    "swahili_english_proverbs",
    "swedish_to_german_proverbs",
    "symbol_interpretation",
    "timedial",
    "undo_permutation",
    "unit_interpretation",
    "vitaminc_fact_verification",
    "winowhy",
)

# The hub's own option list and answer mark, which the question gets anew.
_HUB_OPTION = re.compile(r"\n\s*choice: .*")
_HUB_ANSWER_MARK = re.compile(r"\nA:\s*$")


def task_problems(source: Source, task: str) -> list[Problem]:
    """The items of one task, options shuffled and lettered; every best-scored option is right."""
    if source is None:
        rows = hub_rows(HUB_NAME, f"{task}_zero_shot", "default")
        where = f"{HUB_NAME} ({task}_zero_shot)"
        by_id = {p.id: p for p in adapt(rows, lambda _, row: _from_hub(task, row), where)}
        return [by_id[item] for item in hash_order(by_id)[:HUB_ITEMS_PER_TASK]]
    path = source_file(source, "bb_sub", f"{task}.jsonl")
    return adapt(
        (row for _, row in jsonl_objects(path)), lambda _, row: _from_local(task, row), str(path)
    )


def problems(source: Source) -> list[Problem]:
    """The items of all 60 tasks."""
    return [problem for task in TASKS for problem in task_problems(source, task)]


def shuffled(item_id: str, options: Sequence[str]) -> list[str]:
    """The options in the order of SHA-256 over item and option: fixed, whatever order they came in.

    As stored, the first option is always right in some tasks.
    """
    return sorted(options, key=lambda option: sha256(f"{item_id}\n{option}".encode()).digest())


def _from_local(task: str, row: Mapping[str, Any]) -> Problem:
    place = [task, row["subtask"], str(row["index"])]
    return _problem(
        item_id="/".join(part for part in place if part),
        task=task,
        description=row["description"].strip(),
        question=row["task_prefix"] + row["input_prefix"] + row["input"],
        scores=row["target_scores"],
        told=row["input"],
    )


def _from_hub(task: str, row: Mapping[str, Any]) -> Problem:
    question = _HUB_OPTION.sub("", _HUB_ANSWER_MARK.sub("", row["inputs"]))
    scores = zip(row["multiple_choice_targets"], row["multiple_choice_scores"], strict=True)
    return _problem(
        item_id=f"{task}/{row['idx']}",
        task=task,
        description=task.replace("_", " "),
        question=question,
        scores=dict(scores),
        told=question,
    )


def _problem(
    *,
    item_id: str,
    task: str,
    description: str,
    question: str,
    scores: Mapping[str, float],
    told: str,
) -> Problem:
    by_option = {option.strip(): score for option, score in scores.items()}
    options = shuffled(item_id, list(by_option))
    best = max(by_option.values())
    return Problem(
        id=item_id,
        task=task,
        description=description,
        question=with_options(question.strip().removeprefix("Q: "), options),
        golds=tuple(option_label(i) for i, o in enumerate(options) if by_option[o] == best),
        answer_type="choice",
        cluster=_cluster(item_id, task, told),
        options=tuple(options),
    )


def _cluster(item_id: str, task: str, told: str) -> str:
    """Items of a task whose text opens with the same 200 characters tell of one story or puzzle."""
    opening = told.strip()[:SHARED_OPENING]
    if len(opening) < SHARED_OPENING:
        return item_id
    return f"{task}/opening-{sha256(opening.encode()).hexdigest()[:16]}"

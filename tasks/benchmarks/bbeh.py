"""BIG-Bench Extra Hard (Kazemi et al. 2025, arXiv:2502.19187): harder successors of BBH's tasks.

Local format, as in its public repository: `bbeh/benchmark_tasks/bbeh_<task>/task.json` with
{"examples": [{"input", "target"}]}; the official mini set as `bbeh/mini/data.json` or as JSONL in
`bbeh/mini.jsonl`. Hub: `BBEH/bbeh`, rows {"task", "input", "target", "mini"}. The mini set does not
say which task an item is of, so it is one task. Tasks mix kinds of answers ("18" beside "No"), so
each item's gold tells how its answer is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

from tasks.data_source import Source, adapt, hub_rows, source_file
from tasks.files import jsonl_objects, read_json
from tasks.problem import AnswerType, Problem
from tasks.scoring.answer_types import infer_answer_type
from tasks.scoring.option_list import option_label

HUB_NAME = "BBEH/bbeh"
MINI = "bbeh_mini"
DESCRIPTION = "Answer a question that takes many steps of reasoning."

TASKS = (
    "boardgame_qa",
    "boolean_expressions",
    "buggy_tables",
    "causal_understanding",
    "disambiguation_qa",
    "dyck_languages",
    "geometric_shapes",
    "hyperbaton",
    "linguini",
    "movie_recommendation",
    "multistep_arithmetic",
    "nycc",
    "object_counting",
    "object_properties",
    "sarc_triples",
    "shuffled_objects",
    "spatial_reasoning",
    "sportqa",
    "temporal_sequence",
    "time_arithmetic",
    "web_of_lies",
    "word_sorting",
    "zebra_puzzles",
)

_OPTION_LINE = re.compile(r"^\(([A-Z])\) (.+)$", re.MULTILINE)


def task_problems(source: Source, task: str) -> list[Problem]:
    """The items of one task, or of the mini set, in the benchmark's order."""
    if source is None:
        rows = [row for row in hub_rows(HUB_NAME, None, "train") if _is_of(row, task)]
        return adapt(rows, _reader(task), f"{HUB_NAME} ({task})")
    if task != MINI:
        path = source_file(source, "bbeh/benchmark_tasks", f"bbeh_{task}/task.json")
        return adapt(read_json(path, dict).get("examples", []), _reader(task), str(path))
    if (path := source / "bbeh" / "mini.jsonl").is_file():
        return adapt((row for _, row in jsonl_objects(path)), _reader(task), str(path))
    path = source_file(source, "bbeh", "mini/data.json")
    return adapt(read_json(path, dict).get("examples", []), _reader(task), str(path))


def problems(source: Source) -> list[Problem]:
    """The items of all 23 tasks."""
    return [problem for task in TASKS for problem in task_problems(source, task)]


def _is_of(row: Mapping[str, Any], task: str) -> bool:
    if task == MINI:
        return bool(row.get("mini"))
    named = re.sub(r"\W+", "_", str(row.get("task", "")).lower())
    return named.removeprefix("bbeh_") == task


def _reader(task: str) -> Callable[[int, Mapping[str, Any]], Problem]:
    def read(index: int, row: Mapping[str, Any]) -> Problem:
        question, gold = row["input"].strip(), row["target"].strip()
        answer_type, options = _read_as(question, gold)
        return Problem(
            id=f"{task}/{index}",
            task=task,
            description=DESCRIPTION,
            question=question,
            golds=(gold,),
            answer_type=answer_type,
            cluster=f"{task}/{index}",
            options=options,
        )

    return read


def _read_as(question: str, gold: str) -> tuple[AnswerType, tuple[str, ...]]:
    """A choice where the gold is one of the lines (A), (B), ... that the question lists; a number;
    else text, to the word: "Yes" stands beside "Ambiguous" in some tasks.
    """
    listed = _OPTION_LINE.findall(question)
    in_order = takewhile(
        lambda entry: f"({entry[1][0]})" == option_label(entry[0]), enumerate(listed)
    )
    options = tuple(text for _, (_, text) in in_order)
    if gold in {option_label(place) for place in range(len(options))}:
        return "choice", options
    return ("number" if infer_answer_type([gold]) == "number" else "free_text"), ()

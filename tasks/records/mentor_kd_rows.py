"""The files of Mentor-KD (Lee et al. 2024, arXiv:2410.09037) as rows of completions.

`<task>_train.jsonl` holds chains of GPT-3.5, `<task>_mentor.jsonl` those of a mentor model, rows
{"input", "chain", "answer", "initial_correct"} and, of the mentor, "completion": its own answer.
`<task>_test.jsonl` holds the test questions, rows {"input", "answer"}. A letter answers a question
whose options stand in its last line; here they are listed as everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.problem import AnswerType
from tasks.scoring.cues import split_at_cue
from tasks.scoring.option_list import option_label, with_options

FIELDS = frozenset({"input", "chain", "answer", "initial_correct"})
OPTIONAL = frozenset({"completion"})
DESCRIPTIONS = {
    "tracking_shuffled_objects": "Tell who holds which object after a series of swaps.",
    "date_understanding": "Infer the date from the context.",
    "last_letter_concatenation": "Concatenate the last letters of the words.",
    "strategy_qa": "Answer a question whose steps of reasoning are not told, yes or no.",
    "svamp": "Solve an arithmetic word problem.",
    "asdiv": "Solve an arithmetic word problem.",
}
ANSWER_TYPES: dict[str, AnswerType] = {
    "tracking_shuffled_objects": "choice",
    "date_understanding": "choice",
    "last_letter_concatenation": "free_text",
    "strategy_qa": "yes_no",
    "svamp": "number",
    "asdiv": "number",
}

_CHOICES = re.compile(r"\s*\nWhich choice is true\? Answer choices: (?=\(A\) )")
_NEXT_CHOICE = re.compile(r", \([A-Z]\) ")


def row_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A teacher's row; the rationale is the chain up to its first cue.

    Chains announce their answer in many ways and some in none, so what was answered is taken from
    the file: the mentor's `completion`, else the gold answer of a chain that is told to be right. A
    wrong chain of which neither is known must announce its own.
    """
    task = re.sub(r"_(train|mentor)$", "", path.stem)
    stated = row.get("completion") or (row["answer"] if row["initial_correct"] else None)
    chain = row["chain"].strip()
    if stated is not None:
        stated = _labelled(stated.strip(), task)
        chain = f"{split_at_cue(chain).opening}\nTherefore, the answer is {stated}"
    return question_of(row, path) | {"task": task, "completion": chain}


def question_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A test question, in the form that training questions have."""
    task = re.sub(r"_(train|mentor|test)$", "", path.stem)
    question, options = asked(row["input"])
    return {
        "task": task,
        "description": DESCRIPTIONS.get(task, ""),
        "question": question,
        "options": options,
        "target": _labelled(row["answer"].strip(), task),
        "completion": "",
        "answer_type": ANSWER_TYPES.get(task),
    }


def test_file(path: Path) -> Path:
    """The test questions of the task whose chains `path` holds."""
    return path.with_name(re.sub(r"_(train|mentor)$", "", path.stem) + "_test.jsonl")


def asked(question: str) -> tuple[str, list[str]]:
    """The question with its options listed, and the options; none where it offers none."""
    found = _CHOICES.search(question)
    if not found:
        return question.strip(), []
    offered = question[found.end() + len("(A) ") :].strip().removesuffix(".")
    options = [option.strip() for option in _NEXT_CHOICE.split(offered)]
    return with_options(question[: found.start()].strip(), options), options


def _labelled(answer: str, task: str) -> str:
    """A letter as the label of its option: "(B)"."""
    is_letter = ANSWER_TYPES.get(task) == "choice" and re.fullmatch("[A-Z]", answer)
    return option_label(ord(answer) - ord("A")) if is_letter else answer

"""The training files of CasCoD's and EDIT's public repository as rows of completions.

`dataset/bbh/bbh_all_data/all_task_train_{right_answer,wrong_answer,wrong_answer_hint_right,...}.json`
and `all_task_test.json` beside them are JSON arrays of {"instruction" (the question), "input",
"output" (the gold answer), "prompt", "response" (the teacher's completion), "task_description",
"task_name"}.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FIELDS = frozenset({"instruction", "output", "response", "task_name", "task_description"})
OPTIONAL = frozenset({"input", "prompt"})


def row_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A teacher's row."""
    return question_of(row, path) | {"completion": row["response"]}


def question_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A test question; what a teacher said to it is left out."""
    return {
        "task": row["task_name"],
        "description": row["task_description"].strip(),
        "question": row["instruction"].strip(),
        "target": row["output"].strip(),
        "completion": "",
    }


def test_file(path: Path) -> Path:
    """The test questions that lie beside the training files."""
    return path.with_name("all_task_test.json")

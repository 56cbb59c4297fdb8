"""The chains at six levels of detail of "Key Factors in Distilling CoT" (arXiv:2502.18001).

`<task>_<teacher>_level<1 to 6>.jsonl` holds rows {"instruction", "output"}; `<task>_test.jsonl`,
where there is one, rows {"instruction", "label"}. No file tells the gold answer of a training
question: it is taken to be what most levels answer, and a level that answers otherwise is wrong.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tasks.files import jsonl_objects
from tasks.problem import AnswerType

FIELDS = frozenset({"instruction", "output"})
OPTIONAL = frozenset[str]()
DESCRIPTIONS = {
    "strategyqa": "Answer a question whose steps of reasoning are not told, true or false.",
    "svamp": "Solve an arithmetic word problem.",
}
ANSWER_TYPES: dict[str, AnswerType] = {"strategyqa": "yes_no", "svamp": "number"}

_ANNOUNCED = re.compile(r"\bthe answer is\b:?", re.IGNORECASE)
_MARKER = "<Solution Path>"


def row_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A teacher's row: all before its last "The answer is" is the rationale."""
    output = row["output"].replace(_MARKER, "").strip()
    gold = _golds(path.parent, _task(path)).get(row["instruction"].strip())
    if gold is None:
        raise ValueError("no level states an answer to this question")
    return _asked(row, path) | {"target": gold, "completion": output}


def question_of(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A test question, in the form that training questions have."""
    return _asked(row, path) | {"target": row["label"].strip(), "completion": ""}


def test_file(path: Path) -> Path:
    """The test questions of the task whose chains `path` holds."""
    return path.with_name(f"{_task(path)}_test.jsonl")


def _asked(row: Mapping[str, Any], path: Path) -> dict[str, Any]:
    task = _task(path)
    return {
        "task": task,
        "description": DESCRIPTIONS.get(task, ""),
        "question": row["instruction"].strip(),
        "answer_type": ANSWER_TYPES.get(task),
    }


def _task(path: Path) -> str:
    return path.stem.partition("_")[0]


@lru_cache(maxsize=8)
def _golds(folder: Path, task: str) -> dict[str, str]:
    """The answer that most of a task's files in the folder state, by question."""
    stated: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.glob(f"{task}_*_level*.jsonl")):
        for _, row in jsonl_objects(path):
            if answer := _stated(str(row.get("output", ""))):
                stated[str(row.get("instruction", "")).strip()][answer] += 1
    return {question: answers.most_common(1)[0][0] for question, answers in stated.items()}


def _stated(output: str) -> str:
    _, *announced = _ANNOUNCED.split(output)
    return announced[-1].strip().rstrip(".") if announced else ""

"""Small benchmark files written for the tests: a local data directory, and hub datasets on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[dict[str, Any]]


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def write_jsonl(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_bbh(data: Path, task: str, examples: Rows, description: str = "Think.") -> None:
    write_json(data / "bbh" / f"{task}.json", {"examples": list(examples)})
    write_json(data / "bbh" / "descriptions.json", {task: description})


def navigate_examples(count: int) -> list[dict[str, Any]]:
    return [
        {
            "input": (
                f"Walk {n} steps out and {n + n % 2} back. Are you home?\nOptions:\n- Yes\n- No"
            ),
            "target": "No" if n % 2 else "Yes",
        }
        for n in range(count)
    ]


def bb_sub_row(index: int, scores: dict[str, float], **fields: Any) -> dict[str, Any]:
    return {
        "task": "odd_one_out",
        "subtask": None,
        "index": index,
        "description": "Spot what does not belong.",
        "task_prefix": "",
        "input_prefix": "\nQ: ",
        "input": f"Which is no tree ({index})?",
        "target_scores": scores,
        **fields,
    }


def agieval_row(question: str, passage: str | None = None, **fields: Any) -> dict[str, Any]:
    options = ["(A)north", "(B)south", "(C)east", "(D)west"]
    return {
        "passage": passage,
        "question": question,
        "options": options,
        "label": "C",
        **fields,
    }


def arc_rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "input": (
                f"Question: What boils at {n} degrees?\nOptions:\n(A) ice\n(B) water\n(C) iron"
            ),
            "target": "(B)",
        }
        for n in range(count)
    ]


def write_mentor_kd(data: Path) -> None:
    """Test questions of three tasks: a choice, a list of letters, a number."""
    balls = (
        "Ann, Bo and Cy hold balls: Ann a red, Bo a white and Cy a blue one. Ann and Bo swap, {n} "
        "times. At the end, Ann has the \nWhich choice is true? Answer choices: (A) red ball, "
        "(B) white ball, (C) blue ball."
    )
    letters = 'Take the last letters of each words in "{a} {b} Kim Joe" and concatenate them.'
    names = ("Ann", "Bob", "Cyd", "Dee", "Eva", "Fay", "Gus", "Hal")
    folder = data / "mentor_kd"
    write_jsonl(
        folder / "tracking_shuffled_objects_test.jsonl",
        [{"input": balls.format(n=n), "answer": "AB"[n % 2]} for n in range(4)],
    )
    write_jsonl(
        folder / "last_letter_concatenation_test.jsonl",
        [
            {"input": letters.format(a=a, b=b), "answer": f"{a[-1]}{b[-1]}me"}
            for a, b in zip(names[::2], names[1::2], strict=True)
        ],
    )
    write_jsonl(
        folder / "asdiv_test.jsonl",
        [{"input": f"{n} cows, how many legs?\n", "answer": str(4 * n)} for n in range(2, 6)],
    )


def write_bbeh(data: Path) -> None:
    """The mini set, and one task of the full layout."""
    items = [
        {"input": f"{n} birds?\n(A) yes\n(B) no", "target": "(B)"}
        if n % 2
        else {"input": f"Which thought of {n} is wrong, if any?", "target": "No"}
        for n in range(4)
    ]
    write_jsonl(data / "bbeh" / "mini.jsonl", items)
    task = data / "bbeh" / "benchmark_tasks" / "bbeh_dyck_languages" / "task.json"
    write_json(task, {"canary": "", "examples": items})


def write_granularity(data: Path) -> None:
    """Test questions, and the chains of two levels for training questions."""
    folder = data / "granularity"
    asked = [{"instruction": f"Is {n} even?", "label": str(n % 2 == 0)} for n in range(4)]
    write_jsonl(folder / "strategyqa_test.jsonl", asked)
    for level, wrong in ((1, ()), (2, (14,)), (3, ())):
        rows = [
            {
                "instruction": f"Is {n} odd?",
                "output": f"<Solution Path>Halve {n}. The answer is {(n % 2 == 1) != (n in wrong)}",
            }
            for n in range(10, 30)
        ]
        write_jsonl(folder / f"strategyqa_chatgpt_level{level}.jsonl", rows)


def write_hub_dataset(hub: Path, name: str, config: str, split: str, rows: Rows) -> None:
    """A dataset that `datasets` loads by `name` when `hub` is the working directory."""
    write_jsonl(hub / name / config / f"{split}.jsonl", rows)
    card = f"""---
configs:
- config_name: {config}
  data_files:
  - split: {split}
    path: {config}/{split}.jsonl
---
"""
    (hub / name / "README.md").write_text(card, encoding="utf-8")

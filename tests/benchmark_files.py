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

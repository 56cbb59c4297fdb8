"""Samples as lm-eval logs them, written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATE = "2026-01-02T03-04-05.678901"
LATER = "2026-01-03T03-04-05.678901"


def row(doc_id: int, right: float, **fields: Any) -> dict[str, Any]:
    """One row as lm-eval logs it."""
    return {
        "doc_id": doc_id,
        "doc": {"question": "?"},
        "target": "x",
        "arguments": {},
        "resps": [["said"]],
        "filtered_resps": ["said"],
        "filter": "none",
        "metrics": ["acc"],
        "doc_hash": f"hash-{doc_id}",
        "prompt_hash": "p",
        "target_hash": "t",
        "acc": right,
        **fields,
    }


def forced(right: bool, as_written: bool = False) -> dict[str, Any]:
    """The fields of a row of ours whose answer was forced; as written nothing could be read,
    unless that was right.
    """
    return {
        "answer_forced": True,
        "parse_ok": True,
        "correct": right,
        "correct_as_written": as_written,
        "parsed_as_written": "x" if as_written else None,
    }


def write_log(
    directory: Path,
    task: str,
    rows: list[dict[str, Any]],
    *,
    model_args: str = "pretrained=a",
    date: str = DATE,
) -> Path:
    """A samples file and the results file beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"samples_{task}_{date}.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    results = {"config": {"model": "hf", "model_args": model_args}}
    (directory / f"results_{date}.json").write_text(json.dumps(results))
    return path

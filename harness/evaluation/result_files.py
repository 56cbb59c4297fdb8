"""Results and samples on disk, in lm-eval's own format and under its own names."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lm_eval.utils import handle_non_serializable, hash_string

from reports.logs.results_file import results_name
from reports.logs.run_files import RUN_FILE
from reports.logs.sample_files import samples_name
from tasks.files import cannot_write


def write_results(
    out_dir: Path,
    *,
    results: Mapping[str, Any],
    samples: Mapping[str, Iterable[Mapping[str, Any]]],
    run: Mapping[str, Any],
) -> None:
    """Write results_*.json, one samples_*.jsonl a task, and run.json.

    Files are written elsewhere first and moved in, run.json last, so that its presence says that
    all are there and whole. Raises UserError where they cannot be written.
    """
    date = datetime.now().isoformat().replace(":", "-")
    partial = out_dir / f".partial-{os.getpid()}"
    try:
        partial.mkdir(parents=True, exist_ok=True)
        task_hashes = {}
        for task, rows in samples.items():
            rows = list(rows)
            hashes = "".join(r["doc_hash"] + r["prompt_hash"] + r["target_hash"] for r in rows)
            task_hashes[task] = hash_string(hashes)
            lines = [_json(_sample_row(row)) + "\n" for row in rows]
            (partial / samples_name(task, date)).write_text("".join(lines), encoding="utf-8")
        whole = dict(results) | {"task_hashes": task_hashes}
        (partial / results_name(date)).write_text(_json(whole, indent=2), encoding="utf-8")
        (partial / RUN_FILE).write_text(_json(run, indent=2), encoding="utf-8")
        (out_dir / RUN_FILE).unlink(missing_ok=True)
        for file in sorted(partial.iterdir(), key=lambda file: file.name == RUN_FILE):
            file.rename(out_dir / file.name)
    except OSError as error:
        raise cannot_write(out_dir, error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sample_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A logged sample in the shape that lm-eval's own writer gives it."""
    return dict(row) | {
        "arguments": {
            f"gen_args_{i}": {f"arg_{j}": argument for j, argument in enumerate(arguments)}
            for i, arguments in enumerate(row["arguments"])
        },
        "target": str(row["target"]),
    }


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, default=handle_non_serializable, ensure_ascii=False, indent=indent)

"""A side in one compact file: what a later gate needs of a baseline, without prompts and texts.

Gzipped JSON: columns of the items, then for each seed a string of 0 and 1 and the response hashes.
The same side always gives the same bytes, so the file can be kept under version control.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from reports.items import Item, Items
from reports.logs.sample_texts import no_texts
from reports.logs.samples import Side
from tasks.errors import UserError
from tasks.files import write_whole

SCHEMA = "cascod-baseline/1"
COLUMNS = ("task", "id", "doc_hash", "suite", "role", "cluster")


def save_baseline(side: Side, path: Path) -> None:
    """Write the file; its folder is created."""
    content = {
        "schema": SCHEMA,
        "items": {column: getattr(side.items, column).tolist() for column in COLUMNS},
        "seeds": [
            {
                "seed": seed,
                "correct": "".join("01"[right] for right in correct.tolist()),
                "responses": responses.tolist(),
            }
            for seed, correct, responses in zip(
                side.seeds, side.correct, side.responses, strict=True
            )
        ],
        "scorers": dict(side.scorers),
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    write_whole(path, gzip.compress(data, mtime=0))


def read_baseline(path: Path) -> Side:
    """The side in a file; UserError where it is none."""
    try:
        content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
        known = content["schema"] == SCHEMA
    except FileNotFoundError:
        raise UserError(f"{path}: no such file or directory") from None
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise UserError(
            f"{path}: not a baseline file ({SCHEMA}); give a directory of samples, or a file that "
            "`cascod gate --save FILE DIR` wrote"
        )
    seeds, items = content["seeds"], content["items"]
    rows = zip(*(items[column] for column in COLUMNS), strict=True)
    return Side(
        name=str(path),
        items=Items.of(Item(**dict(zip(COLUMNS, row, strict=True))) for row in rows),
        seeds=tuple(seed["seed"] for seed in seeds),
        correct=np.array([[mark == "1" for mark in seed["correct"]] for seed in seeds], dtype=bool),
        responses=np.array([seed["responses"] for seed in seeds], dtype=np.int64),
        texts=no_texts,
        notes=(),
        scorers=content.get("scorers", {}),
    )

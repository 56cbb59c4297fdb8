"""A side in one compact file: what a later gate needs of a baseline, without prompts and texts.

Gzipped JSON: columns of the items, then for each seed a string of 0 and 1 and the response hashes.
The same side always gives the same bytes, so the file can be kept under version control.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import msgspec
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
        content = msgspec.json.decode(gzip.decompress(path.read_bytes()), type=_Baseline)
        correct = np.array([list(map("01".index, s.correct)) for s in content.seeds], dtype=bool)
        responses = np.array([s.responses for s in content.seeds], dtype=np.int64)
        rows = zip(*(content.items[column] for column in COLUMNS), strict=True)
        items = Items.of(Item(**dict(zip(COLUMNS, row, strict=True))) for row in rows)
        whole = (
            correct.shape == responses.shape == (len(content.seeds), len(items)) and correct.size
        )
    except FileNotFoundError:
        raise UserError(f"{path}: no such file or directory") from None
    except (OSError, EOFError, ValueError, KeyError, OverflowError, RecursionError, zlib.error):
        whole = False
    if not whole or content.schema != SCHEMA or len(set(items.keys)) < len(items):
        raise UserError(
            f"{path}: not a baseline file ({SCHEMA}), or a broken one; give a directory of samples, or a "
            "file that `cascod gate --save FILE DIR` wrote"
        )
    return Side(
        name=str(path),
        items=items,
        seeds=tuple(seed.seed for seed in content.seeds),
        correct=correct,
        responses=responses,
        texts=no_texts,
        notes=(),
        scorers=content.scorers,
    )


class _Seed(msgspec.Struct):
    seed: str
    correct: str
    responses: list[int]


class _Baseline(msgspec.Struct):
    schema: str
    items: dict[str, list[str]]
    seeds: list[_Seed]
    scorers: dict[str, str] = {}

"""A side in one compact file: what a later gate needs of a baseline, without prompts and texts.

Gzipped JSON: columns of the items, then for each seed strings of 0 and 1 (scores as a list of
numbers where they are anything else) and the response hashes.
Gold answers, which answers were read, what they are without forced ones and how the side was asked
are there where its logs told them.
The same side always gives the same bytes, so the file can be kept under version control.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from reports.items import Item, Items
from reports.logs.copies import without_copies
from reports.logs.sample_texts import no_texts
from reports.logs.samples import AsWritten, Side
from reports.statistics.scale import Correct
from tasks.errors import UserError
from tasks.files import write_whole

SCHEMA = "cascod-baseline/1"
COLUMNS = ("task", "id", "doc_hash", "suite", "role", "cluster")
GOLD = "gold"


def save_baseline(side: Side, path: Path) -> None:
    """Write the file; its folder is created."""
    columns = (*COLUMNS, *((GOLD,) if any(side.items.gold) else ()))
    content = {
        "schema": SCHEMA,
        "items": {column: getattr(side.items, column).tolist() for column in columns},
        "seeds": [
            {
                "seed": seed,
                **_outcomes(side.correct, run),
                "responses": side.responses[run].tolist(),
                **({} if side.read is None else {"read": _marks(side.read[run])}),
                **_written(side.as_written, run),
            }
            for run, seed in enumerate(side.seeds)
        ],
        "scorers": dict(side.scorers),
        "asked": {task: dict(asked) for task, asked in side.asked.items()},
        "warnings": list(side.warnings),
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    write_whole(path, gzip.compress(data, mtime=0))


def read_baseline(path: Path) -> Side:
    """The side in a file; UserError where it is none."""
    try:
        content = msgspec.json.decode(gzip.decompress(path.read_bytes()), type=_Baseline)
        correct = _correct(content.seeds)
        told = all(seed.read is not None for seed in content.seeds)
        read = _unmarked(seed.read or "" for seed in content.seeds) if told else None
        responses = np.array([s.responses for s in content.seeds], dtype=np.int64)
        as_written = _as_written(content.seeds)
        columns = (*COLUMNS, *((GOLD,) if GOLD in content.items else ()))
        rows = zip(*(content.items[column] for column in columns), strict=True)
        items = Items.of(Item(**dict(zip(columns, row, strict=True))) for row in rows)
        shape = (len(content.seeds), len(items))
        arrays = (correct, responses, *(() if read is None else (read,)), *(as_written or ()))
        whole = all(array.shape == shape for array in arrays) and correct.size
    except FileNotFoundError:
        raise UserError(f"{path}: no such file or directory") from None
    except (OSError, EOFError, ValueError, KeyError, OverflowError, RecursionError, zlib.error):
        whole = False
    if not whole or content.schema != SCHEMA or len(set(items.keys)) < len(items):
        raise UserError(
            f"{path}: not a baseline file ({SCHEMA}), or a broken one; give a directory of "
            "samples, or a file that `cascod gate --save FILE DIR` wrote"
        )
    names = tuple(seed.seed for seed in content.seeds)
    counting, copies = without_copies(str(path), names, correct, responses)
    return Side(
        name=str(path),
        items=items,
        seeds=tuple(names[run] for run in counting),
        correct=correct[counting],
        responses=responses[counting],
        read=None if read is None else read[counting],
        texts=no_texts,
        notes=tuple(copies),
        scorers=content.scorers,
        asked=content.asked,
        warnings=tuple(content.warnings),
        as_written=as_written and AsWritten(*(marks[counting] for marks in as_written)),
    )


def _outcomes(correct: Correct, run: int) -> dict[str, Any]:
    """What a run got right, or its scores."""
    own = correct[run]
    return {"correct": _marks(own)} if own.dtype == bool else {"scores": own.tolist()}


def _correct(seeds: Sequence[_Seed]) -> Correct:
    """The same read back; ValueError where a seed has neither, or a score that is none."""
    if all(seed.scores is None for seed in seeds):
        return _unmarked(seed.correct for seed in seeds)
    scores = np.array([seed.scores or [] for seed in seeds], dtype=float)
    if not np.isfinite(scores).all():
        raise ValueError("a score that is no number")
    return scores


def _written(as_written: AsWritten | None, run: int) -> dict[str, dict[str, str]]:
    """What a run's answers are without the forced ones, where any was forced on its side."""
    if as_written is None:
        return {}
    return {"as_written": {n: _marks(m[run]) for n, m in as_written._asdict().items()}}


def _as_written(seeds: Sequence[_Seed]) -> AsWritten | None:
    """The same read back; None where a seed lacks it."""
    written = [seed.as_written for seed in seeds if seed.as_written is not None]
    if len(written) < len(seeds):
        return None
    return AsWritten(
        *(_unmarked(getattr(each, name) for each in written) for name in AsWritten._fields)
    )


def _marks(run: NDArray[np.bool_]) -> str:
    return "".join("01"[mark] for mark in run.tolist())


def _unmarked(runs: Iterable[str]) -> NDArray[np.bool_]:
    """Strings of 0 and 1 as an array (runs, items); ValueError where they hold anything else."""
    return np.array([list(map("01".index, run)) for run in runs], dtype=bool)


class _Written(msgspec.Struct):
    correct: str
    read: str
    forced: str


class _Seed(msgspec.Struct):
    seed: str
    responses: list[int]
    correct: str = ""
    scores: list[float] | None = None
    read: str | None = None
    as_written: _Written | None = None


class _Baseline(msgspec.Struct):
    schema: str
    items: dict[str, list[str]]
    seeds: list[_Seed]
    scorers: dict[str, str] = {}
    asked: dict[str, dict[str, str]] = {}
    warnings: list[str] = []

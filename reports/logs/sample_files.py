"""Reading the scored samples of one evaluation directory into a compact table."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from tasks.errors import UserError
from tasks.files import jsonl_objects, numbered_lines

SAMPLES_NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")
TEXT = ("id", "task", "suite", "role", "cluster", "gold")
FLAGS = ("correct", "parse_ok", "rationale_truncated", "answer_truncated")
KEY = ["suite", "task", "id"]


def newest_files(directory: Path) -> tuple[list[Path], list[str]]:
    """The newest samples file of every lm-eval task in `directory`, and a note for each older one."""
    newest: dict[str, tuple[str, Path]] = {}
    notes = []
    for path in sorted(directory.glob("samples_*.jsonl")):
        match = SAMPLES_NAME.fullmatch(path.name)
        task, date = (match["task"], match["date"]) if match else (path.stem, "")
        if task in newest:
            older = min(newest[task], (date, path))[1]
            notes.append(
                f"{older}: a newer evaluation of {task} stands beside it and was read instead"
            )
        newest[task] = max(newest.get(task, ("", path)), (date, path))
    return [path for _, path in newest.values()], notes


def read_samples(directory: Path) -> tuple[pd.DataFrame, list[str]]:
    """All samples under `directory` as one table, and notes on files passed over.

    Columns: the text fields and flags of a sample, `question` (lm-eval's hash of the doc, "" where the
    log has none) and `response` (an integer hash of what the student said). UserError with file:line
    for a broken row, a missing field, or an item that occurs twice.
    """
    files, notes = newest_files(directory)
    if not files:
        raise UserError(f"{directory}: no samples_*.jsonl here; evaluate this cell again")
    columns: dict[str, list[Any]] = {
        name: [] for name in (*TEXT, *FLAGS, "question", "response", "where")
    }
    for path in files:
        for number, row in jsonl_objects(path):
            where = f"{path}:{number}"
            for name in TEXT:
                columns[name].append(_field(row, name, str, where))
            for name in FLAGS:
                columns[name].append(_field(row, name, bool, where))
            _field(row, "rationale", str, where)  # read again where items are shown
            columns["question"].append(str(row.get("doc_hash", "")))
            columns["response"].append(_response_hash(row))
            columns["where"].append(where)
    table = pd.DataFrame(columns)
    if unknown := table[~table["role"].isin(["ind", "ood"])].head(1).to_dict("records"):
        row = unknown[0]
        raise UserError(f"{row['where']}: role {row['role']!r} is neither ind nor ood")
    if twice := table[table.duplicated(KEY)].head(1).to_dict("records"):
        row = twice[0]
        raise UserError(f"{row['where']}: item {row['id']!r} of task {row['task']} occurs twice")
    return table.drop(columns="where"), notes


class _Key(msgspec.Struct):
    suite: str
    task: str
    id: str


def read_texts(
    directory: Path, wanted: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The whole rows of some items by (suite, task, id); of other lines only that is decoded."""
    decoder = msgspec.json.Decoder(_Key)
    found = {}
    for path in newest_files(directory)[0]:
        for number, line in numbered_lines(path):
            try:
                row = decoder.decode(line)
            except (msgspec.MsgspecError, RecursionError) as error:
                raise UserError(f"{path}:{number}: {str(error).lower()}") from None
            if (row.suite, row.task, row.id) in wanted:
                found[row.suite, row.task, row.id] = json.loads(line)
    return found


def _field(row: dict[str, Any], name: str, kind: type, where: str) -> Any:
    if name not in row:
        raise UserError(f"{where}: missing field {name!r}; was this sample written by cascod?")
    if not isinstance(row[name], kind):
        found = type(row[name]).__name__
        raise UserError(f"{where}: field {name!r} must be {kind.__name__}, got {found}")
    return row[name]


def _response_hash(row: dict[str, Any]) -> int:
    said = row["resps"] if "resps" in row else [row.get("rationale"), row.get("parsed")]
    digest = blake2b(json.dumps(said).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)

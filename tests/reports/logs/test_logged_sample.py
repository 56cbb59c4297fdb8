"""Rows of samples files, ours and others', through the one decoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sample_logs import row, write_log
from synthetic_run import lm_eval_row, sample

from reports.logs.cell_samples import read_cell
from reports.logs.logged_sample import AnySample, LoggedSample, logged_rows
from reports.logs.samples import read_side
from tasks.errors import UserError
from tasks.sample import Sample

OURS = sample("embedded_ind", "counting", 1, correct=True)


def test_a_sample_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_log(tmp_path, "cascod_embedded", [lm_eval_row(OURS)])
    [(number, read)] = logged_rows(path, LoggedSample)
    assert number == 1
    assert {name: getattr(read, name) for name in Sample.__dataclass_fields__} == OURS.to_row()
    assert read.item.doc_hash == f"hash of {OURS.id}"


def test_texts_that_few_readers_want_stay_as_they_stand_in_the_file(tmp_path: Path) -> None:
    path = write_log(tmp_path, "arc", [row(7, 1.0, resps=[["two  blanks"]])])
    [(_, read)] = logged_rows(path, AnySample)
    assert bytes(read.resps) == b'[["two  blanks"]]'
    assert msgspec.json.decode(read.doc) == {"question": "?"}


def test_a_run_and_a_comparison_hash_a_response_alike(tmp_path: Path) -> None:
    write_log(tmp_path, "cascod_embedded", [lm_eval_row(OURS) | {"metrics": ["acc"], "acc": 1.0}])
    samples, _ = read_cell(tmp_path)
    assert [each.response for each in samples.values()] == read_side(tmp_path).responses[0].tolist()


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        (AnySample, "{broken", r"jsonl:2: json is malformed"),
        (AnySample, '{"doc_hash": "x"}', r"jsonl:2: object missing required field `doc_id`"),
        (AnySample, '{"doc_id": 1, "doc": ' + "[" * 100_000, r"jsonl:2: nested too deeply"),
        (LoggedSample, "{broken", r"jsonl:2: not valid JSON"),
        (LoggedSample, '{"id": "x', r"jsonl:2: not valid JSON \(it breaks off\)"),
        (LoggedSample, "3", r"jsonl:2: expected an object, got int"),
        (LoggedSample, {"gold": 3}, r"jsonl:2: field 'gold' must be str, got int"),
    ],
)
def test_a_faulty_row_is_named_by_file_and_line(
    tmp_path: Path, kind: Any, line: str | dict[str, Any], message: str
) -> None:
    if isinstance(line, dict):
        line = json.dumps(lm_eval_row(OURS) | line)
    path = write_log(tmp_path, "t", [lm_eval_row(OURS)])
    path.write_text(path.read_text() + line)
    with pytest.raises(UserError, match=message):
        list(logged_rows(path, kind))

"""Questions of record files and of tables, read by one function."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.errors import UserError
from tasks.records.record import CoTRecord, read_records, write_records
from tasks.tables.read_questions import read_questions


def test_a_file_of_records_is_read_as_such(tmp_path: Path) -> None:
    for name in ("records.jsonl", "records"):
        path = tmp_path / name
        meta = {"batch": 2}
        write_records(path, [CoTRecord("a", "t", "", "Why?", "this", "", "", "", False, meta=meta)])
        assert read_questions(str(path)) == read_records(path)


def test_anything_else_is_a_table_named_after_its_file(tmp_path: Path) -> None:
    rows = [{"question": "1 + 1?", "answer": "2"}, {"question": "1 + 2?", "answer": "3"}]
    (tmp_path / "sums.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "sums.csv").write_text("frage,a\n1 + 1?,2\n1 + 2?,3\n")
    of_lines = read_questions(str(tmp_path / "sums.jsonl"), description="Add.")
    of_cells = read_questions(str(tmp_path / "sums.csv"), "question=frage,answer=a")
    for records in (of_lines, of_cells):
        assert [(r.task, r.question, r.answer) for r in records] == [
            ("sums", "1 + 1?", "2"),
            ("sums", "1 + 2?", "3"),
        ]
    assert of_lines[0].description == "Add."


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("absent.jsonl", None, "no such file"),
        ("empty.jsonl", "", "no records in this file"),
        ("numbers.jsonl", "1\n2\n", "numbers.jsonl:1"),
        ("torn.jsonl", "{", "torn.jsonl:1"),
        ("words.csv", "a,b\n1,2\n", "question"),
    ],
)
def test_what_holds_no_questions_is_told_in_a_line(
    tmp_path: Path, name: str, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=told):
        read_questions(str(tmp_path / name))

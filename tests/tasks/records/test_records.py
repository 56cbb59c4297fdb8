import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import UserError
from tasks.records.record import (
    CoTRecord,
    parse_record,
    read_records,
    record_problems,
    write_records,
)
from tasks.scoring.score import score

ROW: dict[str, Any] = {
    "id": "sums/0",
    "task": "sums",
    "description": "Add.",
    "question": "2 + 3?",
    "answer": "5",
    "rationale": "Two and three make five.",
    "teacher": "hand",
}


def write_rows(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_optional_fields_have_defaults() -> None:
    record = parse_record(ROW)
    assert (record.cluster, record.teacher_answer, record.teacher_correct) == ("sums/0", "5", True)
    assert (record.answer_type, record.options, record.meta) == (None, (), {})


def test_a_wrong_teacher_answer_is_kept_and_marked() -> None:
    record = parse_record(ROW | {"teacher_answer": "6"})
    assert (record.answer, record.teacher_answer, record.teacher_correct) == ("5", "6", False)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    first = parse_record(ROW)
    second = replace(
        first,
        id="sums/1",
        question="«2»\n+ 3 – wie viel?",
        cluster="template",
        answer_type="choice",
        options=("4", "5"),
        teacher_correct=False,
        meta={"path": "add"},
    )
    write_records(tmp_path / "new" / "records.jsonl", [first, second])
    assert read_records(tmp_path / "new" / "records.jsonl") == [first, second]


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(f"\n{json.dumps(ROW)}\n\n")
    assert [record.id for record in read_records(path)] == ["sums/0"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rationale": None}, "field 'rationale' must be text, got NoneType"),
        ({"id": ""}, "empty id"),
        ({"answer": 5}, "field 'answer' must be text, got int"),
        ({"reason": "x"}, "unknown field 'reason'"),
        ({"answer_type": "essay"}, "answer_type 'essay' is none of choice"),
        ({"options": "A"}, "field 'options' must be list, got str"),
        ({"options": [1]}, "field 'options' must be a list of texts"),
        ({"answer": "(G)", "options": list("pqrs")}, "the answer '(G)' is none of the 4 options"),
        ({"answer": "six", "options": ["5", "7"]}, "the answer 'six' is none of the 2 options"),
        (
            {"answer": "(C)", "question": "Which?\nOptions:\n(A) 5\n(B) 7"},
            "the answer '(C)' is none of the 2 options; give a label from (A) to (B)",
        ),
        ({"teacher_correct": "yes"}, "field 'teacher_correct' must be bool"),
    ],
)
def test_a_faulty_field_is_named_with_file_and_line(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    path = write_rows(tmp_path / "records.jsonl", ROW, ROW | {"id": "sums/1"} | change)
    with pytest.raises(UserError) as error:
        read_records(path)
    assert str(error.value).startswith(f"{path}:2: {message}")


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    row = {name: value for name, value in ROW.items() if name != "question"}
    with pytest.raises(UserError, match=r"records.jsonl:1: missing field 'question'"):
        read_records(write_rows(tmp_path / "records.jsonl", row))


def test_a_row_that_is_no_object_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r":2: expected an object, got list"):
        read_records(write_rows(tmp_path / "records.jsonl", ROW, [ROW]))


def test_a_record_for_testing_needs_no_rationale_and_no_teacher(tmp_path: Path) -> None:
    bare = {name: value for name, value in ROW.items() if name not in ("rationale", "teacher")}
    path = write_rows(tmp_path / "suite.jsonl", bare, ROW | {"id": "sums/1", "rationale": ""})
    records = read_records(path)
    assert [(record.rationale, record.teacher) for record in records] == [("", ""), ("", "hand")]
    assert [problem.golds for problem in record_problems(records)] == [("5",), ("5",)]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(ROW).encode() + b"\n")
    assert [record.id for record in read_records(path)] == ["sums/0"]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a.csv", "read_csv("),
        ("a.TSV", "read_csv("),
        ("a.xlsx", "read_excel("),
        ("a.parquet", "read_parquet("),
        ("a.json", "read_json("),
    ],
)
def test_a_table_or_an_array_is_told_in_one_line_how_to_become_json_lines(
    tmp_path: Path, name: str, read: str
) -> None:
    path = tmp_path / name
    path.write_text(f"[\n{json.dumps(ROW)}\n]" if name.endswith("json") else "id,task\n1,sums\n")
    with pytest.raises(UserError) as error:
        read_records(path)
    assert f"{path}: not JSON Lines" in str(error.value)
    assert f"pandas.{read}'{path}'" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_advice_works(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    path = tmp_path / "records.csv"
    path.write_text(f"{','.join(ROW)}\n{','.join(ROW.values()).replace('5,', 'five,')}\n")
    with pytest.raises(UserError) as error:
        read_records(path)
    command = str(error.value).partition(" with python ")[2]
    subprocess.run(f"{sys.executable} {command}", shell=True, check=True, timeout=120)
    assert [record.question for record in read_records(tmp_path / "records.jsonl")] == ["2 + 3?"]


def test_a_duplicate_id_is_named_with_both_lines(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "records.jsonl", ROW, ROW | {"id": "sums/1"}, ROW)
    with pytest.raises(UserError, match=r":3: duplicate id 'sums/0', first on line 1"):
        read_records(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"id": "a",\n', r":1: not valid JSON"),
        (b'{"id": "\\ud83d"}\n', r":1: half a character"),
        (b'{"id": "\xff"}\n', r"not UTF-8 text"),
        (b"\n\n", r"no records in this file"),
    ],
)
def test_a_file_that_holds_no_records_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_records(path)


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_records(tmp_path / "absent.jsonl")
    with pytest.raises(UserError, match="is a directory"):
        read_records(tmp_path)


@contextmanager
def small_files_only() -> Iterator[None]:
    """A disk that takes no more than 4 kB a file, the log of these tests included: keep it
    short.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_when_the_disk_refuses_the_old_file_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    write_records(path, [parse_record(ROW)])
    too_many = [parse_record(ROW | {"id": str(n)}) for n in range(500)]
    refusal = r"records.jsonl: cannot be written \(File too large\)"
    with small_files_only(), pytest.raises(UserError, match=refusal):
        write_records(path, too_many)
    assert [record.id for record in read_records(path)] == ["sums/0"]
    assert [file.name for file in tmp_path.iterdir()] == ["records.jsonl"]


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_records(tmp_path / "taken" / "records.jsonl", [parse_record(ROW)])


def test_records_are_asked_by_the_answer_type_of_their_task() -> None:
    def record(n: int, task: str, answer: str) -> CoTRecord:
        return parse_record(ROW | {"id": f"{task}/{n}", "task": task, "answer": answer})

    said = replace(record(1, "words", "b"), answer_type="free_text")
    records = [record(0, "sums", "5"), record(0, "words", "(A)"), said]
    assert [problem.answer_type for problem in record_problems(records)] == [
        "number",
        "free_text",
        "free_text",
    ]
    problem = record_problems([replace(records[0], meta={"path": "add"})])[0]
    assert (problem.golds, problem.path, problem.cluster) == (("5",), "add", "sums/0")


@pytest.mark.parametrize("answer", ["(B)", "B", "7", "(B) 7"])
def test_an_answer_names_its_option_by_label_or_text(answer: str) -> None:
    record = parse_record(ROW | {"answer": answer, "options": ["5", "7"]})
    problem = record_problems([record])[0]
    assert problem.answer_type == "choice"
    for said in ("(B)", "7"):
        assert score(said, problem.golds, problem.answer_type, options=problem.options).correct
    assert not score("(A)", problem.golds, "choice", options=problem.options).correct


def test_options_that_the_question_lacks_are_listed_when_it_is_asked() -> None:
    record = parse_record(ROW | {"answer": "(A)", "options": ["5", "7"]})
    assert record_problems([record])[0].question == "2 + 3?\nOptions:\n(A) 5\n(B) 7"


@pytest.mark.parametrize(
    "question",
    [
        "Which?\nOptions:\n(A) red hat\n(B) blue",
        "Which?\nA. red hat\nB. blue",
        "Which?\nA) a red  hat\nB) blue, of course",
        "Which: (a) red hat, (b) blue?",
        "Choices: [A] red\nhat [B] blue",
        "Which?\nOptions:\n- red hat\n- blue",
        "Options: Red  Hat (A), blue(B)",
    ],
)
def test_a_question_that_lists_its_options_is_left_alone(question: str) -> None:
    record = parse_record(
        ROW | {"answer": "(B)", "question": question, "options": ["red hat", "blue"]}
    )
    assert record.asked == question


@pytest.mark.parametrize(
    "question",
    [
        "Is it a red hat or blue?",
        "Which?\n(A) red hat",
        "(A) and (B) wear hats. Which?",
        "Options: red hat (A), skyblue (B)",
    ],
)
def test_options_that_are_only_mentioned_are_not_listed(question: str) -> None:
    record = parse_record(
        ROW | {"answer": "(B)", "question": question, "options": ["red hat", "blue"]}
    )
    assert record.asked == f"{question}\nOptions:\n(A) red hat\n(B) blue"

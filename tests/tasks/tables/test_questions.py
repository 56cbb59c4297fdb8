"""Questions in tables of every kind become records; what a table lacks is said in one line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from tasks.errors import UserError
from tasks.records.record import CoTRecord, read_records, record_problems
from tasks.tables.columns import columns_of, said_columns
from tasks.tables.questions import questions
from tasks.tables.read_table import read_table

EXAMPLES = Path(__file__).parents[3] / "examples" / "own_suites"
ROWS: list[dict[str, Any]] = [
    {"frage": "Wo?", "A": "Bonn", "B": "Köln", "loesung": "B", "text": "Köln am Rhein,\ngroß."},
    {"frage": "Wer?", "A": "Ada", "B": "Bo", "loesung": "Ada", "text": "Köln am Rhein,\ngroß."},
    {"frage": "Was?", "A": "7", "B": "12", "loesung": "(b)", "text": ""},
]


def as_csv(path: Path, delimiter: str = ",") -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(ROWS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(ROWS)


def as_xlsx(path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(ROWS[0]))
    for row in ROWS:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row.values()])
    book.active.merge_cells("E2:E3")
    book.save(path)


def as_parquet(path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)


WRITERS: dict[str, Callable[[Path], None]] = {
    "q.csv": as_csv,
    "semicolons.csv": lambda path: as_csv(path, ";"),
    "q.tsv": lambda path: as_csv(path, "\t"),
    "q.xlsx": as_xlsx,
    "q.parquet": as_parquet,
    "q.json": lambda path: write(path, json.dumps({"version": 2, "data": ROWS})),
    "q.jsonl": lambda path: write(path, "".join(json.dumps(row) + "\n" for row in ROWS)),
}


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def read(path: Path | str, said: str = "") -> list[CoTRecord]:
    table = read_table(str(path))
    return questions(table, columns_of(table.columns, said_columns(said), str(path)), "ours")


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_table_gives_the_same_questions(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    records = read(tmp_path / name)
    assert [record.answer for record in records] == ["(B)", "(A)", "(B)"]
    assert [record.options for record in records][::2] == [("Bonn", "Köln"), ("7", "12")]
    assert records[0].question == "Köln am Rhein,\ngroß.\n\nWo?"
    first, second, third = (problem.cluster for problem in record_problems(records))
    assert first == second != third


def test_columns_are_shown_and_can_be_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "q.csv", "satz,x,y,z,gut\nWas?,a,b,c,y\nWer?,d,e,f,d\n")
    said = "question=satz,answer=gut,options=x..z"
    arguments = ["suite", "new", str(tmp_path / "q.csv"), "--name", "ours", "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert "--map question=COLUMN; there are: satz, x, y, z, gut" in capsys.readouterr().err
    write(tmp_path / "q.csv", "satz,x,y,z,gut\nWas?,a,b,c,b\nWer?,d,e,f,(A)\n")
    assert main([*arguments, "--map", said]) == 0
    printed = capsys.readouterr().out
    assert f"columns: {said}" in printed
    assert "2 choice" in printed
    assert "Q:Was?\nOptions:\n(A) a\n(B) b\n(C) c\n\nA:" in printed
    assert [r.answer for r in read_records(tmp_path / "ours.jsonl")] == ["(B)", "(A)"]


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        (["a", "b", "c"], "b"),
        (["a", "b", "c"], 1),
        ({"text": ["a", "b", "c"], "label": ["A", "B", "C"]}, "B"),
        ("a | b | c", "(B)"),
        ("A) a\nB) b\nC) c", "B"),
        ('["a", "b", "c"]', ["B"]),
    ],
)
def test_options_may_stand_in_one_cell(tmp_path: Path, options: Any, answer: Any) -> None:
    rows = [
        {"question": "Which?", "choices": options, "answer": answer},
        {"question": "And?", "choices": ["d", "e"], "answer": 0 if answer == 1 else "d"},
    ]
    write(tmp_path / "q.json", json.dumps(rows))
    first, second = read(tmp_path / "q.json")
    assert (first.options, first.answer) == (("a", "b", "c"), "(B)")
    assert second.answer == "(A)"


@pytest.mark.parametrize("start", [0, 1])
def test_answers_that_are_numbers_of_options_are_so_where_options_are_numbers_too(
    tmp_path: Path, start: int
) -> None:
    asked = [(["4", "2", "1", "3"], 1), (["x", "y"], 0), (["x", "y", "z"], 2)]
    rows = [{"question": f"{o}?", "choices": o, "answer": place + start} for o, place in asked]
    write(tmp_path / "q.json", json.dumps(rows))
    assert [record.answer for record in read(tmp_path / "q.json")] == ["(B)", "(A)", "(C)"]


@pytest.mark.parametrize(
    "options",
    [{"label": ["B", "A"], "text": ["y", "x"]}, {"B": "y", "A": "x"}, {"2": "y", "1": "x"}],
)
def test_labelled_options_stand_in_the_order_of_their_labels(tmp_path: Path, options: Any) -> None:
    rows = [{"question": "Which?", "options": options, "answer": "x"}]
    write(tmp_path / "q.json", json.dumps(rows))
    [record] = read(tmp_path / "q.json")
    assert (record.options, record.answer) == (("x", "y"), "(A)")


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    write(tmp_path / "q.csv", 'question,answer\nWo?,3\n"Wer\nda?",4\nWas?,5\n')
    assert [number for number, _ in read_table(str(tmp_path / "q.csv")).rows] == [2, 3, 5]


def test_cells_of_a_spreadsheet_read_as_their_owner_sees_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["question", "answer"])
    for answer in (datetime(2024, 3, 1), 0.125, 7.0):
        book.active.append(["What?", answer])
    book.active["B3"].number_format = "0.0%"
    book.save(tmp_path / "q.xlsx")
    assert [r.answer for r in read(tmp_path / "q.xlsx")] == ["2024-03-01", "12.5%", "7"]


def test_options_are_guessed_only_where_their_ends_name_them(tmp_path: Path) -> None:
    write(tmp_path / "q.csv", "question,A,Hinweis,B,answer\nWo?,x,h,y,x\n")
    assert read(tmp_path / "q.csv")[0].options == ()


def test_options_in_the_text_are_found_and_not_listed_twice(tmp_path: Path) -> None:
    question = "Which is green?\nA) a rose\nB) a leaf"
    write(tmp_path / "q.json", json.dumps([{"question": question, "answer": "B"}]))
    [record] = read(tmp_path / "q.json")
    assert (record.options, record.answer) == (("a rose", "a leaf"), "(B)")
    assert record.asked == question


def test_numbered_steps_are_no_options(tmp_path: Path) -> None:
    row = {"question": "Do it:\n1. Add 3 to 4.\n2. Double it.", "answer": "14"}
    write(tmp_path / "q.json", json.dumps([row]))
    assert read(tmp_path / "q.json")[0].options == ()


def test_answers_are_typed_whatever_their_language() -> None:
    german = record_problems(read(EXAMPLES / "wareneingang.csv"))
    japanese = record_problems(read(EXAMPLES / "kensa.csv"))
    assert {problem.answer_type for problem in german} == {"choice"}
    assert [p.answer_type for p in japanese] == ["yes_no"] * 3 + ["number"] * 2
    assert len({problem.cluster for problem in german}) == 3


def test_a_suite_is_its_own_table(tmp_path: Path) -> None:
    as_csv(tmp_path / "q.csv")
    source, again = tmp_path / "ours.jsonl", tmp_path / "again.jsonl"
    assert (
        main(["suite", "new", str(tmp_path / "q.csv"), "--name", "ours", "--out", str(tmp_path)])
        == 0
    )
    assert main(["suite", "new", str(source), "--name", "again", "--out", str(tmp_path)]) == 0
    first, second = (record_problems(read_records(path)) for path in (source, again))
    assert [(p.question, p.golds, p.cluster) for p in first] == [
        (p.question, p.golds, p.cluster) for p in second
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("q.csv", "", "holds no rows"),
        ("q.csv", "question,answer\n", "holds no rows"),
        ("q.csv", 'question,answer\n"Wo?,3\n', "q.csv:2: cannot be read"),
        ("q.tsv", 'question\tanswer\tx\nWo?\t3\t"a\nWer?\t4\t"b\n', "cannot be read"),
        ("q.csv", 'question,answer\nWo?,3\n"Yes" is it?,4\n', "q.csv:3: cannot be read"),
        (
            "q.json",
            '[{"question": "Wo?", "options": {"Q": "x", "R": "y"}, "answer": "Q"}]',
            "row 1: options are labelled Q, R, which do not count from A or 1",
        ),
        ("q.csv", "question,answer\nWo?,3,4\n", "a cell stands under no heading"),
        ("q.csv", "question,question\nWo?,3\n", "two columns are called 'question'"),
        ("q.csv", "question,a,b,answer\nWo?,x,y,z\n", "row 2: the answer 'z' is none of the 2"),
        ("q.csv", "question,a,b,c,answer\nWo?,x,y,z,1\n", "from 0 or from 1?"),
        ("q.csv", "id,question,answer\n1,Wo?,3\n1,Wer?,4\n", "id '1' stands in row 2, too"),
        ("q.json", '{"a": 1}', "expected one list of JSON objects"),
        ("q.json", "[1, 2]", "expected one list of JSON objects"),
        ("q.json", '[{"question": "Wo?", "answer": ["3", "4"]}]', "row 1: a cell holds 2 values"),
        ("q.xlsx", "no zip", "cannot be read as XLSX"),
        ("q.parquet", "no parquet", "cannot be read as PARQUET"),
        ("q.pdf", "%PDF", "a table is one of .csv, .tsv, .xlsx"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_one_line(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    write(tmp_path / name, text)
    with pytest.raises(UserError) as error:
        read(tmp_path / name)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("said", ["question", "frage=question", "question="])
def test_a_map_that_says_nothing_is_refused(said: str) -> None:
    with pytest.raises(UserError, match="expected PART=COLUMN"):
        said_columns(said)


def test_a_data_set_of_the_hub_that_cannot_be_had_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError, match="nobody/nothing: cannot be read from the hub"):
        read_table("nobody/nothing")

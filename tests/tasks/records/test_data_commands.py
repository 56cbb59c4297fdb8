"""`cascod data` and `cascod score`, as their arguments call them."""

import argparse
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.commands import data, score
from tasks.errors import UserError
from tasks.quality.assess import assess_records
from tasks.records.record import read_records


def call(command: ModuleType, *arguments: Any) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture
def completions(tmp_path: Path) -> Path:
    path = tmp_path / "teacher.jsonl"
    rows = [
        {
            "task": "sums",
            "question": f"{n} + 1?",
            "target": str(n + 1),
            "completion": f"One more. So the answer is {n + 1}." if n else "One more.",
        }
        for n in range(20)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_import_reads_the_files_of_every_pattern(
    completions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = completions.read_text().splitlines(keepends=True)
    for name in ("one", "two", "three"):
        renamed = [row.replace('"sums"', f'"{name}"') for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("".join(renamed))
    patterns = ["--files", "one*", "--files", "two.jsonl", "--files", "*wo.jsonl"]
    assert call(data, "import", tmp_path, *patterns, "--out", tmp_path / "out") == 0
    report = json.loads((tmp_path / "out" / "import_report.json").read_text())
    assert set(report["tasks"]) == {"one", "two"}
    assert report["tasks"]["two"]["rows"] == 20
    with pytest.raises(UserError, match=r"no four\* files in this directory"):
        call(data, "import", tmp_path, *patterns, "--files", "four*", "--out", tmp_path / "out")
    for pattern in ("", "/elsewhere/*.jsonl"):
        with pytest.raises(UserError, match="is no pattern of files below it"):
            call(data, "import", tmp_path, "--files", pattern, "--out", tmp_path / "out")


def test_import_writes_splits_and_a_report(
    completions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "descriptions.json").write_text('{"sums": "Add."}')
    out = tmp_path / "out"
    arguments = ("--out", out, "--descriptions", tmp_path / "descriptions.json")
    assert call(data, "import", completions, *arguments) == 0
    records = [r for name in ("train", "dev", "test") for r in read_records(out / f"{name}.jsonl")]
    assert len(records) == 19
    assert {(record.description, record.teacher) for record in records} == {("Add.", "teacher")}
    report = json.loads((out / "import_report.json").read_text())
    assert report["items"] == {"train": 14, "dev": 2, "test": 4}
    assert report["total"]["no_cue"] == 1
    assert report["left_out"][0]["id"] == "sums/0"
    assert "1 without a cue" in capsys.readouterr().out


def test_import_can_score_the_rationales_that_it_reads(tmp_path: Path) -> None:
    source = tmp_path / "teacher.jsonl"
    rows = [
        {
            "task": "sums",
            "question": f"What is {n} and 30 together?",
            "target": str(n + 30),
            "completion": f"{n} + 30 = {n + 30 + n % 2}. So the answer is {n + 30}.",
        }
        for n in range(40)
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert call(data, "import", source, "--out", tmp_path, "--quality") == 0
    for split in ("train", "dev", "test"):
        records = read_records(tmp_path / f"{split}.jsonl")
        for record, quality in zip(records, assess_records(records), strict=True):
            found = record.meta["quality"]
            assert found["first_wrong_step"] == (0 if int(record.answer) % 2 else None)
            assert found["score"] == pytest.approx(quality.score, abs=1e-4)


def test_check_says_what_a_file_holds(
    completions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(data, "import", completions, "--out", tmp_path)
    capsys.readouterr()
    assert call(data, "check", tmp_path / "train.jsonl") == 0
    printed = capsys.readouterr().out
    assert "records, all valid" in printed
    assert "sums" in printed
    assert "100.0" in printed


def test_generate_writes_valid_records(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    assert call(data, "generate", "--out", path, "--seed", 3, "--per-family", 2) == 0
    first = read_records(path)
    call(data, "generate", "--out", path, "--seed", 3, "--per-family", 2)
    assert read_records(path) == first


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "absent.jsonl"),
        ("import", "absent.jsonl", "--out", "out"),
        ("generate", "--out", "x.jsonl", "--rho", "2"),
        ("generate", "--out", "x.jsonl", "--rho", "nan"),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as error:
        call(data, *arguments)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_descriptions_file_is_named(completions: Path, tmp_path: Path) -> None:
    path = tmp_path / "descriptions.json"
    path.write_text('{"sums": 3}')
    with pytest.raises(UserError, match=r"descriptions.json: expected a JSON object of texts"):
        call(data, "import", completions, "--out", tmp_path, "--descriptions", path)


def test_score_prints_a_table_or_json(
    completions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(score, completions) == 0
    printed = capsys.readouterr().out
    assert "95.0" in printed
    assert "a constant answer" in printed
    assert "no better than" not in printed
    assert call(score, completions, "--rule", "exact", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "tasks": {
            "sums": {
                "accuracy": 0.95,
                "n": 20,
                "unparsed": 1,
                "unfinished_thoughts": 0,
                "constant_accuracy": 0.05,
            }
        }
    }


def test_score_names_tasks_that_a_constant_answer_does_as_well_and_thoughts_cut_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["So the answer is (C)."] * 4 + ["<think>So the answer is (A). Or"]
    rows = [
        {"task": "always_c", "target": gold, "completion": completion}
        for gold, completion in zip(["(C)", "(C)", "(C)", "(B)", "(A)"], said, strict=True)
    ]
    source = tmp_path / "a.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    call(score, source)
    printed = capsys.readouterr().out
    assert "no better than one answer given to all of a task's items: always_c" in printed
    assert "1 of 1 without a single answer end inside a thinking block" in printed


def test_check_refuses_an_answer_outside_the_options(tmp_path: Path) -> None:
    record = {
        "id": "1",
        "task": "fruit",
        "description": "",
        "question": "Which is green?\nOptions:\n(A) apple\n(B) pear",
        "answer": "(G)",
        "rationale": "Pears are.",
        "teacher": "hand",
    }
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record) + "\n")
    with pytest.raises(UserError, match=r"records.jsonl:1: the answer '\(G\)' is none of the 2"):
        call(data, "check", path)

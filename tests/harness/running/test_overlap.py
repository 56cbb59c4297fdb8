"""Test items that were trained on: named and refused, unless they are let through."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_students import make_records, small_llama

from harness.cli import main
from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.running.overlap import find_overlap
from harness.running.refuse_overlap import training_file
from tasks.procedural.axes import AXIS_NAMES
from tasks.procedural.suite import training_records
from tasks.records.record import write_records
from trainers.students.tiny import train_tokenizer

TRAINED = make_records(40)


def suite_file(folder: Path, *questions: str, name: str = "ours") -> Path:
    rows = [
        {"id": f"{name}/{n}", "task": name, "description": "", "question": q, "answer": "1"}
        for n, q in enumerate(questions)
    ]
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def overlap_of(folder: Path, role: Any, *questions: str) -> tuple[int, int, int] | None:
    found = find_overlap(
        TRAINED, [EvaluationSuite("ours", role, suite_file(folder, *questions))], {}
    )
    return (found[0].identical, found[0].near, found[0].refused) if found else None


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("student")
    tokenizer = train_tokenizer([record.question + record.rationale for record in TRAINED], 300)
    small_llama(tokenizer).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def experiment(folder: Path, student: str, suite: Path, role: str = "ood") -> str:
    write_records(folder / "train.jsonl", TRAINED)
    content = {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot"],
        "seeds": [1],
        "data": {"source": "records", "train": str(folder / "train.jsonl")},
        "training": {"epochs": 1, "batch_size": 40, "micro_batch_size": 40},
        "suites": [{"name": "ours", "role": role, "file": str(suite)}],
        "decoding": {"max_rationale_tokens": 4, "max_answer_tokens": 2, "block": 4},
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


def test_out_of_domain_items_are_refused_identical_or_nearly(tmp_path: Path) -> None:
    asked = ("WHAT IS 7 TIMES 4", f"Please say: {TRAINED[9].question}", "How old is the sea?")
    assert overlap_of(tmp_path, "ood", *asked) == (1, 1, 2)


def test_in_domain_items_are_refused_word_for_word_alone(tmp_path: Path) -> None:
    asked = ("WHAT IS 7 TIMES 4", f"Please say: {TRAINED[9].question}")
    assert overlap_of(tmp_path, "ind", *asked) == (1, 1, 1)


def test_other_numbers_in_the_same_words_are_no_overlap(tmp_path: Path) -> None:
    assert overlap_of(tmp_path, "ood", "What is 700 times 4?", "What is 4 times 7?") is None


def test_generated_suites_never_ask_what_was_trained_on() -> None:
    suites = [
        EvaluationSuite("embedded", "ind") if axis == "ind" else EvaluationSuite(axis, "ood")
        for axis in AXIS_NAMES
    ]
    for rho in (0.0, 0.9):
        trained = training_records(seed=0, per_family=100, rho=rho)
        metadata = {"seed": 0, "per_family": 30, "rho": rho}
        assert find_overlap(trained, suites, metadata) == []


@pytest.mark.slow
def test_run_refuses_before_training_and_says_in_the_report_what_it_let_through(
    tmp_path: Path, student: str, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = suite_file(tmp_path, "what is 7  times 4", "How old is the sea?", "How deep is it?")
    file, out = experiment(tmp_path, student, suite), tmp_path / "run"
    assert main(["run", file, "--out", str(out)]) == 2
    refusal = capsys.readouterr().err
    assert "ours (ood): 1 of 3 items are training questions, 1 identical" in refusal
    assert "ours/0 is sum/7" in refusal
    assert "--allow-overlap" in refusal
    assert refusal.count("\n") == 1
    assert not (out / "cells").exists()

    assert main(["run", file, "--out", str(out), "--allow-overlap"]) == 0
    notes = json.loads((out / "report" / "report.json").read_text())["notes"]
    (note,) = [note for note in notes if "training questions" in note]
    assert "ours (OOD): 1 of 3 items are training questions" in note
    assert "--allow-overlap let them through" in note

    # The checkpoint's run directory tells what it was trained on.
    checkpoint = next((out / "cells").rglob("checkpoint"))
    capsys.readouterr()
    short = ["--max-rationale-tokens", "4", "--max-answer-tokens", "2"]
    evaluate = ["evaluate", str(checkpoint), "--suite", str(suite), *short]
    assert main(evaluate) == 2
    assert "ours/0 is sum/7" in capsys.readouterr().err
    assert main([*evaluate, "--allow-overlap", "--out", str(tmp_path / "eval")]) == 0
    assert "overlap: ours (ood): 1 of 3" in capsys.readouterr().out


def test_evaluate_takes_the_training_records_by_name_where_it_cannot_know_them(
    tmp_path: Path, student: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_records(tmp_path / "train.jsonl", TRAINED)
    suite = suite_file(tmp_path, "what is 7 times 4", "How old is the sea?")
    evaluate = ["evaluate", student, "--method", "std_cot", "--suite", str(suite)]
    assert training_file(Path(student)) is None
    assert main([*evaluate, "--train", str(tmp_path / "train.jsonl")]) == 2
    assert "ours/0 is sum/7" in capsys.readouterr().err


def test_training_needs_rationales_and_names_the_records_without(
    tmp_path: Path, student: str, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = suite_file(tmp_path, "How old is the sea?")
    file = experiment(tmp_path, student, suite)
    suite_file(tmp_path, "Who?", "What?", name="train")
    assert main(["run", file, "--out", str(tmp_path / "run")]) == 2
    assert "2 of 2 training records have no rationale (first: train/0, train/1)" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("command", [["data", "check"], ["score"], ["audit"], ["data", "import"]])
def test_a_table_is_told_what_to_become(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "ours.csv"
    table.write_text("id,question\n1,Who?\n")
    more = ["--out", str(tmp_path / "out")] if command[-1] == "import" else []
    assert main([*command, str(table), *more]) == 2
    printed = capsys.readouterr().err
    assert "pandas.read_csv(" in printed
    assert printed.count("\n") == 1


def test_a_suite_in_a_table_is_told_what_to_become(
    tmp_path: Path, student: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "ours.xlsx"
    table.write_bytes(b"PK")
    write_records(tmp_path / "train.jsonl", TRAINED)
    arguments = ["--method", "std_cot", "--suite", str(table)]
    assert main(["evaluate", student, *arguments]) == 2
    assert "pandas.read_excel(" in capsys.readouterr().err
    assert main(["run", experiment(tmp_path, student, table), "--out", str(tmp_path / "run")]) == 2
    assert "pandas.read_excel(" in capsys.readouterr().err


@pytest.mark.real_data
def test_big_bench_hard_is_told_and_not_refused_and_others_share_nothing_with_it() -> None:
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    from tasks.records.importer import import_completions

    trained = import_completions(Path(data) / "bbh_teacher", teacher="t").records["train"]
    suites = [EvaluationSuite("bbh", "ind"), EvaluationSuite("arc_easy", "ood")]
    (found,) = find_overlap(trained, suites, {"data": data})
    assert (found.suite, found.identical, found.near, found.refused) == ("bbh", 0, 16, 0)


@pytest.mark.real_data
def test_strategyqa_trained_on_is_refused_wherever_it_is_asked() -> None:
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    from tasks.records.importer import import_completions

    source = Path(data) / "mentor_kd" / "strategy_qa_train.jsonl"
    trained = import_completions(source, teacher="t").records["train"]
    suites = [
        EvaluationSuite("mentor_kd:strategy_qa", "ind"),
        EvaluationSuite("granularity", "ind"),
        EvaluationSuite("bb_sub:strategyqa", "ood"),
        EvaluationSuite("bbeh_mini", "ood"),
    ]
    refused = {
        found.suite: found.refused for found in find_overlap(trained, suites, {"data": data})
    }
    assert set(refused) == {"granularity", "bb_sub:strategyqa"}
    assert all(refused.values())


@pytest.mark.real_data
def test_longer_questions_share_nothing_with_those_trained_on() -> None:
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    from tasks.records.importer import import_completions

    imported = import_completions(Path(data) / "mentor_kd", teacher="t", patterns=["*_train.jsonl"])
    suites = [EvaluationSuite("mentor_kd", "ind"), EvaluationSuite("mentor_kd_longer", "ood")]
    found = find_overlap(imported.records["train"], suites, {"data": data})
    assert [(each.suite, each.refused) for each in found if each.refused] == []

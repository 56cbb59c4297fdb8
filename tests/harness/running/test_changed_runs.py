"""Runs that changed while they lay there: refused, done again, or added to."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cli import main

pytestmark = pytest.mark.slow

CELL = Path("cells/random/std_cot/seed1")


def records(count: int, start: int = 0) -> str:
    rows = [
        {
            "id": f"own/{n}",
            "task": "own",
            "description": "Add the numbers.",
            "question": f"What is {n * n} and {n} in all, {'please ' * (n % 3)}as a number?",
            "answer": str(n * n + n),
            "rationale": f"{n * n} and {n} make {n * n + n}.",
            "teacher": "us",
            "teacher_answer": str(n * n + n),
            "teacher_correct": True,
        }
        for n in range(start, start + count)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def written(folder: Path, student: str, **changes: Any) -> str:
    """An experiment on record files in `folder`, and the file that it stands in."""
    content: dict[str, Any] = {
        "name": "own",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot"],
        "seeds": [1],
        "data": {"source": "records", "train": "train.jsonl"},
        "training": {"batch_size": 4, "micro_batch_size": 4},
        "suites": [{"name": "ours", "role": "ood", "file": "ours.jsonl"}],
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content | changes))
    return str(file)


@pytest.fixture(scope="module")
def finished(student: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with record files and a finished run of them, to be copied."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "train.jsonl").write_text(records(8))
    (folder / "ours.jsonl").write_text(records(5, start=40))
    with chdir(folder):
        assert main(["run", written(folder, student), "--out", "run"]) == 0
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished run, and of what it was made from, as the working directory."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, student: str, **changes: Any) -> int:
    return main(["run", written(folder, student, **changes), "--out", "run"])


def samples(folder: Path) -> list[dict[str, Any]]:
    (file,) = (folder / "run" / CELL / "eval").glob("samples_*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("train.jsonl", "the training data changed"),
        ("ours.jsonl", "the items of suite ours changed"),
    ],
)
def test_data_that_changed_since_the_run_began_are_refused(
    folder: Path, student: str, capsys: Any, file: str, said: str
) -> None:
    shutil.rmtree(folder / "run" / CELL)
    before = (folder / "run/data/train.jsonl").read_text()
    text = (folder / file).read_text()
    (folder / file).write_text(text.replace("as a number", "as a figure"))
    assert run(folder, student) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "restore it, or give a new directory with --out" in error
    assert not (folder / "run" / CELL).exists()
    assert (folder / "run/data/train.jsonl").read_text() == before

    # Restored, it goes on.
    (folder / file).write_text(text)
    assert run(folder, student) == 0


def test_another_students_weights_under_the_same_name_are_refused(
    folder: Path, student: str, capsys: Any
) -> None:
    other = folder / "student"
    shutil.copytree(student, other)
    assert run(folder, student, students=[{"name": "random", "source": student}]) == 0
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"rms_norm_eps": 0.1}))
    experiment = yaml.safe_load((folder / "run/experiment.yaml").read_text())
    experiment["students"][0]["source"] = str(other)
    (folder / "run/experiment.yaml").write_text(yaml.safe_dump(experiment))
    assert run(folder, student, students=experiment["students"]) == 2
    assert "the weights of student random changed" in capsys.readouterr().err


def test_a_deleted_evaluation_is_made_again(folder: Path, student: str) -> None:
    before = samples(folder)
    shutil.rmtree(folder / "run" / CELL / "eval")
    assert run(folder, student) == 0
    assert samples(folder) == before


def test_weights_that_nothing_asks_for_any_more_may_be_deleted(
    folder: Path, student: str, capsys: Any
) -> None:
    shutil.rmtree(folder / "run" / CELL / "checkpoint")
    assert run(folder, student) == 0
    assert capsys.readouterr().out.count("already done") == 2


def test_a_checkpoint_of_another_method_than_its_cell_is_refused(
    folder: Path, student: str, capsys: Any
) -> None:
    protocol = folder / "run" / CELL / "checkpoint/cascod_protocol.json"
    content = json.loads(protocol.read_text())
    protocol.write_text(json.dumps(content | {"method": "cascod"}))
    assert run(folder, student) == 2
    assert "was trained by cascod, and this cell is of std_cot" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"training": {"max_length": 4096}}, "training.max_length: 4096 tokens are more than"),
        ({"training": {"max_length": 20}}, "20 (8 such records)"),
        (
            {"decoding": {"max_rationale_tokens": 600}},
            "random asked by std_cot: 5 of 5 prompts do not",
        ),
        (
            {"suites": [{"name": "ours", "role": "ood", "file": "nowhere.jsonl"}]},
            "nowhere.jsonl: no such file",
        ),
        (
            {
                "suites": ["embedded"],
                "stored": [{"name": "t", "path": "nowhere", "suite": "embedded"}],
            },
            "nowhere",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_training_and_may_be_mended(
    folder: Path, student: str, capsys: Any, changes: dict[str, Any], said: str
) -> None:
    shutil.rmtree(folder / "run")
    assert run(folder, student, **changes) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (folder / "run/cells").exists()
    assert not (folder / "run/plan.json").exists()
    assert run(folder, student) == 0


def test_seeds_methods_and_suites_may_be_added_but_not_taken_away(
    folder: Path, student: str, capsys: Any
) -> None:
    plan, before = (folder / "run/plan.json").read_text(), samples(folder)
    (folder / "more.jsonl").write_text(records(3, start=70))
    ours = {"name": "ours", "role": "ood", "file": "ours.jsonl"}
    more = {"name": "more", "role": "ind", "file": "more.jsonl"}
    added = {"seeds": [1, 2], "methods": ["zero_shot", "std_cot"], "suites": [ours, more]}
    assert run(folder, student, **added) == 0
    assert "std_cot seed 1: train was already done" in capsys.readouterr().out
    assert (folder / "run/plan.json").read_text() == plan
    report = json.loads((folder / "run/report/report.json").read_text())
    assert report["registration"]["added"] == {
        "seeds": [2],
        "methods": ["zero_shot"],
        "suites": ["more"],
    }
    again = [
        json.loads(line)
        for file in (folder / "run" / CELL / "eval").glob("samples_*_ours_*.jsonl")
        for line in file.read_text().splitlines()
    ]
    assert again == before
    assert not [note for note in report["notes"] if "newer evaluation" in note]

    assert run(folder, student, **added | {"seeds": [2]}) == 2
    assert "seeds differs" in capsys.readouterr().err

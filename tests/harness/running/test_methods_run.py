"""Every method as a run's cells: phases, teachers, and rounds of a student's own chains."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import load_file
from small_students import make_records

from harness.cli import main
from tasks.records.record import read_records, write_records
from trainers.methods import load_method, method_names
from trainers.students.tiny import TinyRecipe, new_model

pytestmark = pytest.mark.slow


def run(folder: Path, **content: Any) -> Path:
    """The directory of a finished run."""
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump({"name": "methods", "seeds": [1]} | content))
    assert main(["run", str(file), "--out", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture
def teacher(student: str, tmp_path: Path) -> str:
    """A larger student that reads the same tokens."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(student)
    recipe = TinyRecipe(hidden_size=64, intermediate_size=96, layers=2, heads=2, seed=1)
    new_model(recipe, tokenizer).save_pretrained(tmp_path / "teacher")
    tokenizer.save_pretrained(tmp_path / "teacher")
    return str(tmp_path / "teacher")


@pytest.mark.timeout(1800)
def test_every_method_runs_on_the_embedded_suite(student, teacher, tmp_path):
    """But `star`: a student with random weights has nothing right to go on from."""
    named = [
        {"name": name} | ({"teacher": teacher} if name == "on_policy" else {})
        for name in method_names()
        if name != "star"
    ]
    out = run(
        tmp_path,
        students=[{"name": "random", "source": student}],
        methods=named,
        data={"source": "embedded", "per_family": 3, "noise": 0.3, "dual": "slips"},
        training={"batch_size": 8, "micro_batch_size": 4},
        suites=["embedded:navigation"],
        test_items_per_family=1,
        decoding={"max_rationale_tokens": 12, "max_answer_tokens": 4},
    )
    evaluated = {path.parts[-4] for path in out.glob("cells/random/*/*/eval/run.json")}
    assert evaluated == set(method_names()) - {"star"}
    trained = read_records(out / "data/train.jsonl")
    assert 0 < sum(record.rectified for record in trained) < len(trained)


def test_a_second_phase_starts_from_the_first_ones_student_of_its_seed(student, tmp_path):
    """At a learning rate of almost nothing it is still the same student afterwards."""
    out = run(
        tmp_path,
        students=[{"name": "random", "source": student}],
        methods=[{"name": "edit", "learning_rate": 1e-12}, "rectified"],
        seeds=[1, 2],
        data={"source": "embedded", "per_family": 3, "dual": "slips"},
        training={"batch_size": 8, "micro_batch_size": 4, "learning_rate": 1e-3},
        suites=["embedded:navigation"],
        test_items_per_family=1,
        decoding={"max_rationale_tokens": 12, "max_answer_tokens": 4},
    )

    def weights(method: str, seed: int) -> Any:
        folder = out / f"cells/random/{method}/seed{seed}/checkpoint"
        return load_file(folder / "model.safetensors")["model.embed_tokens.weight"]

    for seed in (1, 2):
        assert (weights("edit", seed) - weights("rectified", seed)).abs().max() < 1e-6
    assert (weights("edit", 1) - weights("edit", 2)).abs().max() > 1e-5


@pytest.mark.timeout(1800)
def test_star_trains_the_base_on_what_its_student_wrote_and_got_right(student, tmp_path):
    """A student that has learned four records by heart writes them down again."""
    write_records(tmp_path / "train.jsonl", make_records(4))
    settings = {
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", {"name": "star", "rounds": 2}],
        "data": {"source": "records", "train": str(tmp_path / "train.jsonl")},
        "training": {"epochs": 60, "batch_size": 4, "learning_rate": 1e-2, "save_steps": 1000},
        "suites": ["embedded:navigation"],
        "test_items_per_family": 1,
        "decoding": {"max_rationale_tokens": 48, "max_answer_tokens": 8},
    }
    out = run(tmp_path, **settings)
    cell = out / "cells/random/star/seed1"
    for number in (1, 2):
        own = read_records(cell / f"rounds/{number}/records.jsonl")
        written = json.loads((cell / f"rounds/{number}/written.json").read_text())
        assert 0 < len(own) == written["right"] + written["hinted"] <= written["asked"] == 4
        assert {record.teacher for record in own} == {f"round {number}"}
        assert all(record.rationale and record.answer == record.teacher_answer for record in own)
    assert json.loads((cell / "training.json").read_text())["steps"] == 120
    assert load_method("star").name in (cell / "checkpoint/cascod_protocol.json").read_text()

    # What is there is not done again.
    own, record = cell / "rounds/2/records.jsonl", cell / "training.json"
    before = own.stat().st_mtime_ns, record.read_text()
    record.unlink()
    (cell / "costs.json").unlink()
    run(tmp_path, **settings)
    assert before == (own.stat().st_mtime_ns, record.read_text())

    # Weights that were deleted are trained again, from the chains that are there.
    weights = load_file(cell / "checkpoint/model.safetensors")
    shutil.rmtree(cell / "checkpoint")
    (cell / "costs.json").unlink()
    (cell / "eval/run.json").unlink()
    run(tmp_path, **settings)
    assert all(
        torch.equal(weight, weights[name])
        for name, weight in load_file(cell / "checkpoint/model.safetensors").items()
    )

    # The base is trained, not the writer, and each round's student writes the next one's chains: a
    # base that learns next to nothing is as it was, and can write none.
    idle = [{"name": "star", "learning_rate": 1e-12}, "std_cot"]
    file = tmp_path / "experiment.yaml"
    file.write_text(
        yaml.safe_dump({"name": "methods", "seeds": [1]} | settings | {"methods": idle})
    )
    assert main(["run", str(file), "--out", str(tmp_path / "idle")]) == 1
    cell = tmp_path / "idle/cells/random/star/seed1"
    assert "in round 2 none of" in json.loads((cell / "failed.json").read_text())["reason"]
    base, first = (
        load_file(folder / "model.safetensors")
        for folder in (Path(student), cell / "rounds/1/checkpoint")
    )
    assert all((first[name] - base[name]).abs().max() < 1e-6 for name in base)


def test_an_unfit_teacher_is_refused_before_anything_is_trained(student, teacher, tmp_path, capsys):
    file = tmp_path / "experiment.yaml"
    content = {
        "name": "unfit",
        "seeds": [1],
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", {"name": "on_policy", "teacher": teacher}],
        "data": {"source": "embedded", "per_family": 1},
        "training": {"batch_size": 64},
        "suites": ["embedded:navigation"],
        "test_items_per_family": 1,
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
    }
    file.write_text(yaml.safe_dump(content))
    assert main(["run", str(file), "--out", str(tmp_path / "run")]) == 2
    assert "do not fill a step of 64" in capsys.readouterr().err
    assert not (tmp_path / "run/cells").exists()


def test_star_ends_alone_where_nothing_comes_right(student, tmp_path, capsys):
    file = tmp_path / "experiment.yaml"
    content = {
        "name": "nothing",
        "seeds": [1],
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", "star"],
        "data": {"source": "embedded", "per_family": 2},
        "suites": ["embedded:navigation"],
        "test_items_per_family": 1,
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
    }
    file.write_text(yaml.safe_dump(content))
    assert main(["run", str(file), "--out", str(tmp_path / "run")]) == 1
    failed = json.loads((tmp_path / "run/cells/random/star/seed1/failed.json").read_text())
    assert "in round 1 none of" in failed["reason"]

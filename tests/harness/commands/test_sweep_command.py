"""`cascod sweep`: values checked before anything runs, then one resumable run directory each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cli import main
from harness.running.claim_sweep import claim_sweep
from harness.running.experiment_file import load_experiment
from harness.running.grid import grid
from harness.running.sweep_points import points
from harness.running.training_data import training_data
from tasks.errors import UserError
from tasks.procedural.suite import pretraining_texts
from trainers.students.tiny import TinyRecipe, new_model, train_tokenizer


@pytest.fixture(scope="module")
def student(tmp_path_factory) -> str:
    """Random weights: these tests are about what runs, not about what is learnt."""
    folder = tmp_path_factory.mktemp("student")
    texts = ["".join(p.text for p in ps) for ps in pretraining_texts(seed=0, count=300)]
    tokenizer = train_tokenizer(texts, 600)
    recipe = TinyRecipe(hidden_size=32, intermediate_size=64, layers=2, heads=2)
    new_model(recipe, tokenizer).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def write(folder: Path, student: str, **changes: Any) -> str:
    content = {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", "cascod"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 3},
        "training": {"epochs": 1, "batch_size": 8, "micro_batch_size": 8},
        "suites": ["embedded", "decued"],
        "test_items_per_family": 2,
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
        "primary": {"treatment": "cascod", "baseline": "std_cot"},
        **changes,
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


@pytest.mark.slow
def test_every_value_is_a_run_and_a_finished_one_is_passed_over(student, tmp_path, capsys):
    file, out = write(tmp_path, student), tmp_path / "sweep"
    assert main(["sweep", file, "--over", "data.rho=0,1", "--out", str(out)]) == 0
    for folder, rho in (("data.rho=0", 0), ("data.rho=1", 1)):
        resolved = yaml.safe_load((out / folder / "experiment.yaml").read_text())
        assert resolved["data"]["rho"] == rho
        assert (out / folder / "plan.json").exists()
        assert (out / folder / "report" / "report.html").exists()
    assert "cascod − std_cot on decued" in " ".join(capsys.readouterr().out.split())
    report = json.loads((out / "report" / "sweep.json").read_text())
    assert {row["suite"]: row["shared"] for row in report["suites"]} == {
        "embedded": False,
        "decued": True,
    }
    assert (out / "report" / "figures" / "accuracy.pdf").exists()

    # A cell that is lost is made again; the value that lacks nothing is not looked at.
    lost = out / "data.rho=1/cells/random/cascod/seed1/costs.json"
    lost.unlink()
    assert main(["sweep", file, "--over", "data.rho=0,1", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.index("already done") < printed.index("data.rho=1")
    assert printed.count("all 2 cells done") == 1
    assert lost.exists()

    # A further value joins the others, but nothing else of the experiment may change.
    other = ["--set", "test_items_per_family=3"]
    assert main(["sweep", file, "--over", "data.rho=0,0.5", "--out", str(out), *other]) == 2
    assert "test_items_per_family differs" in capsys.readouterr().err
    assert not (out / "data.rho=0.5").exists()


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ("data.rho=0,2", "data.rho=2: .*data.rho: Input should be less than or equal to 1"),
        ("data.rho=0,high", "data.rho=high: .*valid number"),
        ("data.roh=0,1", "data.roh: unknown key"),
        ("training.epoch=1,2", "unknown key; did you mean 'epochs'"),
        ("data.rho=0", "two values or more"),
        ("data.rho", "expected KEY=V1,V2"),
        ("data.rho=0,0.0", "0 and 0 are the same"),
        ("data.rho=[0],[1]", "not a single number or word"),
        ("data.rho=0,[", "not valid YAML"),
        ("jobs=1,2", "changes nothing"),
        ("primary.margin=0,0.1", "changes nothing"),
        ("decoding.server.concurrency=1,2", "changes nothing"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_runs(over, message, tmp_path):
    file = write(tmp_path, "nowhere")
    with pytest.raises(UserError, match=message):
        points(file, over, {})
    assert main(["sweep", file, "--over", over, "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()


def test_a_dry_run_tells_what_every_value_takes_and_writes_nothing(student, tmp_path, capsys):
    file, out = write(tmp_path, student), tmp_path / "sweep"
    command = ["sweep", file, "--over", "train_limit=8,16", "--out", str(out), "--dry-run"]
    assert main(command) == 0
    said = capsys.readouterr().out
    for folder, records in (("train_limit=8", 8), ("train_limit=16", 16)):
        part = said[said.index(folder) :]
        assert part.index(f"training data: {records} records") < part.index("2 cells") + 200
    assert said.count("2 to train") == 2
    assert "training for all 2 values:" in said
    assert not out.exists()


def test_a_second_key_makes_a_grid_and_its_dry_run_tells_every_corner(student, tmp_path, capsys):
    file, out = write(tmp_path, student), tmp_path / "grid"
    command = ["sweep", file, "--over", "data.noise=0,0.3", "--over", "train_limit=8,16"]
    assert main([*command, "--out", str(out), "--dry-run"]) == 0
    said = capsys.readouterr().out
    each, whole = re.findall(r"in all", said), re.findall(r"whole grid: (\S+) FLOPs", said)
    assert len(each) == 4
    slices = [float(flops) for flops in re.findall(r"all 2 values: (\S+) FLOPs", said)]
    assert float(whole[0]) == pytest.approx(sum(slices), rel=0.01)
    assert not out.exists()
    assert main([*command, "--over", "seeds=1,2", "--dry-run"]) == 2
    assert "at most two keys vary" in capsys.readouterr().err


@pytest.mark.slow
def test_a_grid_is_a_sweep_at_every_value_of_the_first_key(student, tmp_path, capsys):
    file, out = write(tmp_path, student, suites=["decued"]), tmp_path / "grid"
    keys = ["--over", "data.noise=0,0.3", "--over", "train_limit=8,16"]
    assert main(["sweep", file, *keys, "--out", str(out)]) == 0
    assert "cascod − std_cot on decued" in " ".join(capsys.readouterr().out.split())
    for noise in ("0", "0.3"):
        assert (out / f"data.noise={noise}" / "report" / "sweep.html").exists()
    content = json.loads((out / "report" / "grid.json").read_text())
    [planned] = content["surfaces"]
    places = [(corner["outer"], corner["inner"]) for corner in planned["corners"]]
    assert places == [("0", "8"), ("0", "16"), ("0.3", "8"), ("0.3", "16")]
    other = ["--over", "data.rho=0,1", "--over", "train_limit=8,16"]
    assert main(["sweep", file, *other, "--out", str(out)]) == 2
    assert "holds a grid over data.noise" in capsys.readouterr().err


def test_a_grid_is_kept_out_of_a_directory_that_holds_other_things(tmp_path, capsys):
    file, out = write(tmp_path, "nowhere"), tmp_path / "full"
    out.mkdir()
    (out / "notes.txt").touch()
    keys = ["--over", "data.noise=0,0.3", "--over", "train_limit=8,16"]
    assert main(["sweep", file, *keys, "--out", str(out)]) == 2
    assert "not empty and not a grid" in capsys.readouterr().err


def test_seeds_may_be_added_at_some_values_but_not_taken_away(tmp_path):
    file, out = write(tmp_path, "nowhere"), tmp_path / "sweep"
    over = "train_limit=300,1200,5000"
    claim_sweep(out, *points(file, over, {"seeds": [1, 2, 3]}))
    more = points(file, "train_limit=300,1200", {"seeds": [1, 2, 3, 4, 5]})
    claim_sweep(out, *more)
    claim_sweep(out, *more)
    assert yaml.safe_load((out / "sweep.yaml").read_text())["runs"] == [
        f"train_limit={limit}" for limit in (300, 1200, 5000)
    ]
    with pytest.raises(UserError, match="seeds differs"):
        claim_sweep(out, *points(file, over, {"seeds": [1, 2]}))


def test_the_preset_compares_sizes_records_and_noise_on_records_of_equal_number():
    found = grid("where_it_helps", "data.noise=0,0.3", "train_limit=300,1200,5000", {})
    assert [piece.folder for piece in found.slices] == ["data.noise=0", "data.noise=0.3"]
    experiments = [point.experiment for piece in found.slices for point in piece.points]
    assert [student.name for student in experiments[0].students] == ["nano", "mini", "small"]
    for experiment in experiments:
        assert len(training_data(experiment, None).train) == experiment.train_limit


def test_a_key_is_given_once_and_a_directory_holds_one_sweep(tmp_path, capsys):
    file = write(tmp_path, "nowhere")
    command = ["sweep", file, "--over", "data.rho=0,1"]
    assert main([*command, "--set", "data.rho=0.3"]) == 2
    assert "also given by --set" in capsys.readouterr().err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    assert main([*command, "--out", str(tmp_path / "full")]) == 2
    assert "not a sweep" in capsys.readouterr().err


def test_values_are_taken_as_the_experiment_understands_them(tmp_path):
    file = write(tmp_path, "nowhere")
    _, learning = points(file, "training.learning_rate=1e-4,0.001", {})
    assert [point.value for point in learning] == [1e-4, 1e-3]
    _, limits = points(file, "train_limit=8,null", {"seeds": [5]})
    assert [point.folder for point in limits] == ["train_limit=8", "train_limit=none"]
    assert {point.experiment.seeds for point in limits} == {(5,)}


def test_the_preset_sweeps_the_cue_strength():
    key, sweep = points("dose_response", "data.rho=0,0.5,0.8,1", {})
    assert key == "data.rho"
    assert [point.value for point in sweep] == [0, 0.5, 0.8, 1]
    demo = load_experiment("demo")
    swept = sweep[0].experiment
    # A control without rationales, then the demo's methods, trained alike.
    assert swept.methods[0].name == "answer_sft"
    assert swept.methods[1:] == demo.methods
    assert swept.training == demo.training

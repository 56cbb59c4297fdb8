"""Whole experiments with a small random student: cells, resuming after a kill, and the report."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from safetensors.torch import load_file, save_file

from harness.cli import main
from harness.running.cells import cells
from harness.running.experiment_file import load_experiment

pytestmark = pytest.mark.slow


def experiment(student: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", "cascod", "zero_shot_cot"],
        "seeds": [1, 2],
        "data": {"source": "embedded", "per_family": 6},
        "training": {"epochs": 2, "batch_size": 8, "micro_batch_size": 4},
        "suites": ["embedded", "transfer"],
        "test_items_per_family": 3,
        "decoding": {"max_rationale_tokens": 24, "max_answer_tokens": 6, "block": 8},
        "primary": {"treatment": "cascod", "baseline": "std_cot"},
        **changes,
    }


def write(folder: Path, content: dict[str, Any]) -> str:
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


def samples(run: Path) -> dict[str, list[dict[str, Any]]]:
    """Every cell's samples by cell and task, without lm-eval's date in the file name."""
    return {
        f"{file.parent.relative_to(run)}/{file.name.rsplit('_', 1)[0]}": [
            json.loads(line) for line in file.read_text().splitlines()
        ]
        for file in sorted(run.glob("cells/*/*/*/eval/samples_*.jsonl"))
    }


def test_runs_trains_evaluates_and_reports(student, tmp_path, capsys):
    file, out = write(tmp_path, experiment(student)), tmp_path / "run"
    assert main(["run", file, "--out", str(out)]) == 0

    printed = capsys.readouterr().out
    assert "cascod − std_cot" in printed
    assert {path.name for path in (out / "report").iterdir()} == {
        "report.html",
        "report.md",
        "report.json",
        "tables.tex",
        "figures",
    }
    assert yaml.safe_load((out / "experiment.yaml").read_text())["seeds"] == [1, 2]
    provenance = json.loads((out / "provenance.json").read_text())
    assert provenance["packages"]["torch"]
    assert provenance["students"]["random"]["weights_fingerprint"]
    found = samples(out)
    assert len(found) == 5 * (8 + 4)
    row = next(iter(found.values()))[0]
    assert {"id", "suite", "role", "parse_ok", "rationale_truncated", "doc_hash"} <= set(row)
    costs = json.loads((out / "cells/random/cascod/seed1/costs.json").read_text())
    assert costs["training"]["steps"] == 10
    assert costs["inference"]["items"] == 36

    # The second time there is nothing left to do.
    assert main(["run", file, "--out", str(out)]) == 0
    assert capsys.readouterr().out.count("already done") == 9
    assert samples(out) == found

    # One cell more, with nothing changed: on a processor not even its texts change.
    assert main(["run", file, "--out", str(out), "--noise-floor"]) == 0
    assert (out / "noise_floor/random/std_cot/seed1/costs.json").exists()
    noise = json.loads((out / "report/report.json").read_text())["noise"]
    again = [row for row in noise if row["pair"] == "seed 1, run again"]
    assert {row["on"]: row["responses_changed"] for row in again} == {"ind": 0.0, "ood": 0.0}
    assert {row["pair"] for row in noise} == {"seed 1, run again", "seed 1, seed 2"}
    capsys.readouterr()

    # Other claims may be looked at later, but the report says that they were not planned.
    assert main(["run", file, "--out", str(out), "--set", "primary.contrast=ind"]) == 0
    assert "the plan was changed after training started" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_training_that_diverges_ends_alone_and_is_said_everywhere(student, tmp_path, capsys):
    broken = tmp_path / "broken"
    shutil.copytree(student, broken)
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"][0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    students = [
        {"name": "random", "source": student},
        {"name": "broken", "source": str(broken)},
    ]
    small = experiment(student, students=students, methods=["std_cot", "cascod"], seeds=[1], jobs=2)
    file, out = write(tmp_path, small), tmp_path / "run"
    assert main(["run", file, "--out", str(out)]) == 1

    printed = " ".join(capsys.readouterr().out.split())
    assert "broken cascod seed 1: training diverged at step 1 (the loss is nan)" in printed
    assert "2 of 4 cells done" in printed
    assert "1 of 1 training run of cascod diverged (seed 1 at step 1: the loss is nan)" in printed
    cell = out / "cells/broken/cascod/seed1"
    assert json.loads((cell / "failed.json").read_text())["step"] == 1
    assert (out / "cells/random/cascod/seed1/costs.json").exists()
    assert len(json.loads((out / "report/report.json").read_text())["failed"]) == 2

    # What went wrong is not tried again unasked, and not forgotten.
    written = (cell / "training_log.json").stat().st_mtime_ns
    assert main(["run", file, "--out", str(out)]) == 1
    assert f"Delete {cell / 'failed.json'}".split()[1] in "".join(capsys.readouterr().out.split())
    assert (cell / "training_log.json").stat().st_mtime_ns == written
    (cell / "failed.json").unlink()
    assert main(["run", file, "--out", str(out)]) == 1
    assert (cell / "training_log.json").stat().st_mtime_ns > written


def test_probed_students_leave_a_line_an_item_and_go_on_where_they_stopped(student, tmp_path):
    probing = {"suites": ["embedded"], "limit": 2}
    probed = experiment(student, seeds=[1], probing=probing)
    file, out = write(tmp_path, probed), tmp_path / "run"
    assert main(["run", file, "--out", str(out)]) == 0

    found = out / "cells/random/cascod/seed1/probed.jsonl"
    text = found.read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    summary = json.loads(found.with_suffix(".json").read_text())
    assert len(rows) == summary["items"] == 16 - summary["open_ended"] > 8
    assert {row["suite"] for row in rows} == {"embedded"}
    for row in rows:
        assert row["gold"] in row["candidates"]
        for shares in row["probabilities"].values():
            assert sum(shares) == pytest.approx(1)

    # Killed while it wrote its third line.
    found.with_suffix(".json").unlink()
    found.write_text("".join(text.splitlines(keepends=True)[:2]) + text.splitlines()[2][:40])
    assert main(["run", file, "--out", str(out)]) == 0
    assert found.read_text() == text


def test_another_experiment_may_not_go_on_in_the_same_directory(student, tmp_path, capsys):
    out = tmp_path / "run"
    small = experiment(student, methods=["zero_shot"], primary=None)
    assert main(["run", write(tmp_path, small), "--out", str(out)]) == 0
    changed = small | {"test_items_per_family": 4}
    assert main(["run", write(tmp_path, changed), "--out", str(out)]) == 2
    assert "test_items_per_family differs" in capsys.readouterr().err


def test_killed_again_and_again_it_ends_with_the_same_samples(student, tmp_path):
    file = write(tmp_path, experiment(student, methods=["std_cot", "cascod"], jobs=2))
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert main(["run", file, "--out", str(whole)]) == 0

    command = [sys.executable, "-m", "harness.cli", "run", file, "--out", str(cut)]
    for glimpse in ("cells/*/*/*/trainer/checkpoint-*", "cells/*/*/*/responses.jsonl"):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not list(cut.glob(glimpse)) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Workers notice within a second that their parent has gone.
        time.sleep(3)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert samples(cut) == samples(whole)


def test_the_checkpoint_may_be_chosen_on_dev(student, tmp_path):
    chosen = experiment(
        student,
        methods=["std_cot"],
        seeds=[1],
        primary=None,
        select="dev_accuracy",
        data={"source": "embedded", "per_family": 10},
    )
    out = tmp_path / "run"
    assert main(["run", write(tmp_path, chosen), "--out", str(out)]) == 0
    selected = json.loads((out / "cells/random/std_cot/seed1/selected.json").read_text())
    assert len(selected["dev_accuracy"]) == 2
    run_info = json.loads((out / "cells/random/std_cot/seed1/eval/run.json").read_text())
    assert run_info["checkpoint_fingerprint"]


def test_an_epoch_chosen_on_the_test_set_is_said_to_inflate_wherever_results_stand(
    student, tmp_path, capsys
):
    """As papers choose it: on the in-domain test items themselves."""
    chosen = experiment(
        student,
        methods=["std_cot", "zero_shot"],
        seeds=[1],
        primary=None,
        select="ind_test",
        test_items_per_family=1,
    )
    out = tmp_path / "run"
    assert main(["run", write(tmp_path, chosen), "--out", str(out)]) == 0
    cell = out / "cells/random/std_cot/seed1"
    selected = json.loads((cell / "selected.json").read_text())
    assert len(selected["ind_test"]) == 2
    tasks = {path.name.split("_2")[0] for path in cell.glob("select/*/samples_*")}
    assert tasks
    assert not any("transfer" in name for name in tasks)
    capsys.readouterr()
    assert main(["report", str(out)]) == 0
    said = "inflates its in-domain accuracy"
    assert said in " ".join(capsys.readouterr().out.split())
    assert said in (out / "report/report.md").read_text()
    assert main(["compare", str(cell / "eval"), str(cell / "eval")]) == 0
    assert said in " ".join(capsys.readouterr().out.split())
    untrained = out / "cells/random/zero_shot/untrained/eval/run.json"
    assert json.loads(untrained.read_text())["notice"] == ""


def test_an_evaluation_says_what_its_method_is_composed_of(student, tmp_path):
    composed = experiment(
        student,
        methods=[{"name": "cascade+weights+eos", "label": "mine"}, "zero_shot"],
        seeds=[1],
        primary=None,
        suites=["embedded"],
        test_items_per_family=1,
    )
    out = tmp_path / "run"
    assert main(["run", write(tmp_path, composed), "--out", str(out)]) == 0
    said = {path: json.loads(path.read_text()) for path in out.glob("cells/*/*/*/eval/run.json")}
    assert {info["method"]: info["ingredients"] for info in said.values()} == {
        "mine": ["eos", "weights"],
        "zero_shot": None,
    }


def test_a_teams_own_set_needs_only_a_record_file(student, tmp_path):
    own = tmp_path / "own.jsonl"
    records = [
        {
            "id": f"own/{n}",
            "task": "own",
            "description": "Add.",
            "question": f"What is {n} + 1?",
            "answer": str(n + 1),
            "rationale": f"{n} and 1 make {n + 1}.",
            "teacher": "us",
        }
        for n in range(5)
    ]
    own.write_text("".join(json.dumps(record) + "\n" for record in records))
    content = experiment(
        student,
        methods=["zero_shot_cot"],
        suites=["embedded", {"name": "ours", "role": "ood", "file": str(own)}],
        primary=None,
    )
    out = tmp_path / "run"
    assert main(["run", write(tmp_path, content), "--out", str(out)]) == 0
    report = (out / "report" / "report.json").read_text()
    assert '"ours"' in report


@pytest.mark.timeout(1800)
def test_the_papers_cells_run_with_a_small_student(student, tmp_path):
    """The preset `paper` as it stands, but for student, data, suites, length and seeds."""
    overrides = {
        "students": [{"name": "random", "source": student}],
        "data": {"source": "embedded", "per_family": 2, "noise": 0.3, "dual": "slips"},
        "seeds": [1],
        "suites": ["embedded"],
        "stored": [],
        "test_items_per_family": 1,
        "training.epochs": 2,
        "training.precision": "float32",
        "training.max_length": 512,
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
    }
    paper = load_experiment("paper", overrides)
    preset = load_experiment("paper", {"seeds": [1]})
    assert [cell.path.parts[2:] for cell in cells(paper)] == [
        cell.path.parts[2:] for cell in cells(preset) if cell.method != "stored"
    ]
    arguments = [f"--set={key}={json.dumps(value)}" for key, value in overrides.items()]
    out = tmp_path / "run"
    assert main(["run", "paper", "--out", str(out), *arguments]) == 0
    for cell in cells(paper):
        assert (out / cell.path / "costs.json").exists()


def test_rationales_are_sampled_where_the_experiment_says_so(student, tmp_path):
    sampling = {"samples": 3, "temperature": 1.0, "suites": ["embedded"], "limit": 2}
    small = experiment(student, methods=["std_cot"], seeds=[1], primary=None, sampling=sampling)
    file = write(tmp_path, small)
    assert main(["run", file, "--out", str(tmp_path / "a")]) == 0
    cell = tmp_path / "a" / "cells/random/std_cot/seed1"
    draws = [sorted((cell / "sampled" / f"draw{j}").glob("samples_*.jsonl")) for j in range(3)]
    assert [len(files) for files in draws] == [8, 8, 8]
    said = [
        [row["rationale"] for file in files for row in map(json.loads, file.open())]
        for files in draws
    ]
    assert [len(texts) for texts in said] == [16, 16, 16]
    assert said[0] != said[1] != said[2]

    # What k samples reach stands beside the accuracies, with intervals.
    report = (tmp_path / "a" / "report" / "report.md").read_text()
    assert "| pass@1 | 95% | maj@3 | 95% | pass@3 | 95% |" in report
    [row] = json.loads((tmp_path / "a/report/report.json").read_text())["reasoning"]["sampled"]
    assert (row["suite"], row["samples"], row["questions"]) == ("embedded", 3, 16)
    assert row["pass_1"]["value"] <= row["pass_k"]["value"]
    assert row["pass_k"]["lower"] <= row["pass_k"]["value"] <= row["pass_k"]["upper"]

    # The same experiment draws the same samples; what is there is not drawn again.
    (cell / "sampled.json").unlink()
    before = (cell / "responses.jsonl").read_bytes()
    assert main(["run", file, "--out", str(tmp_path / "a")]) == 0
    assert (cell / "responses.jsonl").read_bytes() == before

    # Killed when only some of the draws, which are decoded together, had been stored.
    store = cell / "responses.jsonl"
    store.write_bytes(b"".join(before.splitlines(keepends=True)[:-1]))
    shutil.rmtree(cell / "sampled")
    (cell / "sampled.json").unlink()
    assert main(["run", file, "--out", str(tmp_path / "a")]) == 0
    again = [
        [
            row["rationale"]
            for file in sorted(folder.glob("samples_*"))
            for row in map(json.loads, file.open())
        ]
        for folder in (cell / "sampled" / f"draw{j}" for j in range(3))
    ]
    assert again == said

"""Students that the stock `lm_eval` command evaluated, compared and gated without a run of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmark_files import write_json
from small_students import save_constant_student

from harness.cli import main
from tasks.suites import include_path

pytestmark = pytest.mark.slow

LIMIT = 10
TASKS = ("cascod_arc_easy", "cascod_arc_challenge")
# (A) is right for four and (B) for six of twelve questions, of which LIMIT are asked.
GOLD = "ABBABACBBACB"


def write_questions(data: Path) -> None:
    rows = [
        {
            "input": f"Question: What is {n}?\nOptions:\n(A) one\n(B) two\n(C) six",
            "target": f"({g})",
        }
        for n, g in enumerate(GOLD)
    ]
    for name in ("ARC-Easy", "ARC-Challenge"):
        write_json(data / "arc" / f"{name}-Test.json", rows)


def evaluate(folder: Path, student: str, out: Path) -> None:
    environment = os.environ | {
        "CASCOD_DATA": str(folder / "data"),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(folder / "hf"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "hf"]
    command += ["--model_args", f"pretrained={folder / student},dtype=float32"]
    command += ["--include_path", str(include_path()), "--tasks", ",".join(TASKS)]
    command += ["--limit", str(LIMIT), "--gen_kwargs", "max_gen_toks=2"]
    command += ["--device", "cpu", "--batch_size", "8"]
    command += ["--log_samples", "--output_path", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The output directories of a student that always says (A) and of one that always says (B)."""
    folder = tmp_path_factory.mktemp("foreign")
    write_questions(folder / "data")
    for answer in "AB":
        save_constant_student(folder / answer, f" So the answer is ({answer}).")
        evaluate(folder, answer, folder / "out" / answer)
    return [str(folder / "out" / answer) for answer in "AB"]


def lm_eval_accuracies(directory: str) -> dict[str, float]:
    [file] = Path(directory).rglob("results_*.json")
    results: dict[str, Any] = json.loads(file.read_text())["results"]
    return {task: results[task]["acc,none"] for task in TASKS}


def test_compare_joins_the_items_and_finds_the_accuracies_that_lm_eval_found(
    systems: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "compared.json"
    assert main(["compare", *systems, "--json", str(file)]) == 0
    assert "20 items of 2 tasks in 20 clusters" in capsys.readouterr().out
    compared = json.loads(file.read_text())
    by_task = {d["on"]: d for d in compared["differences"] if d["level"] == "task"}
    for system, side in zip(systems, ("baseline_accuracy", "treatment_accuracy"), strict=True):
        accuracies = {task: by_task[task][side] for task in TASKS}
        assert accuracies == pytest.approx(lm_eval_accuracies(system))
        assert all(0 < accuracy < 1 for accuracy in accuracies.values())
    flip = next(flip for flip in compared["flips"] if flip["gained"])
    assert flip["prompt"].endswith("A:")
    assert "the answer is (A)" in flip["said"][0]["text"]
    assert "the answer is (B)" in flip["said"][1]["text"]


@pytest.mark.parametrize("margins", [["--margin", "0.02"], ["--per-task", "0.9"]])
def test_gate_decides(
    systems: list[str], capsys: pytest.CaptureFixture[str], margins: list[str]
) -> None:
    status = main(["gate", *systems, *margins])
    outcome = {0: "PASS", 1: "FAIL", 3: "INCONCLUSIVE"}[status]
    assert f"\n{outcome}\n" in capsys.readouterr().out
    assert main(["gate", systems[1], systems[1], *margins]) == 0

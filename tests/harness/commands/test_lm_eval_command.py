"""A cascade student asked in three ways: by us, by lm-eval with our model, by lm-eval with its
own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from benchmark_files import write_json
from lm_eval.api.registry import model_registry
from small_students import save_constant_student

from harness.cli import main
from reports.logs.samples import read_side
from tasks.suites import include_path
from trainers.methods import load_method

pytestmark = pytest.mark.slow

TASK = "cascod_arc_easy"
GOLDS = "BAAACCAABCAA"
LIMITS = {"max_rationale_tokens": 3, "max_answer_tokens": 2}
OURS = [sys.executable, "-m", "harness.cli", "lm-eval", "run", "--model", "cascod"]
STOCK = [sys.executable, "-m", "lm_eval", "run", "--model", "hf"]


def lm_eval(command: list[str], arguments: str, folder: Path, out: str) -> None:
    command = [*command, "--model_args", f"pretrained={folder / 'student'},{arguments}"]
    command += ["--include_path", str(include_path()), "--tasks", TASK, "--batch_size", "8"]
    command += ["--gen_kwargs", "max_gen_toks=5", "--device", "cpu"]
    command += ["--log_samples", "--output_path", str(folder / out)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "CASCOD_DATA": str(folder / "data")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student that always writes " (A).", trained for two stages, and its logs by all three
    ways.
    """
    folder = tmp_path_factory.mktemp("cascade")
    questions = [
        {"input": f"Question: {n}?\nOptions:\n(A) one\n(B) two\n(C) six", "target": f"({gold})"}
        for n, gold in enumerate(GOLDS)
    ]
    write_json(folder / "data" / "arc" / "ARC-Easy-Test.json", questions)
    save_constant_student(folder / "student", " (A).")
    load_method("cascod").protocol(0.3, "d").save(folder / "student")
    lm_eval(OURS, ",".join(f"{name}={value}" for name, value in LIMITS.items()), folder, "ours")
    lm_eval(STOCK, "dtype=float32", folder, "stock")
    evaluate = ["evaluate", str(folder / "student"), "--suite", "arc_easy"]
    evaluate += ["--data", str(folder / "data"), "--out", str(folder / "evaluate")]
    for name, value in LIMITS.items():
        evaluate += [f"--{name.replace('_', '-')}", str(value)]
    assert main(evaluate) == 0
    return folder


def accuracy(folder: Path) -> float:
    [file] = folder.rglob("results_*.json")
    results: dict[str, Any] = json.loads(file.read_text())["results"]
    return float(results[TASK]["acc,none"])


def test_lm_eval_with_our_model_scores_what_evaluate_scores(folder: Path) -> None:
    share = GOLDS.count("A") / len(GOLDS)
    assert accuracy(folder / "ours") == accuracy(folder / "evaluate") == pytest.approx(share)
    assert accuracy(folder / "stock") == 0
    ours, evaluated = (read_side(folder / name) for name in ("ours", "evaluate"))
    assert ours.seeds == evaluated.seeds
    assert sorted(ours.responses[0]) == sorted(evaluated.responses[0])


@pytest.mark.parametrize("way", ["ours", "evaluate"])
def test_the_prompt_that_was_sent_is_in_the_log(folder: Path, way: str) -> None:
    side = read_side(folder / way)
    key = side.items.keys[0]
    assert side.texts({key})[key].prompt.endswith("\n\nA:\nRationale:")


def test_the_gate_names_the_wrong_protocol_before_the_loss(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gate.xml"
    sides = [str(folder / "evaluate"), str(folder / "stock")]
    assert main(["gate", *sides, "--margin", "0.02", "--junit", str(file)]) == 1
    said = " ".join(capsys.readouterr().out.split("\nFAIL\n")[1].split())
    told = [
        f'- {folder / "student"} was trained to be asked with prompt suffix "\\nRationale:", '
        "stages two, "
        "but hf sent the prompt alone",
        "- the candidate and the baseline were asked differently: prompt suffix none and "
        '"\\nRationale:"; stages one and two',
        "- 100.0% of the answers of the candidate could not be read, 0.0% of the baseline: of the "
        "difference of −58.3 points −58.3 come from items that only one side answered readably",
        "- the loss is larger than 2.0 points",
    ]
    places = [said.index(sentence) for sentence in told]
    assert places == sorted(places)
    [failure] = ElementTree.parse(file).getroot().iter("failure")
    assert failure.get("message", "").startswith(f"{folder / 'student'} was trained to be asked")


def test_compare_says_it_in_every_form(folder: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"c.{kind}" for kind in ("json", "md", "html")}
    options = [part for kind, file in files.items() for part in (f"--{kind}", str(file))]
    assert main(["compare", str(folder / "stock"), str(folder / "ours"), *options]) == 0
    for file in files.values():
        assert "were asked differently: prompt suffix" in file.read_text()
    [whole] = json.loads(files["json"].read_text())["differences"]
    assert whole["reading"]["one_unread"] == pytest.approx(whole["value"])
    assert whole["constant_accuracy"] == pytest.approx(GOLDS.count("A") / len(GOLDS))


def test_two_ways_to_ask_by_the_protocol_are_no_difference(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(folder / "evaluate"), str(folder / "ours")]) == 0
    said = capsys.readouterr().out
    assert "the same response to every item" in said
    assert "asked differently" not in said
    assert "trained to be asked" not in said


def test_later_releases_of_lm_eval_find_the_model_themselves() -> None:
    project = tomllib.loads(Path(__file__).parents[3].joinpath("pyproject.toml").read_text())
    group = "lm_eval.models"
    [(name, value)] = project["project"]["entry-points"][group].items()
    assert EntryPoint(name, value, group).load() is model_registry.get("cascod")


def test_an_unknown_model_argument_is_refused_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setenv("CASCOD_DATA", str(folder / "data"))
    arguments = ["run", "--model", "cascod", "--model_args", "pretrained=x,max_rational_tokens=3"]
    arguments += ["--include_path", str(include_path()), "--tasks", TASK]
    assert main(["lm-eval", *arguments]) == 2
    assert "--model_args: max_rational_tokens: " in capsys.readouterr().err

"""Whole experiments whose students are trained on several devices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import load_file

from harness.cli import main
from harness.running.workers.machine import this_machine


def run(folder: Path, student: str, training: dict[str, Any]) -> int:
    """The exit code of `cascod run` with one cell that trains; the run lies in `folder`."""
    folder.mkdir()
    experiment = {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["cascod", "zero_shot_cot"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 3},
        "training": {"batch_size": 8, "micro_batch_size": 4, **training},
        "suites": ["embedded", "transfer"],
        "test_items_per_family": 2,
        "decoding": {"max_rationale_tokens": 16, "max_answer_tokens": 4, "block": 8},
        "primary": {"treatment": "cascod", "baseline": "zero_shot_cot"},
    }
    (folder / "experiment.yaml").write_text(yaml.safe_dump(experiment))
    return main(["run", str(folder / "experiment.yaml"), "--out", str(folder / "run")])


@pytest.mark.slow
@pytest.mark.skipif(
    torch.cuda.is_available() or this_machine().cores < 2, reason="needs two cores and no GPU"
)
def test_a_cell_on_two_devices_gives_the_weights_of_one(student, tmp_path):
    assert run(tmp_path / "one", student, {}) == 0
    assert run(tmp_path / "two", student, {"devices": 2, "strategy": "fsdp"}) == 0
    one, two = (tmp_path / name / "run" / "cells/random/cascod/seed1" for name in ("one", "two"))
    expected, found = (load_file(cell / "checkpoint/model.safetensors") for cell in (one, two))
    assert expected.keys() == found.keys()
    for name, weight in expected.items():
        torch.testing.assert_close(found[name], weight, rtol=0, atol=1e-5)
    costs = [json.loads((cell / "costs.json").read_text())["training"] for cell in (one, two)]
    assert costs[0]["steps"] == costs[1]["steps"]
    assert costs[0]["tokens"] == costs[1]["tokens"]
    assert (two / "eval").is_dir()


@pytest.mark.parametrize(
    ("training", "fault"),
    [
        ({"devices": 512, "batch_size": 512, "micro_batch_size": 1}, "and this machine has "),
        ({"devices": 0}, "devices"),
        ({"strategy": "fsdp"}, "fsdp parts weights among several devices"),
        ({"devices": 3}, "batch_size must be a multiple of training.micro_batch_size x devices"),
    ],
)
def test_devices_that_cannot_be_are_said_in_one_line(student, tmp_path, capsys, training, fault):
    assert run(tmp_path / "one", student, training) == 2
    said = capsys.readouterr().err
    assert said.startswith("cascod: ")
    assert fault in said
    assert said.count("\n") == 1

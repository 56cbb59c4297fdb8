"""Runs whose students a server holds: started for each checkpoint, ended with it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import completions_server
import psutil
import pytest
import yaml
from test_floors import ROOT

from harness.cli import main

SERVE = f"{sys.executable} {completions_server.__file__} {{checkpoint}} --port {{port}}"


def write(folder: Path, student: str, decoding: dict[str, Any], **changes: Any) -> str:
    limits = {"max_rationale_tokens": 24, "max_answer_tokens": 6, "block": 8}
    content = {
        "name": "served",
        "students": [{"name": "random", "source": student}],
        "methods": ["cascod", "zero_shot_cot"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 6},
        "training": {"epochs": 2, "batch_size": 8, "micro_batch_size": 4},
        "select": "dev_accuracy",
        "dev_limit": 8,
        "suites": ["embedded"],
        "test_items_per_family": 3,
        "decoding": limits | decoding,
        "probing": {"limit": 2},
        **changes,
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


def started(more: str = "") -> dict[str, Any]:
    environment = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return {"engine": "server", "server": {"command": f"{SERVE}{more}", "env": environment}}


def rows(run: Path, pattern: str) -> dict[str, list[dict[str, Any]]]:
    """What JSONL files of all cells hold, without lm-eval's date in their names."""
    return {
        f"{file.parent.relative_to(run)}/{file.name.rsplit('_', 1)[0]}": [
            json.loads(line) for line in file.read_text().splitlines()
        ]
        for file in sorted(run.glob(f"cells/*/*/*/{pattern}"))
    }


def servers() -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if completions_server.__file__ in (process.info["cmdline"] or [])
    ]


@pytest.mark.slow
def test_the_server_is_another_engine_of_the_same_run(
    student: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert main(["run", write(tmp_path, student, {}), "--out", str(here)]) == 0
    assert main(["run", write(tmp_path, student, started()), "--out", str(there)]) == 0
    assert not servers()
    for pattern in ("eval/samples_*.jsonl", "selection/*/samples_*.jsonl"):
        assert rows(there, pattern) == rows(here, pattern)
    probed = zip(
        rows(here, "probed.jsonl").values(), rows(there, "probed.jsonl").values(), strict=True
    )
    for ours, theirs in probed:
        assert [row["id"] for row in ours] == [row["id"] for row in theirs]
        for one, other in zip(ours, theirs, strict=True):
            for condition, shares in one["probabilities"].items():
                assert other["probabilities"][condition] == pytest.approx(shares, abs=1e-4)
    # One server a checkpoint, open from step to step: two candidates, of which the last or another
    # one is then evaluated and probed.
    log = (there / "cells/random/cascod/seed1/server.log").read_text()
    assert log.count("\n$ ") in (2, 3)
    assert "engine server" in (there / "report" / "report.md").read_text()

    # Which server it is may change, who decodes may not.
    other = started(" --text")
    assert main(["run", write(tmp_path, student, other), "--out", str(there)]) == 0
    capsys.readouterr()
    assert main(["run", write(tmp_path, student, {}), "--out", str(there)]) == 2
    assert "decoding.engine differs" in capsys.readouterr().err


@pytest.mark.slow
def test_the_report_says_that_boundaries_were_text(student: str, tmp_path: Path) -> None:
    file = write(
        tmp_path, student, started(" --text"), methods=["zero_shot_cot"], select="last_epoch"
    )
    content = yaml.safe_load(Path(file).read_text())
    del content["probing"]
    Path(file).write_text(yaml.safe_dump(content))
    assert main(["run", file, "--out", str(tmp_path / "run")]) == 0
    report = " ".join((tmp_path / "run" / "report" / "report.md").read_text().split())
    assert "random: its server takes no token ids, so prompts, rationales and answers" in report


@pytest.mark.parametrize(
    ("decoding", "told"),
    [
        ({"engine": "server"}, "decoding: engine: server needs server.base_url or server.command"),
        (
            {"engine": "server", "server": {"base_url": "http://127.0.0.1:9/v1"}},
            "a server that is there has no students that are trained here",
        ),
        (
            {"engine": "server", "server": {"comand": "vllm"}},
            "decoding.server.comand: unknown key; did you mean 'command'?",
        ),
        (
            {"engine": "server", "server": {"command": "vllmm serve {checkpoint} --port {port}"}},
            "decoding.server.command: no program vllmm was found",
        ),
    ],
)
def test_a_server_that_cannot_be_is_told_before_anything_is_trained(
    decoding: dict[str, Any],
    told: str,
    student: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "run"
    assert main(["run", write(tmp_path, student, decoding), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not (out / "cells").exists()


def test_a_server_that_is_down_is_told_at_once(
    student: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {"engine": "server", "server": {"base_url": "http://127.0.0.1:9/v1"}}
    untrained = write(tmp_path, student, there, methods=["zero_shot_cot"], select="last_epoch")
    assert main(["run", untrained, "--out", str(tmp_path / "run")]) == 2
    assert "http://127.0.0.1:9/v1/models: no server answers" in capsys.readouterr().err

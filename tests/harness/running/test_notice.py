"""What must be said of a student's results stands wherever they do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_students import make_records

from harness.cli import main
from tasks.records.record import write_records

NOTICE = "Made-up weights, under the Made-up Terms of Use"


@pytest.mark.slow
def test_a_students_notice_stands_in_logs_reports_and_comparisons(
    student: str, tmp_path: Path, capsys: Any
) -> None:
    noted = tmp_path / "student"
    shutil.copytree(student, noted)
    (noted / "NOTICE").write_text(f"{NOTICE}\n")
    write_records(tmp_path / "train.jsonl", make_records(20))
    asked = [{"id": f"q/{n}", "task": "q", "description": "", "answer": "1"} for n in range(6)]
    (tmp_path / "asked.jsonl").write_text(
        "".join(
            json.dumps(row | {"question": f"Which is number {row['id']}?"}) + "\n" for row in asked
        )
    )
    experiment = {
        "name": "noted",
        "students": [{"name": "noted", "source": str(noted)}],
        "methods": ["std_cot", "zero_shot"],
        "seeds": [1],
        "data": {"source": "records", "train": str(tmp_path / "train.jsonl")},
        "training": {"epochs": 1, "batch_size": 20, "micro_batch_size": 20},
        "suites": [{"name": "asked", "role": "ood", "file": str(tmp_path / "asked.jsonl")}],
        "decoding": {"max_rationale_tokens": 4, "max_answer_tokens": 2},
    }
    (tmp_path / "experiment.yaml").write_text(yaml.safe_dump(experiment))
    run = tmp_path / "run"
    assert main(["run", str(tmp_path / "experiment.yaml"), "--out", str(run)]) == 0
    note = f"noted: {NOTICE}"
    assert capsys.readouterr().out.replace("\n", " ").count(note) == 1
    assert (
        json.loads((run / "provenance.json").read_text())["students"]["noted"]["notice"] == NOTICE
    )
    assert note in json.loads((run / "report/report.json").read_text())["notes"]
    for file in ("report.html", "report.md"):
        assert note in (run / "report" / file).read_text()

    cells = run / "cells/noted"
    trained = cells / "std_cot/seed1"
    assert (trained / "checkpoint/NOTICE").read_text() == f"{NOTICE}\n"
    out = tmp_path / "alone"
    again = ["evaluate", str(trained / "checkpoint"), "--suite", str(tmp_path / "asked.jsonl")]
    assert main([*again, "--out", str(out)]) == 0
    assert NOTICE in capsys.readouterr().out
    sides = [str(out), *map(str, cells.glob("zero_shot/*/eval"))]
    assert main(["compare", *sides]) == 0
    # A path that is longer than a line is cut anywhere.
    said = "".join(capsys.readouterr().out.split())
    assert all("".join(f"note: {side}: {NOTICE}".split()) in said for side in sides)

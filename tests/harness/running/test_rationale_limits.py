"""`max_rationale_tokens: auto`: as long as the training rationales, the same all through a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_students import make_records, save_constant_student
from transformers import AutoTokenizer

from harness.cli import main
from harness.running.rationale_limits import rationale_limit
from tasks.records.record import write_records
from trainers.protocol import Protocol


def written(folder: Path, students: list[str], **changes: Any) -> str:
    """An experiment on sums in `folder`, and the file that it stands in."""
    write_records(folder / "train.jsonl", make_records(8))
    write_records(folder / "ours.jsonl", make_records(40)[32:])
    content: dict[str, Any] = {
        "name": "own",
        "students": [{"name": f"s{i}", "source": source} for i, source in enumerate(students)],
        "methods": ["std_cot", "zero_shot"],
        "seeds": [1],
        "data": {"source": "records", "train": str(folder / "train.jsonl")},
        "training": {"batch_size": 4, "micro_batch_size": 4},
        "suites": [{"name": "ours", "role": "ood", "file": str(folder / "ours.jsonl")}],
        "decoding": {"max_rationale_tokens": "auto", "max_answer_tokens": 4},
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content | changes))
    return str(file)


def expected(source: str) -> int:
    tokenizer = AutoTokenizer.from_pretrained(source)
    return rationale_limit(make_records(8), lambda text: len(tokenizer(text).input_ids))


def asked_under(run: Path, cell: str) -> int:
    info = json.loads((run / "cells" / cell / "eval/run.json").read_text())
    return int(info["generation"]["max_rationale_tokens"])


@pytest.mark.parametrize(
    ("lengths", "limit"),
    [([10], 16), ([64], 80), ([65], 96), ([40] * 99 + [900], 64), ([40] * 98 + [900] * 2, 1136)],
)
def test_it_holds_99_of_100_rationales_and_a_quarter_more(lengths: list[int], limit: int) -> None:
    remaining = iter(lengths)
    assert rationale_limit(make_records(len(lengths)), lambda text: next(remaining)) == limit


def test_a_run_asks_all_methods_of_a_student_under_its_limit_and_goes_on_under_it(
    student: str, tmp_path: Path, capsys: Any
) -> None:
    constant = tmp_path / "constant"
    save_constant_student(constant, " 4")
    sources, run = [student, str(constant)], tmp_path / "run"
    limits = [expected(source) for source in sources]
    assert limits[0] != limits[1]  # tokens are a student's own
    assert main(["run", written(tmp_path, sources), "--out", str(run)]) == 0

    printed = " ".join(capsys.readouterr().out.split())
    for number, limit in enumerate(limits):
        assert f"student s{number}: rationales of at most {limit} tokens (auto: 99 of" in printed
        assert asked_under(run, f"s{number}/std_cot/seed1") == limit
        assert asked_under(run, f"s{number}/zero_shot/untrained") == limit
        checkpoint = run / f"cells/s{number}/std_cot/seed1/checkpoint"
        assert Protocol.load(checkpoint).max_rationale_tokens == limit

    # What was fixed once holds for all that is added.
    kept = json.loads((run / "rationale_limits.json").read_text())
    kept["limits"]["s0"] = 48
    (run / "rationale_limits.json").write_text(json.dumps(kept))
    more = written(tmp_path, sources, seeds=[1, 2])
    assert main(["run", more, "--out", str(run)]) == 0
    assert asked_under(run, "s0/std_cot/seed2") == 48


def test_the_dry_run_shows_it(student: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["run", written(tmp_path, [student]), "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert f"rationales of at most {expected(student)} tokens (auto: " in printed


def test_where_nothing_trains_it_is_refused(student: str, tmp_path: Path, capsys: Any) -> None:
    file = written(tmp_path, [student], methods=["zero_shot"])
    assert main(["run", file, "--out", str(tmp_path / "run")]) == 2
    assert "no method here trains; give a number of tokens" in capsys.readouterr().err


@pytest.mark.parametrize("limit", [0, 2.5, "long", True])
def test_what_is_no_limit_is_refused(limit: Any, student: str, tmp_path: Path, capsys: Any) -> None:
    decoding = {"max_rationale_tokens": limit}
    assert main(["run", written(tmp_path, [student], decoding=decoding), "--dry-run"]) == 2
    error = capsys.readouterr().err
    assert "decoding.max_rationale_tokens: expected a number of tokens or auto" in error

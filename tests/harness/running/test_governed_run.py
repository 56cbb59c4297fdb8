"""A real run on records with terms: refused past their day, packed, checked, its students named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from small_students import make_records

from harness.cli import main
from tasks.records.provenance import Terms
from tasks.records.record import write_records

pytestmark = pytest.mark.slow


def test_a_run_can_say_what_it_learned_from_and_what_its_claim_rests_on(
    student: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "records.jsonl", tmp_path / "run"
    content = {
        "name": "governed",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", "cascod"],
        "seeds": [1],
        "data": {"source": "records", "train": str(file)},
        "training": {"batch_size": 8, "micro_batch_size": 4},
        "suites": ["embedded:navigation", "transfer"],
        "test_items_per_family": 2,
        "decoding": {"max_rationale_tokens": 12, "max_answer_tokens": 4},
        "sampling": {"samples": 2, "limit": 1},
        "probing": {"limit": 1},
        "primary": {"treatment": "cascod", "baseline": "std_cot"},
    }
    (tmp_path / "experiment.yaml").write_text(yaml.safe_dump(content))
    start = ["run", str(tmp_path / "experiment.yaml"), "--out", str(out)]
    write_records(file, map(Terms(keep_until="2020-01-01").of, make_records(8)))
    assert main(start) == 2
    assert "8 records may not be kept any longer" in capsys.readouterr().err
    write_records(file, map(Terms(keep_until="2099-12-31").of, make_records(8)))
    assert main(start) == 0

    assert main(["bundle", str(out), "--out", str(tmp_path / "claim.tar"), "--weights"]) == 0
    capsys.readouterr()
    assert main(["data", "forget", str(file), "--id", "sum/0", "--runs", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told.count("(weights there)") == 2
    assert "its data hold 1 of the 1 by their chain" in told

    shutil.rmtree(out)
    assert main(["verify", str(tmp_path / "claim.tar")]) == 0
    assert "figures and texts are what the samples give, 0 differ" in capsys.readouterr().out

"""Repeats of the stock `lm_eval`, on questions that share passages: ranked and gated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main
from reports.logs.open_side import open_side

pytestmark = pytest.mark.slow

TASK = """\
task: repeated
dataset_path: json
dataset_kwargs: {{data_files: {{test: {data}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: ["\\n"], max_gen_toks: 4, do_sample: true}}
repeats: 3
metric_list:
  - metric: exact_match
"""


def evaluate(folder: Path, name: str) -> str:
    """What lm-eval logs of its dummy model, which always says the same."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "dummy", "--tasks", "repeated"]
    command += ["--include_path", str(folder / "tasks"), "--log_samples"]
    command += ["--output_path", str(folder / name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-4000:]
    return str(folder / name)


def test_repeats_are_one_seed_of_a_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"question": f"{i}?", "answer": "lol" if i % 2 else "no", "passage": f"p{i // 3}"}
        for i in range(12)
    ]
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(each) + "\n" for each in rows))
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "repeated.yaml").write_text(TASK.format(data=data))
    systems = [evaluate(tmp_path, name) for name in ("old", "new")]
    side = open_side(Path(systems[0]), cluster="passage")
    assert side.correct.tolist() == [[i % 2 == 1 for i in range(12)]]
    assert len(set(side.items.cluster)) == 4
    assert main(["rank", *systems, "--cluster", "passage"]) == 0
    assert "0 of 1 pairs of systems are told apart" in capsys.readouterr().out
    assert main(["gate", *systems, "--margin", "0.1"]) == 0
    assert "12 items share 4 values of 'passage'" in capsys.readouterr().out

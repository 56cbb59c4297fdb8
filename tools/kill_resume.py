"""Kill a run at random moments, resume it, and hold what comes out against a run left alone.

    python tools/kill_resume.py --kills 20 [--seed 0] [--dir DIR]

Every process is killed (SIGKILL) after a random time, over all steps: training, choosing a
checkpoint, evaluating, sampling, probing, reporting. A run that reaches its end is compared with
the undisturbed one, byte for byte: weights, samples, draws, probes. Then the next run starts in a
new directory, until so many kills have been made. Exit status 1 where anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from harness.running.progress_board import clock
from tasks.procedural.suite import pretraining_texts
from trainers.students.tiny import TinyRecipe, new_model, train_tokenizer

# Where a file's name tells when it was written.
_DATE = re.compile(r"_\d{4}-\d\d-\d\dT[\d.:-]+")
# What must come out the same; costs and logs hold seconds.
COMPARED = (
    "cells/*/*/*/checkpoint/*",
    "cells/*/*/*/trainer/checkpoint-*/model.safetensors",
    "cells/*/*/*/eval/samples_*.jsonl",
    "cells/*/*/*/sampled/draw*/samples_*.jsonl",
    "cells/*/*/*/probed.jsonl",
    "cells/*/*/*/selected.json",
    "data/*.jsonl",
)
TOLERATED = {"training_args.bin"}  # holds the output directory


def main() -> int:
    """Run the kills that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: 0)")
    parser.add_argument("--dir", type=Path, help="where to work (default: a temporary directory)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        return kill_and_compare(args.dir or Path(temporary), args.kills, random.Random(args.seed))


def kill_and_compare(folder: Path, kills: int, rng: random.Random) -> int:
    """The number of runs that came out otherwise than the undisturbed one, at most 1."""
    file = write_experiment(folder)
    started = time.monotonic()
    run_once(file, folder / "whole", None)
    whole_time = time.monotonic() - started
    expected = contents(folder / "whole")
    print(f"undisturbed: {clock(whole_time)}, {len(expected)} files to compare", flush=True)
    made = number = 0
    while made < kills:
        number += 1
        out = folder / f"run{number}"
        here = 0
        while run_once(file, out, rng.uniform(1, whole_time) if made < kills else None):
            made, here = made + 1, here + 1
        found = contents(out)
        unlike = sorted(k for k in expected | found if expected.get(k) != found.get(k))
        print(f"run {number}: killed {here} times, {made} in all, {len(unlike)} differ", flush=True)
        if unlike:
            print(*unlike, sep="\n")
            return 1
    print(f"{made} kills, {number} runs, all equal")
    return 0


def run_once(file: Path, out: Path, seconds: float | None) -> bool:
    """Start or resume the run; whether it was killed, after so many seconds, before it ended."""
    command = [sys.executable, "-m", "harness.cli", "run", str(file), "--out", str(out)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    if process.returncode:
        raise SystemExit(f"{out}: exit status {process.returncode}: {said.decode()}")
    return False


def contents(run: Path) -> dict[str, str]:
    """The hash of every compared file by its name without dates."""
    return {
        _DATE.sub("", str(file.relative_to(run))): hashlib.sha256(file.read_bytes()).hexdigest()
        for pattern in COMPARED
        for file in run.glob(pattern)
        if file.name not in TOLERATED
    }


def write_experiment(folder: Path) -> Path:
    """An experiment with every step, of a student with random weights, and the student itself."""
    student = folder / "student"
    texts = ["".join(p.text for p in pieces) for pieces in pretraining_texts(seed=0, count=500)]
    tokenizer = train_tokenizer(texts, 600)
    new_model(
        TinyRecipe(hidden_size=32, intermediate_size=64, layers=2, heads=2), tokenizer
    ).save_pretrained(student)
    tokenizer.save_pretrained(student)
    content: dict[str, Any] = {
        "name": "kills",
        "students": [{"name": "random", "source": str(student)}],
        "methods": ["std_cot", "cascod"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 12},
        "training": {"epochs": 3, "batch_size": 8, "micro_batch_size": 4, "save_steps": 5},
        "select": "dev_accuracy",
        "dev_limit": 12,
        "suites": ["embedded", "transfer"],
        "test_items_per_family": 4,
        "decoding": {"max_rationale_tokens": 24, "max_answer_tokens": 6, "block": 8},
        "sampling": {"samples": 2, "limit": 2},
        "probing": {"limit": 2},
        "primary": {"treatment": "cascod", "baseline": "std_cot"},
        "jobs": 1,
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return file


if __name__ == "__main__":
    sys.exit(main())

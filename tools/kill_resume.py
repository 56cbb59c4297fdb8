"""Kill a run at random moments, resume it, and hold what comes out against a run left alone.

    python tools/kill_resume.py --kills 20 [--engine server] [--seed 0] [--dir DIR]

Every process is killed (SIGKILL) after a random time, over all steps: training, choosing a
checkpoint, evaluating, sampling, probing, reporting. A run that reaches its end is compared with
an undisturbed one, byte for byte: weights, samples, draws, probes. Then the next run starts in a
new directory, until so many kills have been made. The moments are drawn over the time of a second
undisturbed run, which finds everything warm and must be equal, too. With `--engine server` students
are asked through the tests' small server, which must not outlive who is killed. Exit status 1 where
anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
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
SERVER = Path(__file__).parents[1] / "tests" / "completions_server.py"
SERVED: dict[str, Any] = {
    "engine": "server",
    "server": {
        "command": shlex.join([sys.executable, str(SERVER), "{checkpoint}", "--port", "{port}"]),
        "env": {"PYTHONPATH": str(SERVER.parents[1])},
    },
}
SECONDS_TO_END = 30.0


def main() -> int:
    """Run the kills that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--engine", choices=("local", "server"), default="local")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: 0)")
    parser.add_argument("--dir", type=Path, help="where to work (default: a temporary directory)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        # In full, as the command lines of servers name their checkpoints.
        folder = (args.dir or Path(temporary)).resolve()
        file = write_experiment(folder, **SERVED if args.engine == "server" else {})
        return kill_and_compare(folder, file, args.kills, random.Random(args.seed))


def kill_and_compare(folder: Path, file: Path, kills: int, rng: random.Random) -> int:
    """The number of runs that came out otherwise than the undisturbed one, at most 1."""
    run_once(file, folder / "whole", None)
    expected = contents(folder / "whole")
    started = time.monotonic()
    run_once(file, folder / "run0", None)
    warm = time.monotonic() - started
    print(f"undisturbed: {clock(warm)}, {len(expected)} files to compare", flush=True)
    made = number = here = 0
    while same(f"run {number}: killed {here} times, {made} in all", folder, number, expected):
        if made >= kills:
            print(f"{made} kills, {number} runs, all equal")
            return 0
        number, here = number + 1, 0
        while run_once(
            file, folder / f"run{number}", rng.uniform(1, warm) if made < kills else None
        ):
            made, here = made + 1, here + 1
    return 1


def same(told: str, folder: Path, number: int, expected: dict[str, str]) -> bool:
    """Whether a run came out as expected and left no server behind; what differs is printed."""
    found = contents(folder / f"run{number}")
    unlike = sorted(k for k in expected | found if expected.get(k) != found.get(k))
    left = servers_left(folder)
    print(f"{told}, {len(unlike)} differ, {len(left)} servers left", flush=True)
    print(*unlike, sep="\n", end="\n" * bool(unlike))
    return not (unlike or left)


def servers_left(folder: Path) -> list[psutil.Process]:
    """Living servers of checkpoints there; those of a process that was killed get time to end."""
    patience = time.monotonic() + SECONDS_TO_END
    while True:
        left = [
            process
            for process in psutil.process_iter(["cmdline"])
            if _serves(process.info["cmdline"] or [], folder)
        ]
        if not left or time.monotonic() > patience:
            return left
        time.sleep(0.2)


def _serves(command: list[str], folder: Path) -> bool:
    return str(SERVER) in command and any(part.startswith(f"{folder}/") for part in command)


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


def write_experiment(folder: Path, **decoding: Any) -> Path:
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
        "decoding": {"max_rationale_tokens": 24, "max_answer_tokens": 6, "block": 8, **decoding},
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

"""The walk of docs/pilot.md: its commands, in their order, in one shell's folder."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from review_server import reviewing
from small_students import small_llama

from tasks.records.record import read_records
from trainers.students.tiny import train_tokenizer

pytest.importorskip("openai", reason="the extra `collect` is not installed")

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(sh|review)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# As many as a person has read before lunch.
READ = 3


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of the walk: `cascod` and `python` of this checkout, a port of its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, called in (("cascod", "-m harness.cli"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {called} "$@"\n')
        (programs / name).chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
    }


def with_a_small_student(folder: Path, questions: Path) -> None:
    """In place of `tiny`, which takes minutes to make, one of the same kind that knows nothing."""
    tokenizer = train_tokenizer([questions.read_text()], 400)
    small_llama(tokenizer).save_pretrained(folder / "student")
    tokenizer.save_pretrained(folder / "student")
    file = folder / "pilot.yaml"
    told = file.read_text().replace("source: tiny", "source: ./student")
    file.write_text(told.replace("epochs: 20", "epochs: 1"))


@pytest.mark.slow
def test_every_command_of_the_page_works_and_its_files_say_what_it_says(
    tmp_path: Path, shell: dict[str, str]
) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "pilot.md").read_text())
    start, *walk = blocks
    assert start == ("sh", "cp -r examples/pilot pilot && cd pilot\n")
    pilot = tmp_path / "pilot"
    shutil.copytree(ROOT / "examples" / "pilot", pilot)
    with_a_small_student(pilot, pilot / "questions.csv")
    for kind, commands in walk:
        if kind == "review":
            read_some(pilot, commands)
            continue
        bash = ["bash", "-m", "-euo", "pipefail", "-c", commands]
        done = subprocess.run(
            bash, cwd=pilot, env=shell, capture_output=True, text=True, timeout=280, check=False
        )
        assert done.returncode == 0, commands + done.stdout + done.stderr

    trained = read_records(pilot / "train.jsonl")
    assert len(trained) == 60
    assert sum(record.rectified for record in trained) >= 1
    assert sum(record.meta["quality"]["first_wrong_step"] is not None for record in trained) >= 1
    assert sum("review" in record.meta for record in trained) == READ
    assert {record.meta["provenance"]["licence"] for record in trained} == {"internal use"}
    assert "ann" in (pilot / "CARD.md").read_text()
    kept = read_records(pilot / "runs" / "pilot" / "data" / "train.jsonl")
    assert len(kept) < 60
    report = json.loads((pilot / "runs" / "pilot" / "report" / "report.json").read_text())
    assert {"recent", "cases"} <= {row["suite"] for row in report["accuracies"]}
    assert "desk-teacher" in (pilot / "costs.html").read_text()


def read_some(folder: Path, command: str) -> None:
    """Judge a few chains as the page's keys would."""
    _, _, file, *options = shlex.split(command)
    reviewer = options[options.index("--reviewer") + 1]
    rest = [each for each in options if each not in ("--reviewer", reviewer)]
    with reviewing(folder / file, reviewer, *rest) as server:
        for place in range(READ):
            server.judge(place, "right")
        assert server.end(signal.SIGINT)[0] == 0

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.commands import tasks as command
from tasks.suites import SUITES, include_path


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def test_path_prints_only_the_include_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--path") == 0
    assert capsys.readouterr().out == f"{include_path()}\n"


def test_every_suite_is_listed_and_local_items_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"input": f"Question: {n}?\nOptions:\n(A) x\n(B) y", "target": "(A)"} for n in range(7)]
    (tmp_path / "arc").mkdir()
    for name in ("ARC-Easy", "ARC-Challenge"):
        (tmp_path / "arc" / f"{name}-Test.json").write_text(json.dumps(rows))
    assert run("--data", str(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in lines if line.split()}
    assert {suite.name for suite in SUITES} <= set(cells)
    assert cells["arc_easy"][:2] == ["OOD", "7"]
    assert cells["bbh"][:5] == ["IND", "not", "in", "the", "data"]
    assert cells["embedded"][:2] == ["IND", "generated"]


def test_listing_loads_nothing_heavy() -> None:
    code = (
        "import sys, harness.commands.tasks; print({'torch', 'datasets', 'rich'} & "
        "set(sys.modules))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(include_path().parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == "set()\n"

"""The example workflow for GitHub Actions: its commands are ours, and its gate step gates."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from lm_eval._cli import HarnessCLI
from sample_logs import row, write_log

from harness.cli import build_parser, main
from tasks.suites import SUITES

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "github-actions-gate.yml"
ITEMS = 300


@pytest.fixture(scope="module")
def steps() -> dict[str, dict[str, Any]]:
    """The job's steps by their names, or by the actions they use."""
    [job] = yaml.safe_load(FILE.read_text())["jobs"].values()
    assert job["defaults"]["run"]["shell"] == "bash"
    return {step.get("name") or step["uses"].split("@")[0]: step for step in job["steps"]}


def commands(script: str, program: str) -> Iterator[list[str]]:
    """Arguments of every call of the program in a script, those inside $( ) too."""
    script = script.replace("\\\n", " ")
    for found in re.finditer(rf"(?:^|\$\()\s*{program} (?=([^\n]*))", script, re.MULTILINE):
        # A substitution's own text is cut at its bracket; others hold placeholders instead.
        text = found[1].split(")")[0] if found[0].startswith("$(") else found[1]
        text = re.sub(r"\$\([^)]*\)|\$\{\{.*?\}\}|\$\w+", "placeholder", text)
        lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        arguments = list(lexer)
        stop = next((i for i, part in enumerate(arguments) if part in ("|", ">", ">>", "&&")), None)
        yield arguments[:stop]


def test_every_command_of_ours_parses(steps: dict[str, dict[str, Any]]) -> None:
    scripts = [step["run"] for step in steps.values() if "run" in step]
    comments = re.sub(r"^\s*# ?", "", FILE.read_text(), flags=re.MULTILINE)
    [saved] = [c for c in commands(comments, "cascod") if "--save" in c]
    found = [saved, *(c for script in scripts for c in commands(script, "cascod"))]
    assert [command[0] for command in found] == ["gate", "lm-eval", "tasks", "gate"]
    parser = build_parser()
    save, evaluation, _, gate = (parser.parse_args(command) for command in found)
    assert (gate.margin, gate.per_task, gate.inconclusive) == (0.02, 0.1, "ok")
    assert gate.baseline == save.save
    # What lm-eval is handed is lm-eval's to parse.
    lm_eval = HarnessCLI()._parser.parse_args(evaluation.arguments)
    assert (lm_eval.model, lm_eval.log_samples) == ("cascod", True)


def test_the_harness_is_installed_from_where_it_was_checked_out(
    steps: dict[str, dict[str, Any]],
) -> None:
    folder = steps["Check out the harness"]["with"]["path"]
    assert steps["Install"]["run"] == f"pip install './{folder}[train]'"


def test_what_is_gated_is_what_was_evaluated(steps: dict[str, dict[str, Any]]) -> None:
    [evaluation] = [c for c in commands(steps["Evaluate"]["run"], "cascod") if c[0] == "lm-eval"]
    [gate] = commands(steps["Gate"]["run"], "cascod")
    assert "--log_samples" in evaluation
    assert build_parser().parse_args(gate).candidate == Path(after(evaluation, "--output_path"))
    tasks = after(evaluation, "--tasks").split(",")
    assert set(tasks) <= {suite.lm_eval_name for suite in SUITES}
    kept = steps["Keep the outcome and the samples"]["with"]["path"].split()
    assert kept == [after(gate, "--junit"), after(evaluation, "--output_path")]


def after(arguments: list[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]


@pytest.mark.parametrize(
    ("wrong", "outcome", "status", "failures"),
    [(0, "PASS", 0, "0"), (5, "INCONCLUSIVE", 0, "0"), (90, "FAIL", 1, "3")],
)
def test_the_gate_step_decides_and_the_summary_says_why(
    steps: dict[str, dict[str, Any]],
    tmp_path: Path,
    wrong: int,
    outcome: str,
    status: int,
    failures: str,
) -> None:
    for name, losses in (("baseline", 0), ("candidate", wrong)):
        for task in ("cascod_arc_easy", "cascod_arc_challenge"):
            rows = [row(i, float(i >= losses), resps=[[f"{name} {i}"]]) for i in range(ITEMS)]
            write_log(tmp_path / "results" / name, task, rows, model_args=name)
    baseline = str(tmp_path / "results" / "baseline")
    assert main(["gate", baseline, "--save", str(tmp_path / "baseline.json.gz")]) == 0

    assert run(steps["Gate"]["run"], tmp_path) == status
    suite = ElementTree.parse(tmp_path / "gate.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", failures)
    assert run(steps["Write the summary"]["run"], tmp_path) == 0
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("```\nbaseline ")
    assert summary.endswith("\n```\n")
    assert f"\n{outcome}\n" in summary


def run(script: str, folder: Path) -> int:
    """A step as a runner executes it, with `cascod` on the path."""
    program = folder / "bin" / "cascod"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness.cli "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(shell, cwd=folder, env=environment, check=False).returncode

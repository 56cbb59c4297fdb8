"""The action for GitHub, a workflow with it, GitLab's job, the pre-commit hook: run as there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
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


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    assert described["runs"]["using"] == "composite"
    return described


def test_every_command_of_ours_parses(steps: dict[str, dict[str, Any]]) -> None:
    scripts = [step["run"] for step in steps.values() if "run" in step]
    comments = re.sub(r"^\s*# ?", "", FILE.read_text(), flags=re.MULTILINE)
    [saved] = [c for c in commands(comments, "cascod") if "--save" in c]
    found = [saved, *(c for script in scripts for c in commands(script, "cascod"))]
    assert [command[0] for command in found] == ["gate", "lm-eval", "tasks"]
    save, evaluation, _ = (build_parser().parse_args(command) for command in found)
    assert str(save.save) == steps["Gate"]["with"]["baseline"]
    # What lm-eval is handed is lm-eval's to parse.
    lm_eval = HarnessCLI()._parser.parse_args(evaluation.arguments)
    assert (lm_eval.model, lm_eval.log_samples) == ("cascod", True)


def test_the_harness_and_its_action_come_from_where_it_was_checked_out(
    steps: dict[str, dict[str, Any]],
) -> None:
    folder = steps["Check out the harness"]["with"]["path"]
    assert steps["Install"]["run"] == f"pip install './{folder}[train]'"
    assert steps["Gate"]["uses"] == f"./{folder}"


def test_what_is_gated_is_what_was_evaluated(
    steps: dict[str, dict[str, Any]], action: dict[str, Any]
) -> None:
    [evaluation] = [c for c in commands(steps["Evaluate"]["run"], "cascod") if c[0] == "lm-eval"]
    gate = steps["Gate"]["with"]
    assert "--log_samples" in evaluation
    assert gate["candidate"] == after(evaluation, "--output_path")
    assert set(gate) <= set(action["inputs"])
    tasks = after(evaluation, "--tasks").split(",")
    assert set(tasks) <= {suite.lm_eval_name for suite in SUITES}
    kept = steps["Keep the outcome and the samples"]["with"]["path"].split()
    assert kept == [gate["junit"], after(evaluation, "--output_path")]


def after(arguments: list[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]


def logged(folder: Path, wrong: int) -> None:
    """A stored baseline and the samples of a candidate that has so many of 300 items wrong."""
    for name, losses in (("baseline", 0), ("candidate", wrong)):
        for task in ("cascod_arc_easy", "cascod_arc_challenge"):
            rows = [row(i, float(i >= losses), resps=[[f"{name} {i}"]]) for i in range(ITEMS)]
            write_log(folder / "results" / name, task, rows, model_args=name)
    baseline = str(folder / "results" / "baseline")
    assert main(["gate", baseline, "--save", str(folder / "baseline.json.gz")]) == 0


@pytest.mark.parametrize(
    ("wrong", "outcome", "status", "failures"),
    [(0, "PASS", 0, "0"), (5, "INCONCLUSIVE", 0, "0"), (90, "FAIL", 1, "3")],
)
def test_the_action_decides_and_the_runs_page_says_why(
    steps: dict[str, dict[str, Any]],
    action: dict[str, Any],
    tmp_path: Path,
    wrong: int,
    outcome: str,
    status: int,
    failures: str,
) -> None:
    logged(tmp_path, wrong)
    assert run(action, "Gate", tmp_path, steps["Gate"]["with"]) == status
    suite = ElementTree.parse(tmp_path / "gate.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", failures)
    assert (tmp_path / "output").read_text() == f"outcome={outcome}\n"
    assert f" {outcome}: " in (tmp_path / "summary.md").read_text().splitlines()[0]


def test_the_action_gates_any_metric_with_its_clusters(
    action: dict[str, Any], tmp_path: Path
) -> None:
    rows = [
        f"q{i},{s},{i % 7 + (s == 'new')},p{i // 10}" for i in range(200) for s in ("old", "new")
    ]
    (tmp_path / "s.csv").write_text("\n".join(["item,system,errors,passage", *rows]))
    given = {
        "baseline": "s.csv#old",
        "candidate": "s.csv#new",
        "metric": "errors",
        "margin": "0.3",
        "cluster": "passage",
    }
    assert run(action, "Gate", tmp_path, given) == 0
    assert "200 items in 20 clusters" in (tmp_path / "summary.md").read_text()
    assert run(action, "Gate", tmp_path, given | {"higher-is-better": "no"}) == 1


def test_the_action_gates_night_after_night(action: dict[str, Any], tmp_path: Path) -> None:
    logged(tmp_path, 2)
    given = {"history": "nights.hist", "candidate": "results/baseline", "margin": "0.05"}
    assert run(action, "Gate", tmp_path, given) == 0
    assert not (tmp_path / "output").read_text()
    given["candidate"] = "results/candidate"
    assert run(action, "Gate", tmp_path, given) == 0
    assert (tmp_path / "output").read_text() == "outcome=PASS\n"
    assert "build 2" in (tmp_path / "summary.md").read_text()


def test_bad_input_decides_nothing_and_fails_the_step(
    action: dict[str, Any], tmp_path: Path
) -> None:
    given = {"baseline": "nowhere.json.gz", "candidate": "$(touch here)"}
    assert run(action, "Gate", tmp_path, given) == 2
    assert not (tmp_path / "output").exists()
    assert not (tmp_path / "here").exists()


@pytest.mark.slow
def test_the_action_installs_what_it_gates_with(action: dict[str, Any], tmp_path: Path) -> None:
    """Without dependencies, which would be fetched for minutes: those of this environment serve."""
    logged(tmp_path, 0)
    # A copy, since an installation builds where it finds its source.
    checkout = tmp_path / "checkout"
    for package in ("tasks", "reports", "trainers", "harness"):
        shutil.copytree(ROOT / package, checkout / package)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, checkout)
    fresh = {"GITHUB_ACTION_PATH": str(checkout), "PIP_NO_DEPS": "1", "PYTHONPATH": ""}
    if run(action, "Install", tmp_path, {}, **fresh):
        pytest.skip("no package index can be reached from here")
    given = {"baseline": "baseline.json.gz", "candidate": "results/candidate"}
    borrowed = fresh | {"PYTHONPATH": sysconfig.get_path("purelib")}
    assert run(action, "Gate", tmp_path, given, **borrowed) == 0
    assert (tmp_path / "output").read_text() == "outcome=PASS\n"


def test_the_job_for_gitlab_gates(tmp_path: Path) -> None:
    job = yaml.safe_load((ROOT / "docs" / "gitlab-ci-gate.yml").read_text())["gate"]
    install, gate = job["script"]
    assert install == 'pip install --quiet "$CASCOD"'
    logged(tmp_path, 90)
    assert shell(gate, tmp_path, installed(tmp_path)) == 1
    kept = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert all((tmp_path / file).exists() for file in kept)


def test_the_hook_lets_whole_baselines_pass_and_names_a_broken_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    logged(tmp_path, 0)
    (tmp_path / "baseline-old.json.gz").write_bytes(b"broken")
    staged = [path.name for path in sorted(tmp_path.glob("*"))]
    files = [name for name in staged if re.search(hook["files"], name)]
    assert files == ["baseline-old.json.gz", "baseline.json.gz"]
    environment = installed(tmp_path)
    assert shell(f"{hook['entry']} baseline.json.gz", tmp_path, environment) == 0
    assert "600 items of 2 tasks, 1 seed, accuracy 100.0" in capfd.readouterr().out
    assert shell(f"{hook['entry']} {' '.join(files)}", tmp_path, environment) == 2
    assert "baseline-old.json.gz" in capfd.readouterr().err


def run(
    action: dict[str, Any], name: str, folder: Path, given: dict[str, str], **fresh: str
) -> int:
    """A step of the action as a runner executes it, where `cascod` is installed or in a fresh
    environment of these variables.
    """
    [step] = [step for step in action["runs"]["steps"] if step["name"] == name]
    inputs = {key: what.get("default", "") for key, what in action["inputs"].items()} | given
    environment = os.environ | {
        "RUNNER_TEMP": str(folder),
        "GITHUB_SHA": "0123abc",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
    }
    environment |= {
        key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], value)
        for key, value in step.get("env", {}).items()
    }
    if not fresh:
        program(folder / "cascod" / "bin" / "cascod")
        fresh = {"PYTHONPATH": str(ROOT)}
    return shell(step["run"], folder, environment | fresh)


def installed(folder: Path) -> dict[str, str]:
    """An environment with `cascod` on its path."""
    path = program(folder / "bin" / "cascod").parent
    return os.environ | {"PATH": f"{path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness.cli "$@"\n')
    path.chmod(0o755)
    return path


def shell(script: str, folder: Path, environment: dict[str, str]) -> int:
    """A script as GitHub's `shell: bash` runs it."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode

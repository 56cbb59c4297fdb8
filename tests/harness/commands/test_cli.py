"""The command line as a newcomer meets it: help at once, and every mistake answered in one line."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psutil
import pytest

import harness.commands.tasks
from harness.cli import build_parser, main
from tasks.procedural.suite import training_records
from tasks.records.record import write_records

CONSOLE_SCRIPT = Path(sys.executable).with_name("cascod")


def cascod(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
        check=False,
    )


def test_help_lists_every_command_without_loading_torch():
    code = (
        "import sys; from harness.cli import build_parser; print(build_parser().format_help());"
        "print([m for m in ('torch', 'transformers', 'lm_eval', 'pandas', 'matplotlib')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    for command in ("run", "report", "evaluate", "score", "data", "tasks", "bench"):
        assert f"\n    {command} " in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_the_help_of_every_command_and_action_says_what_it_does():
    def walk(parser, name):
        assert parser.description, name
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for chosen, below in action.choices.items():
                    walk(below, f"{name} {chosen}")

    walk(build_parser(), "cascod")


def test_help_is_quick():
    """The goal is half a second; the bound leaves room for a loaded machine."""

    def seconds() -> float:
        started = time.perf_counter()
        assert cascod("--help").returncode == 0
        return time.perf_counter() - started

    assert median(seconds() for _ in range(3)) < 2


@pytest.mark.parametrize("name", ["tasks", "reports", "trainers"])
def test_a_stray_file_with_the_name_of_a_package_is_named_and_never_run(name, tmp_path):
    """`python -m` looks into the working directory first."""
    stray = tmp_path / f"{name}.py"
    stray.write_text("raise SystemExit('a stranger was run')")
    done = cascod("--help", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"cascod: {stray} is found in place of cascod's own")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_another_package_of_that_name_is_named(tmp_path):
    package = tmp_path / "site" / "tasks"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    path = os.pathsep.join([str(tmp_path / "site"), *sys.path])
    done = cascod("tasks", folder=tmp_path, PYTHONPATH=path)
    assert done.returncode == 2
    assert f"{package / '__init__.py'} is found in place of" in done.stderr


@pytest.mark.skipif(not CONSOLE_SCRIPT.exists(), reason="not installed")
def test_the_installed_command_does_not_look_into_the_working_directory(tmp_path):
    (tmp_path / "tasks.py").touch()
    subprocess.run([CONSOLE_SCRIPT, "tasks"], cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere.yaml"], "nowhere.yaml: no such file, and no preset of that name"),
        (["run", "demo", "--set", "training.epoch=3"], "training.epoch: unknown key; did you mean"),
        (["run", "demo", "--set", "training.epochs=0"], "training.epochs: Input should be greater"),
        (["run", "demo", "--set", "methods=[cascode]"], "unknown method 'cascode': did you mean"),
        (["run", "demo", "--set", "suites=[bhb]"], "unknown suite 'bhb'; did you mean 'bbh'"),
        (["run", "demo", "--set", "primary.treatment=x"], "primary: 'x' is no method"),
        (
            ["run", "demo", "--set", "family=[{treatment: cascod, baseline: std_cot}]"],
            "family.0: this comparison is planned twice",
        ),
        (["run", "demo", "--set", "primary.margin=2"], "primary.margin: "),
        (["run", "demo", "--set", "primary.answers=both"], "primary.answers: Input should be"),
        (
            ["run", "demo", "--set", "primary.margn=0.1"],
            "primary.margn: unknown key; did you mean 'margin'?",
        ),
        (["run", "demo", "--set", "seeds=[1, 1]"], "seeds: '1' is named twice"),
        (
            ["run", "demo", "--set", "train_on={quality: 2}"],
            "train_on.quality: Input should be less",
        ),
        (
            ["run", "demo", "--set", "train_on={quality: 1, answer: all}"],
            "train_on.answer: unknown key; did you mean 'answers'?",
        ),
        (
            ["run", "demo", "--set", "train_on=right"],
            "train_on: Input should be 'correct' or 'all'",
        ),
        (["run", "demo", "--set", "nonsense"], "--set nonsense: expected KEY=VALUE"),
        (["run", "demo", "--data", "/nowhere"], "/nowhere: no such data directory (from --data)"),
        (["run", "smollm2_bbh", "--dry-run"], "bbh_teacher needs the data directory"),
        (["score", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["data", "check", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["evaluate", "nowhere", "--suite", "embedded"], "unknown student 'nowhere'"),
        (
            ["evaluate", "tiny", "--suite", "embedded", "--layout", "chat"],
            "a layout and thinking are given with a method",
        ),
        (
            ["evaluate", "tiny", "--suite", "embedded", "--method", "zero_shot", "--thinking"],
            "thinking needs layout chat",
        ),
        (["report", "/nowhere"], "/nowhere"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_mistake_gets_one_line_and_status_2(arguments, message, capsys, monkeypatch):
    monkeypatch.delenv("CASCOD_DATA", raising=False)
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.startswith("cascod: ")
    assert output.err.count("\n") == 1


def test_an_error_that_nobody_foresaw_is_no_verdict_and_leaves_its_traceback_in_a_file(
    tmp_path, capsys, monkeypatch
):
    def fail(_: object) -> int:
        raise ZeroDivisionError("somewhere deep")

    monkeypatch.setattr(harness.commands.tasks, "run", fail)
    monkeypatch.setenv("CASCOD_LOG_DIR", str(tmp_path / "logs"))
    assert main(["tasks", "--path"]) == 70
    (log,) = (tmp_path / "logs").iterdir()
    said = capsys.readouterr().err
    assert said == (
        f"cascod: unexpected ZeroDivisionError, a fault of this program; traceback: {log}\n"
    )
    assert "cascod 'tasks' '--path'\n" in log.read_text()
    assert "ZeroDivisionError: somewhere deep" in log.read_text()


@pytest.mark.parametrize("command", ["tasks", "data check records.jsonl"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_verdict(command, unbuffered, tmp_path):
    """1 is a gate's FAIL; a shell reports 141 of a program whose reader has gone."""
    write_records(tmp_path / "records.jsonl", training_records(seed=0, per_family=1))
    reading = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *command.split()],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
    )
    reading.stdout.close()
    assert reading.stderr.read() == b""
    assert reading.wait() == 141


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_output_that_was_closed_goes_nowhere(closed, tmp_path):
    def status(*arguments: str) -> int:
        line = shlex.join([sys.executable, "-m", "harness.cli", *arguments])
        return subprocess.run(
            ["sh", "-c", f"{line} {closed}"], cwd=tmp_path, check=False
        ).returncode

    assert status("data", "generate", "--out", "made.jsonl", "--per-family", "1") == 0
    assert status("data", "check", "made.jsonl") == 0
    assert status("data", "check", "nowhere.jsonl") == 2


def test_ctrl_c_ends_simulations_at_once(tmp_path):
    # Where tests run in the background Ctrl-C is ignored, and whoever is started inherits that.
    code = (
        "import signal, sys; from harness.cli import main;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.exit(main(['simulate', '--jobs', '2', '--replicates', '100000']))"
    )
    simulating = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, start_new_session=True
    )
    workers = []
    while len(workers) < 3:  # one of them keeps account of the others' resources
        time.sleep(0.1)
        workers = psutil.Process(simulating.pid).children()
    time.sleep(0.5)
    os.killpg(simulating.pid, signal.SIGINT)
    _, said = simulating.communicate(timeout=60)
    assert simulating.returncode == 130
    assert said == b"cascod: stopped; the same command goes on from here\n"
    psutil.wait_procs(workers, timeout=10)
    assert not any(worker.is_running() for worker in workers)


def test_what_the_system_refuses_is_told_in_one_line(tmp_path, capsys):
    (tmp_path / "file").touch()
    for command in (
        ["data", "generate", "--out", str(tmp_path / "file" / "train.jsonl")],
        ["audit", str(tmp_path / ("x" * 300))],
    ):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"cascod: {tmp_path}")
        assert said.count("\n") == 1


def test_a_broken_experiment_file_is_named_with_its_line(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nstudents: [tiny\nmethods: [cascod]\n")
    assert main(["run", str(file)]) == 2
    assert f"{file}:3: not valid YAML" in capsys.readouterr().err


def test_a_broken_record_is_named_with_file_and_line(tmp_path, capsys):
    file = tmp_path / "records.jsonl"
    file.write_text('{"id": "a"\n')
    assert main(["data", "check", str(file)]) == 2
    assert f"{file}:1: not valid JSON" in capsys.readouterr().err


def test_a_checkpoint_without_protocol_says_what_to_do(tmp_path, capsys):
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    (checkpoint / "config.json").write_text(json.dumps({"model_type": "llama"}))
    assert main(["evaluate", str(checkpoint), "--suite", "embedded"]) == 2
    assert "name a method to say how this student is asked (--method)" in capsys.readouterr().err


def test_a_run_directory_that_is_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("years of work")
    assert main(["run", "demo", "--out", str(tmp_path)]) == 2
    assert "not empty and not a run" in capsys.readouterr().err
    assert [path.name for path in Path(tmp_path).iterdir()] == ["thesis.tex"]

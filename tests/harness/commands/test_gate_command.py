"""`cascod gate` as a CI job meets it: exit statuses, the log, the JUnit file, a saved baseline."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sample_logs import row, write_log

from harness.cli import main

ITEMS = 400


def log(directory: Path, losses: int, gains: int = 0, *, task: str = "arc", seed: str = "") -> Path:
    """A run that has the even items right, but for `losses` of them, and `gains` odd ones."""
    rows = []
    for i in range(ITEMS):
        right = i % 2 == 0
        if right and i < 2 * losses:
            right = False
        elif not right and i < 2 * gains:
            right = True
        rows.append(row(i, float(right), resps=[[f"{directory.name} {seed} {right}"]]))
    write_log(directory / seed, task, rows, model_args=f"pretrained={directory.name}{seed}")
    return directory


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return log(tmp_path / "base", losses=0)


@pytest.mark.parametrize(
    ("losses", "gains", "status", "outcome"),
    [(0, 10, 0, "PASS"), (60, 0, 1, "FAIL"), (8, 2, 3, "INCONCLUSIVE")],
)
def test_the_exit_status_is_the_decision(
    base: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    losses: int,
    gains: int,
    status: int,
    outcome: str,
) -> None:
    new = log(tmp_path / "new", losses, gains)
    assert main(["gate", str(base), str(new), "--margin", "0.02"]) == status
    said = capsys.readouterr().out
    assert f"\n{outcome}\n- " in said
    assert "claim      checkpoint: these very weights" in said


@pytest.mark.parametrize(("treat", "status"), [("ok", 0), ("fail", 1)])
def test_an_inconclusive_result_can_count_as_either(
    base: Path, tmp_path: Path, treat: str, status: int
) -> None:
    new = log(tmp_path / "new", 8, 2)
    arguments = ["gate", str(base), str(new), "--margin", "0.02", "--inconclusive", treat]
    assert main(arguments) == status


def test_a_saved_baseline_serves_as_well_as_its_directory(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, new = tmp_path / "base.json.gz", log(tmp_path / "new", 3, 3)
    assert main(["gate", str(base), "--save", str(file)]) == 0
    capsys.readouterr()
    tables = []
    for baseline in (base, file):
        main(["gate", str(baseline), str(new), "--margin", "0.05"])
        tables.append(capsys.readouterr().out.split("\n", 1)[1])
    assert tables[0] == tables[1]


def test_the_same_run_again_passes_whatever_the_margin(base: Path) -> None:
    assert main(["gate", str(base), str(base), "--margin", "0.0001"]) == 0


@pytest.mark.parametrize("command", [["gate", "--margin", "0.02"], ["compare"]])
def test_the_same_words_under_another_scorer_are_no_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    names = [str(tmp_path / name) for name in ("old", "new")]
    for name, right in zip(names, (360, 40), strict=True):
        rows = [row(i, float(i < right), resps=[[str(i)]]) for i in range(ITEMS)]
        file = write_log(Path(name), "arc", rows, model_args=name)
        (file.parent / "run.json").write_text(json.dumps({"rule": f"of the {file.parent.name}"}))
    assert main([command[0], *names, *command[1:]]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "320 of 400 items are scored differently" in said
    assert f"{names[0]} (metric acc, rule of the old)" in said
    assert f"{names[1]} (metric acc, rule of the new)" in said


def test_a_saved_baseline_knows_its_scorer(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "base.json.gz"
    assert main(["gate", str(base), "--save", str(file)]) == 0
    rows = [row(i, 0.0, resps=[[f"base  {i % 2 == 0}"]]) for i in range(ITEMS)]
    write_log(tmp_path / "new", "arc", rows, model_args="new")
    capsys.readouterr()
    assert main(["gate", str(file), str(tmp_path / "new"), "--margin", "0.02"]) == 2
    assert f"{file} (metric acc) and" in capsys.readouterr().err


def test_every_task_must_pass_with_its_own_margin(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 0, 10)
    log(base, 0, task="other")
    log(new, 60, task="other")
    report = tmp_path / "junit.xml"
    arguments = ["gate", str(base), str(new), "--per-task", "0.05", "--junit", str(report)]
    assert main(arguments) == 1
    assert "- other: the loss is larger than 5.0 points" in capsys.readouterr().out
    suite = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["other"]


def test_whatever_a_task_is_called_the_junit_file_is_xml(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "mmlu[law][/x]\x00\x1b[31m\u202e\ufffe<&'\""
    columns = {"task": hostile, "doc_hash": "", "suite": "s", "role": "ood"}
    items = {name: [value] * 4 for name, value in columns.items()} | {
        name: list("abcd") for name in ("id", "cluster")
    }
    for name, right in (("old", "1100"), ("new", "1000")):
        seed = {"seed": name, "correct": right, "responses": [hash(name)] * 4}
        content = {"schema": "cascod-baseline/1", "items": items, "seeds": [seed]}
        (tmp_path / name).write_bytes(gzip.compress(json.dumps(content).encode()))
    file = tmp_path / "junit.xml"
    sides = [str(tmp_path / name) for name in ("old", "new")]
    assert main(["gate", *sides, "--per-task", "0.1", "--junit", str(file)]) == 3
    said = capsys.readouterr().out
    assert "mmlu[law][/x]\\x00\\x1b[31m\\u202e\\ufffe<&'\"" in said
    assert "\x1b" not in said
    (case,) = ElementTree.parse(file).getroot()
    assert case.get("name") == "mmlu[law][/x]\\x00\\x1b[31m\\u202e\\ufffe<&'\""


def test_a_loss_that_is_shown_but_may_be_within_the_margin_is_told_as_such(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 12)
    assert main(["gate", str(base), str(new), "--margin", "0.03"]) == 3
    printed = capsys.readouterr().out
    assert max(map(len, printed.split("INCONCLUSIVE\n")[1].splitlines())) <= 80
    said = " ".join(printed.split())
    assert re.search(
        r"a loss of 1\.\d to 4\.\d points is shown; whether it exceeds the margin of 3\.0 is open",
        said,
    )


@pytest.mark.parametrize(("losses", "status"), [(0, 0), (60, 1)])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_costs_neither_the_decision_nor_the_junit_file(
    base: Path, tmp_path: Path, unbuffered: str, losses: int, status: int
) -> None:
    new, file = log(tmp_path / "new", losses, 10), tmp_path / "junit.xml"
    command = [sys.executable, "-m", "harness.cli", "gate", str(base), str(new)]
    options = ["--margin", "0.02", "--junit", str(file)]
    gate = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
    )
    assert gate.stdout is not None
    assert gate.stderr is not None
    gate.stdout.close()
    assert gate.stderr.read() == b""
    assert gate.wait() == status
    assert ElementTree.parse(file).getroot().get("tests") == "1"


def test_help_shows_percent_signs_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["gate", "--help"])
    said = capsys.readouterr().out
    assert "one-sided 95% lower bound" in said
    assert "%%" not in said


def test_tasks_that_cannot_pass_are_named_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("base", "new"):
        right = [1.0, 0.0, 1.0] if name == "base" else [0.0, 1.0, 1.0]
        rows = [row(i, r, resps=[[name]]) for i, r in enumerate(right)]
        write_log(tmp_path / name, "few", rows, model_args=name)
    main(["gate", str(tmp_path / "base"), str(tmp_path / "new"), "--per-task", "0.05"])
    said = capsys.readouterr().out
    assert said.index("too small: few") < said.index("INCONCLUSIVE")
    assert max(len(line) for line in said.splitlines() if " than half of" in line) <= 80


def test_a_method_claim_is_the_default_with_seeds_and_refused_without(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed, losses in (("1", 2), ("2", 4)):
        log(tmp_path / "a", losses, seed=seed)
        log(tmp_path / "b", losses + 1, seed=seed)
    main(["gate", str(tmp_path / "a"), str(tmp_path / "b"), "--margin", "0.05"])
    assert "claim      method: training seeds are random, too" in capsys.readouterr().out
    new = log(tmp_path / "new", 1)
    arguments = ["gate", str(base), str(new), "--margin", "0.05", "--claim", "method"]
    assert main(arguments) == 2
    assert "two training seeds a side" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["BASE"], "nothing to do"),
        (["BASE", "BASE"], "give --margin"),
        (["BASE", "nowhere", "--margin", "0.1"], "nowhere: no such file or directory"),
    ],
)
def test_wrong_usage_exits_2_in_one_line(
    base: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["gate", *(str(base) if a == "BASE" else a for a in arguments)]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("margin", ["1", "2"])
def test_a_margin_of_all_accuracy_is_a_slip(
    base: Path, margin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = base / "again"
    for kind in ([str(base)], ["--history", str(file)], ["--plan-new", str(file), "--looks", "2"]):
        assert main(["gate", str(base), *kind, f"--margin={margin}"]) == 2
        assert "0.02 means 2 percentage points" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize("margin", ["0", "-0.1", "nan", "inf", "x"])
def test_an_impossible_margin_exits_2(base: Path, margin: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["gate", str(base), str(base), f"--margin={margin}"])
    assert stop.value.code == 2


def test_a_pull_requests_summary_tells_the_outcome_first_and_folds_the_rest(
    base: Path, tmp_path: Path
) -> None:
    log(base, losses=0, task="maths")
    new = log(tmp_path / "<b>new", losses=60)
    log(new, losses=0, task="maths")
    file = tmp_path / "summary.md"
    asked = ["gate", str(base), str(new), "--margin", "0.02", "--per-task", "0.05"]
    assert main([*asked, "--md", str(file)]) == 1
    summary = file.read_text()
    headline, _, figures, _, reason = summary.splitlines()[:5]
    assert headline.startswith("### ❌ FAIL: ")
    assert "**50.0 → 42.5 on all items: −7.5 points**" in figures
    assert "the loss is larger than 2.0 points" in reason
    glance, folded = summary.split("<details>")
    assert "❌ FAIL too: arc" in glance
    assert "| arc | 400 |" in folded
    assert "<b>" not in summary

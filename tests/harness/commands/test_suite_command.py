"""A spreadsheet becomes a suite, two checkpoints are asked and compared: three commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from small_students import save_constant_student

from harness.cli import main
from harness.evaluation.evaluation_suites import suite_from_argument
from tasks.records.record import read_records, write_records

ROOT = Path(__file__).parents[3]
ITEMS = 120


def write_spreadsheet(path: Path) -> None:
    """120 questions about 30 passages, options in columns A to D; the right one is (A) in half of
    them.
    """
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Text", "Frage", "A", "B", "C", "D", "Lösung"])
    for n in range(ITEMS):
        passage, right = n // 4, "A" if n % 2 else "BCD"[n % 3]
        text = f"Halle {passage} hat Tore, Pressen und Öfen." if n % 4 == 0 else None
        options = [f"{10 * n + place} Stück" for place in range(4)]
        book.active.append([text, f"Wie viele Teile lagen am Tag {n} dort?", *options, right])
        if n % 4 == 3:
            book.active.merge_cells(start_row=n - 1, end_row=n + 2, start_column=1, end_column=1)
    book.save(path)


@pytest.mark.slow
def test_a_spreadsheet_becomes_a_comparison_of_two_checkpoints_in_three_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_spreadsheet(Path("fragen.xlsx"))
    for name, answer in (("old", "(D)"), ("new", "(A)")):
        save_constant_student(tmp_path / name, f"\nTherefore, the answer is {answer}.")
    asking = ["--method", "std_cot", "--max-rationale-tokens", "4", "--max-answer-tokens", "4"]
    assert main(["suite", "new", "fragen.xlsx", "--name", "ours", "--role", "ood"]) == 0
    assert main(["evaluate", "old", "new", "--suite", "ours", *asking]) == 0
    assert main(["compare", "old", "new", "--json", "compared.json", "--html", "page.html"]) == 0
    printed = capsys.readouterr().out
    assert "columns: question=Frage,answer=Lösung,options=A..D,passage=Text" in printed
    assert "answers: 120 choice; clusters: 30" in printed
    assert len(re.findall(rf"ours .* 0\.0% +{ITEMS}\n", printed)) == 2
    compared = json.loads(Path("compared.json").read_text())
    assert (compared["items"], compared["clusters"]) == (ITEMS, 30)
    rights = [record.answer for record in read_records(Path("ours.jsonl"))]
    gain = (rights.count("(A)") - rights.count("(D)")) / ITEMS
    assert gain > 0.2
    assert f"+{100 * gain:.1f}" in printed


@pytest.mark.slow
def test_the_stock_command_asks_the_same_questions(tmp_path: Path) -> None:
    table = "question,A,B,answer\n" + "".join(f"Case {n}?,one,two,A\n" for n in range(4))
    (tmp_path / "q.csv").write_text(table)
    new = ["suite", "new", str(tmp_path / "q.csv"), "--name", "ours", "--out", str(tmp_path)]
    assert main(new) == 0
    save_constant_student(tmp_path / "student", "\nTherefore, the answer is (A).")
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "hf", "--device", "cpu"]
    command += ["--model_args", f"pretrained={tmp_path / 'student'},dtype=float32"]
    command += ["--tasks", "cascod_file_ours", "--include_path", str(tmp_path)]
    command += ["--gen_kwargs", "max_gen_toks=4", "--output_path", str(tmp_path / "out")]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=280, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-4000:]
    [file] = tmp_path.glob("out/**/results_*.json")
    results = json.loads(file.read_text())["results"]["cascod_file_ours"]
    assert (results["acc,none"], results["parse_ok,none"]) == (1.0, 1.0)


def test_the_experiment_line_is_one_that_an_experiment_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from harness.running.experiment_file import load_experiment

    (tmp_path / "q.csv").write_text("question,answer\nHow many?,3\nAnd how many?,4\n")
    new = ["suite", "new", str(tmp_path / "q.csv"), "--name", "ours", "--out", str(tmp_path)]
    assert main([*new, "--role", "ind"]) == 0
    line = re.search(r"experiment: (suites: .*)", capsys.readouterr().out)
    assert line
    suites = yaml.safe_load(line[1])["suites"]
    experiment = load_experiment("demo", {"suites": [*suites, "longer"]})
    assert [(s.name, s.role) for s in experiment.suites] == [("ours", "ind"), ("longer", None)]


def test_a_file_called_as_a_known_suite_is_asked_by_its_whole_name_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_records(Path("bbh.jsonl"), [])
    assert suite_from_argument("bbh", None).file is None
    assert suite_from_argument("bbh.jsonl", None).file == Path("bbh.jsonl")


def test_the_role_is_that_of_the_task_beside_the_records(tmp_path: Path) -> None:
    from harness.evaluation.evaluation_suites import suite_from_argument

    (tmp_path / "q.csv").write_text("question,answer\nHow many?,3\n")
    for role in ("ind", "ood"):
        new = ["suite", "new", str(tmp_path / "q.csv"), "--name", role, "--out", str(tmp_path)]
        assert main([*new, "--role", role]) == 0
        for argument in (tmp_path / role, tmp_path / f"{role}.jsonl"):
            suite = suite_from_argument(str(argument), None)
            assert (suite.name, suite.role) == (role, role)
            assert suite.file == tmp_path / f"{role}.jsonl"


def test_the_check_tells_leaks_on_the_terminal_on_the_page_and_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tasks.procedural.suite import training_records

    write_records(tmp_path / "train.jsonl", training_records(seed=0, per_family=10))
    write_records(tmp_path / "ours.jsonl", training_records(seed=0, per_family=5))
    arguments = [str(tmp_path / "ours"), "--against", str(tmp_path / "train.jsonl")]
    files = ["--html", str(tmp_path / "c.html"), "--json", str(tmp_path / "c.json")]
    assert main(["suite", "check", *arguments, *files]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    content = json.loads((tmp_path / "c.json").read_text())
    page = (tmp_path / "c.html").read_text()
    identical = [leak for leak in content["leaks"] if leak["kind"] == "identical"]
    assert content["schema"] == "cascod-suite-check/1"
    assert len(identical) > 0.9 * content["items"]
    assert 0 < content["apart"]["auc"] < 1
    for text in (printed, page):
        assert f"{len(identical)} the same question" in text
        assert "Smallest true difference found with 80% power" in text


@pytest.mark.parametrize("name", ["wareneingang", "kensa"])
def test_the_examples_of_the_guideline_are_what_the_command_says(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "designing_ood.md").read_text()
    shown = page.split(f"--name {name}\n\n")[1].splitlines()[:2]
    table = str(ROOT / "examples" / "own_suites" / f"{name}.csv")
    assert main(["suite", "new", table, "--name", name, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert [line.strip() for line in shown] == printed.splitlines()[:2]
    assert main(["suite", "check", str(tmp_path / name)]) == 0
    assert "golds read as answers, and no question is asked twice" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new", "none.csv", "--name", "ours"], "none.csv: no such file"),
        (["new", "q.csv", "--name", "bbh"], "there is a suite of that name"),
        (["new", "q.csv", "--name", "a.b"], "use letters, digits"),
        (["new", "q.csv", "--name", "ours", "--map", "question=no"], "no column 'no'"),
        (["new", "ours.jsonl", "--name", "ours"], "would overwrite it"),
        (["new", "q.csv", "--name", "train"], "was not made by this command"),
        (
            ["new", "q.csv", "--name", "o", "--map", "id=question..answer"],
            "one column holds",
        ),
        (["check", "nothing"], "unknown suite 'nothing'"),
        (["check", "ours", "--against", "none.jsonl"], "none.jsonl: no such file"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.csv").write_text("question,answer\nHow many?,3\nAnd how many?,4\n")
    Path("train.jsonl").touch()
    assert main(["suite", "new", "q.csv", "--name", "ours"]) == 0
    capsys.readouterr()
    assert main(["suite", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1

"""`cascod model-card`: what the hub's own library reads out of its blocks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from huggingface_hub import parse_eval_result_entries
from huggingface_hub.repocard_data import model_index_to_eval_results
from sample_logs import DATE, row, write_log

from harness.cli import main


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two tasks of two checkpoints, one of them of a data set on the hub."""
    for seed, right in (("a", 30), ("b", 34)):
        folder = tmp_path / "student" / seed
        for task in ("arc_easy", "ours"):
            rows = [row(i, float(i < right), resps=[[f"{i < right}"]]) for i in range(40)]
            write_log(folder, task, rows, model_args=f"pretrained={seed}")
        file = folder / f"results_{DATE}.json"
        told = json.loads(file.read_text())
        arc = {"dataset_path": "allenai/ai2_arc", "dataset_name": "ARC-Easy", "test_split": "test"}
        told |= {"configs": {"arc_easy": arc, "ours": {"dataset_path": "json"}}}
        file.write_text(json.dumps(told | {"n-shot": {"arc_easy": 5}}))
    return tmp_path / "student"


def test_a_model_index_says_what_was_measured_and_how_surely(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model-card", str(results)]) == 0
    [[name, found]] = [
        model_index_to_eval_results(yaml.safe_load(capsys.readouterr().out)["model-index"])
    ]
    assert name == "student"
    arc, ours = found
    assert (arc.dataset_type, arc.dataset_config, arc.dataset_split) == (
        "allenai/ai2_arc",
        "ARC-Easy",
        "test",
    )
    assert (ours.dataset_type, ours.dataset_name) == ("json", "ours")
    assert (arc.metric_type, arc.metric_value) == ("accuracy", 80.0)
    assert "40 items, mean of 2 training seeds; metric acc; 5-shot" in arc.metric_name
    # Of the other task nothing tells how many examples its prompt had.
    assert ours.metric_name.endswith("metric acc)")
    low, high = arc.metric_name.split("95% interval ")[1].split(";")[0].split(" to ")
    assert float(low) < 75 < 85 < float(high)


def test_entries_of_a_leaderboard_need_a_data_set_of_the_hub(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model-card", str(results), "--eval-results"]) == 0
    said = capsys.readouterr()
    [entry] = parse_eval_result_entries(yaml.safe_load(said.out))
    assert (entry.dataset_id, entry.task_id, entry.value) == ("allenai/ai2_arc", "ARC-Easy", 80.0)
    assert said.err == "left out, no data set of the hub: ours\n"


def test_where_no_data_set_is_known_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(tmp_path / "bare", "ours", [row(0, 1.0), row(1, 0.0)])
    assert main(["model-card", str(tmp_path / "bare"), "--eval-results"]) == 2
    assert "no task's data set is on the hub" in capsys.readouterr().err


def test_a_table_s_system_and_a_baseline_file_have_a_card(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"q{i},{s},{i % 5 + (s == 'org/new')},{t}"
        for i in range(60)
        for s in ("old", "org/new")
        for t in "ab"
    ]
    (tmp_path / "s.csv").write_text("\n".join(["item,system,grade,task", *rows]))
    command = ["model-card", f"{tmp_path / 's.csv'}#org/new", "--metric", "grade"]
    assert main(command) == 0
    card = yaml.safe_load(capsys.readouterr().out)["model-index"]
    name, [first, second] = model_index_to_eval_results(card)
    assert (name, first.dataset_name, second.dataset_name) == ("org/new", "a", "b")
    assert (first.metric_type, first.metric_value) == ("grade", 3.0)
    assert first.metric_name.endswith("; 60 items; column grade)")
    assert main(["gate", str(results), "--save", str(tmp_path / "student.json.gz")]) == 0
    capsys.readouterr()
    assert main(["model-card", str(tmp_path / "student.json.gz")]) == 0
    card = yaml.safe_load(capsys.readouterr().out)["model-index"]
    name, found = model_index_to_eval_results(card)
    assert (name, [each.metric_value for each in found]) == ("student", [80.0, 80.0])
    assert main([*command[:2], "--eval-results", "--metric", "grade"]) == 2
    assert "no task's data set is on the hub" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "nowhere: no such file or directory"),
        (f"samples_ours_{DATE}.jsonl", "one file of samples; give the directory that it lies in"),
        ("s.csv", "holds 2 systems (x, y); name one, as in s.csv#x"),
        ("notes.txt", "not a baseline file"),
    ],
)
def test_what_is_no_system_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    write_log(tmp_path, "ours", [row(0, 1.0)])
    (tmp_path / "s.csv").write_text("item,system,score\na,x,1\na,y,1\n")
    (tmp_path / "notes.txt").write_text("x")
    assert main(["model-card", str(tmp_path / name)]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_scores_are_named_by_their_metric_and_told_in_their_own_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        row(i, 0.0, metrics=["bleu"], bleu=30.0 + i // 10 % 5, doc={"passage": i // 10})
        for i in range(100)
    ]
    write_log(tmp_path / "translator", "wmt", rows)
    spans = []
    for more in ([], ["--cluster", "passage"]):
        assert main(["model-card", str(tmp_path / "translator"), *more]) == 0
        card = yaml.safe_load(capsys.readouterr().out)["model-index"]
        [found] = model_index_to_eval_results(card)[1]
        assert (found.metric_type, found.metric_value) == ("bleu", 32.0)
        low, high = found.metric_name.split("95% interval ")[1].split(";")[0].split(" to ")
        assert 30 < float(low) < 32 < float(high) < 34
        spans.append(float(high) - float(low))
    # Ten passages of one score each tell less than a hundred items would.
    assert spans[1] > 2 * spans[0]

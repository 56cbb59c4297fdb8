"""The worked examples run, and what they add works where the project would look for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_students import make_records, small_llama

import trainers.methods
from harness.cli import main
from harness.running.experiment_file import load_experiment
from reports.reasoning.measures import MEASURES
from tasks.lm_eval_docs import doc_to_text, file_docs, process_results
from tasks.problem import question_prompt
from trainers.methods import load_method, method_names
from trainers.protocol import Protocol
from trainers.settings import TrainingSettings
from trainers.students.tiny import train_tokenizer
from trainers.train import train

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.rglob("*.py"))
RIGHT, WRONG = "So.\nTherefore, the answer is {}", "So.\nTherefore, the answer is (Z)"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_it_runs(script):
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_loss_by_hand_is_short_and_flat():
    lines = (EXAMPLES / "loss_by_hand.py").read_text().splitlines()
    assert len(lines) < 60
    assert not [line for line in lines if line.startswith(("def ", "class "))]


@pytest.fixture
def explain_after(monkeypatch):
    """As if the example lay in `trainers/methods/`."""
    places = [*trainers.methods.__path__, str(EXAMPLES / "method")]
    monkeypatch.setattr(trainers.methods, "__path__", places)
    return load_method("explain_after")


def test_a_file_is_all_that_a_new_method_takes(explain_after):
    assert "explain_after" in method_names()
    methods = {"methods": ["explain_after", "std_cot", "cascod"]}
    assert load_experiment("demo", methods).methods[0].name == "explain_after"


def test_a_new_methods_student_is_asked_as_it_was_trained(explain_after, tmp_path):
    records = make_records(4)
    row = explain_after.rows(records[0])[0]
    asked = question_prompt(records[0].description, records[0].question) + explain_after.suffix
    assert row[0].text == asked
    assert {segment.group for segment in row} - {None} == explain_after.weights(0.3).keys()

    tokenizer = train_tokenizer([record.rationale for record in records], 300)
    small_llama(tokenizer).save_pretrained(tmp_path / "student")
    tokenizer.save_pretrained(tmp_path / "student")
    costs = train(
        str(tmp_path / "student"),
        explain_after,
        records,
        answer_weight=0.3,
        settings=TrainingSettings(batch_size=4),
        seed=1,
        data_fingerprint="",
        work_dir=tmp_path / "cell",
    )
    assert costs.steps == 1
    protocol = Protocol.load(tmp_path / "cell" / "checkpoint")
    assert (protocol.method, protocol.suffix) == ("explain_after", "\nAnswer:")


def test_a_set_of_ones_own_needs_no_code(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    file = EXAMPLES / "own_set" / "ours.jsonl"
    assert main(["data", "check", str(file)]) == 0
    ours = load_experiment(str(EXAMPLES / "own_set" / "experiment.yaml")).suites[-1]
    assert (ours.name, ours.role) == ("ours", "ood")
    assert ours.file is not None
    assert ours.file.resolve() == file
    for doc in file_docs(str(ours.file), "ours", "ood")["test"]:
        assert process_results(doc, [RIGHT.format(doc["golds"][0])])["acc"] == 1
        assert process_results(doc, [WRONG])["acc"] == 0


def test_a_benchmark_is_found_asked_and_scored_by_lm_eval():
    from lm_eval.tasks import TaskManager

    manager = TaskManager(include_path=str(EXAMPLES / "benchmark"), include_defaults=False)
    task = manager.load(["cascod_riddles"])["tasks"]["cascod_riddles"]
    docs = list(task.test_docs())
    assert {doc["id"] for doc in docs} == {"riddles/0", "riddles/1", "riddles/2"}
    assert len({doc["cluster"] for doc in docs}) == 2
    for doc in docs:
        assert task.doc_to_text(doc) == doc_to_text(doc)
        assert task.process_results(doc, [RIGHT.format(doc["golds"][0])])["acc"] == 1
        assert task.process_results(doc, [WRONG])["acc"] == 0


def test_a_new_measure_counts_what_it_says(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES / "measure"))
    from openings import OPENINGS, openings

    assert openings(["Add 2. So 4.", "add  2. Done."]) == 0
    assert openings(["Add 2. So 4.", "Count on. So 4.", "Twice 2. So 4."]) == 1
    assert openings(["a. b", "a. c", "d."]) == openings(["d.", "a. c", "a. b"]) == 0.5
    assert OPENINGS.name not in {measure.name for measure in MEASURES}

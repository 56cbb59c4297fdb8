"""What presets would take, told without building or loading a student."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_students import make_records

from harness.cli import main
from harness.running.experiment_file import load_experiment
from reports.logs.plan import Planned
from tasks.records.record import write_records
from trainers.model_shape import ModelShape
from trainers.students.tiny import TinyRecipe, find_tiny, new_model, train_tokenizer

TRAINED = make_records(12)


@pytest.mark.parametrize("preset", ["demo", "attribution", "dose_response", "reasoning_space"])
def test_presets_of_a_student_that_is_not_built_yet_are_costed(
    preset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    assert main(["run", preset, "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "student tiny: 2M parameters; tokens estimated at 3.4 characters each" in printed
    assert not list(tmp_path.iterdir())


# EDIT's Table 1 without few-shot rows and Step-by-step with mutual information.
TABLE_1 = {"zero_shot", "zero_shot_cot", "std_cot", "mt_cot", "step_by_step", "scott", "edit"}


def test_the_papers_presets_have_its_rows_and_settings() -> None:
    for name, epochs in (("paper", 10), ("paper_tinyllama", 20)):
        preset = load_experiment(name)
        assert {spec.name for spec in preset.methods} > TABLE_1 | {"cascod"}
        training = preset.training
        assert (training.epochs, training.max_length, training.weight_decay) == (epochs, 1024, 0)
        assert preset.select == "ind_test"


def test_the_dispute_fixes_its_claim_before_anything_is_trained() -> None:
    preset = load_experiment("dispute")
    assert [student.name for student in preset.students] == ["smollm2-135m", "gemma3-270m"]
    assert len(preset.seeds) == 5
    assert preset.select == "last_epoch"
    assert {suite.name for suite in preset.suites} == {
        *("bbh", "bb_sub", "agieval_en", "arc_easy", "arc_challenge")
    }
    assert preset.primary == Planned("cascod", "std_cot", "ood")


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("preset", "runs"), [("paper", 36), ("dispute", 40)])
def test_the_papers_presets_are_costed_on_the_real_records(
    preset: str, runs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    assert main(["run", preset, "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert f"training runs: {runs}, " in printed
    for spec in load_experiment(preset).methods:
        assert f" {spec.label} " in printed
    assert "overlap: bbh (ind)" in printed


def test_the_recipes_shape_is_that_of_the_student_it_leads_to() -> None:
    recipe = TinyRecipe(vocab_size=300)
    tokenizer = train_tokenizer(["one two three"] * 20, recipe.vocab_size)
    model = new_model(recipe, tokenizer)
    built = replace(ModelShape.from_config(model.config), head_dim=None)
    assert built == replace(recipe.shape, vocab_size=len(tokenizer))
    assert built.parameters == model.num_parameters()
    assert model.config.max_position_embeddings == recipe.context


def test_names_stay_whole_on_a_narrow_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["run", "attribution", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    longest = "cascade+weights+cue_loss+one_stage+plain_prompt"
    shown = [line.split() for line in lines if line.startswith(longest)]
    assert [(name, len(figures)) for name, *figures in shown] == [(longest, 3), (longest, 4)]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("source", "parameters"), [("gemma3-270m", "268M"), ("smollm2-135m-instruct", "135M")]
)
def test_students_of_wheels_are_costed_before_they_are_unpacked(
    source: str, parameters: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    students = f"students=[{{name: s, source: {source}}}]"
    assert main(["run", "demo", "--dry-run", "--set", students]) == 0
    assert f"student s: {parameters} parameters" in capsys.readouterr().out


def test_overlap_is_told_before_a_run_would_refuse_it(student: str, tmp_path: Path, capsys: Any):
    file = small_experiment(student, tmp_path, asked=TRAINED[7].question)
    assert main(["run", str(file), "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "overlap: ours (ood): 1 of 1 items are training questions" in printed
    assert "ours/0 is sum/7); a run refuses this without --allow-overlap" in printed


def test_a_suite_that_is_not_here_is_costed_without_a_look_for_overlap(
    student: str, tmp_path: Path, capsys: Any
) -> None:
    file = small_experiment(student, tmp_path, asked="How old is the sea?")
    (tmp_path / "ours.jsonl").unlink()
    assert main(["run", str(file), "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "overlap: not looked for (" in printed
    assert "training runs: 1, " in printed


@pytest.mark.parametrize("arguments", [["--dry-run"], []], ids=["dry run", "run"])
def test_lora_on_matrices_that_a_student_lacks_is_refused_before_training(
    arguments: list[str], student: str, tmp_path: Path, capsys: Any
) -> None:
    file = small_experiment(student, tmp_path, asked="How old is the sea?")
    lora = "training.lora={r: 2, alpha: 4, target_modules: [q_proj, v_prj]}"
    command = ["run", str(file), "--out", str(tmp_path / "run"), "--set", lora]
    assert main([*command, *arguments]) == 2
    said = capsys.readouterr().err
    assert "training.lora.target_modules: student random has no v_prj; it has down_proj" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "run/cells").exists()


def small_experiment(student: str, folder: Path, asked: str) -> Path:
    write_records(folder / "train.jsonl", TRAINED)
    item = {"id": "ours/0", "task": "ours", "description": "", "question": asked, "answer": "1"}
    (folder / "ours.jsonl").write_text(json.dumps(item) + "\n")
    content = {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot"],
        "seeds": [1],
        "data": {"source": "records", "train": str(folder / "train.jsonl")},
        "suites": [{"name": "ours", "role": "ood", "file": str(folder / "ours.jsonl")}],
    }
    (folder / "experiment.yaml").write_text(yaml.safe_dump(content))
    return folder / "experiment.yaml"


def test_a_student_that_was_built_is_found(tmp_path: Path) -> None:
    recipe = TinyRecipe(documents=3)
    assert find_tiny(tmp_path, recipe) is None
    other = tmp_path / "students/tiny-other"
    other.mkdir(parents=True)
    (other / "config.json").write_text("{}")
    assert find_tiny(tmp_path, recipe) is None

"""Experiments whose students are asked in their own chat template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from chat_students import save_chat_student

from harness.cli import main
from harness.running.experiment_file import dump_experiment, load_experiment
from tasks.errors import UserError


def write(folder: Path, *students: dict[str, Any], **changes: Any) -> str:
    content = {
        "name": "small",
        "students": list(students),
        "methods": ["std_cot", "cascod"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 3},
        "training": {"epochs": 1, "batch_size": 8, "micro_batch_size": 4, "max_length": 512},
        "suites": ["embedded"],
        "test_items_per_family": 1,
        "decoding": {"max_rationale_tokens": 8, "max_answer_tokens": 4},
        **changes,
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_chat_student(tmp_path_factory.mktemp("qwen"), "qwen3"))


def test_thinking_without_a_chat_is_refused_by_the_experiment(tmp_path: Path) -> None:
    file = write(tmp_path, {"name": "a", "source": "tiny", "thinking": True})
    with pytest.raises(UserError, match=r"students\.0: thinking needs layout: chat"):
        load_experiment(file)


def test_a_plain_students_experiment_is_written_as_before_and_a_chats_reads_back(
    tmp_path: Path,
) -> None:
    plain = load_experiment(write(tmp_path, {"name": "a", "source": "tiny", "layout": "plain"}))
    assert yaml.safe_load(dump_experiment(plain))["students"] == [{"name": "a", "source": "tiny"}]
    chat = {"name": "a", "source": "tiny", "layout": "chat", "thinking": True}
    experiment = load_experiment(write(tmp_path, chat))
    again = tmp_path / "again.yaml"
    again.write_text(dump_experiment(experiment))
    assert load_experiment(str(again)) == experiment
    assert yaml.safe_load(again.read_text())["students"] == [chat]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "layout plain, the default; its tokenizer carries a chat template, which layout chat"),
        ({"layout": "plain"}, "layout plain, as the experiment says; its tokenizer carries"),
        (
            {"layout": "chat"},
            "layout chat, as the experiment says: its chat template is rendered, a turn ends with "
            "<|im_end|>",
        ),
        (
            {"layout": "chat", "thinking": True},
            "a turn ends with <|im_end|>, rationales stand between <think> and </think>",
        ),
    ],
)
def test_a_dry_run_says_which_layout_is_taken_and_why(
    qwen: str, said: dict[str, Any], told: str, tmp_path: Path, capsys: Any
) -> None:
    assert main(["run", write(tmp_path, {"name": "a", "source": qwen} | said), "--dry-run"]) == 0
    assert told in " ".join(capsys.readouterr().out.split())


def test_tags_that_the_template_does_not_name_are_said_to_be_text(
    tmp_path: Path, capsys: Any
) -> None:
    source = str(save_chat_student(tmp_path / "student", "gemma3"))
    thinking = {"name": "a", "source": source, "layout": "chat", "thinking": True}
    assert main(["run", write(tmp_path, thinking), "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "between <think> and </think> (as text, the template names no tags)" in printed


def test_a_student_without_a_template_has_no_choice(
    student: str, tmp_path: Path, capsys: Any
) -> None:
    assert main(["run", write(tmp_path, {"name": "a", "source": student}), "--dry-run"]) == 0
    assert "layout" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (None, "layout chat needs a chat template, and its tokenizer carries none"),
        ("{{ messages[0].content }}<|im_end|>", "renders no assistant's turn"),
        ("{% for m in messages %}{{ m.content }}\n{% endfor %}", "what ends a turn cannot be told"),
    ],
)
def test_a_template_that_cannot_be_used_ends_a_run_before_its_first_step(
    template: str | None, fault: str, tmp_path: Path, capsys: Any
) -> None:
    source = save_chat_student(tmp_path / "student", "qwen3")
    (source / "chat_template.jinja").unlink()
    if template:
        (source / "chat_template.jinja").write_text(template)
    file = write(tmp_path, {"name": "a", "source": str(source), "layout": "chat"})
    assert main(["run", file, "--out", str(tmp_path / "run")]) == 2
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("cascod:")]
    assert fault in line
    assert not (tmp_path / "run" / "cells").exists()


@pytest.mark.slow
def test_an_experiment_in_two_layouts_of_one_student_runs_to_its_report(
    qwen: str, tmp_path: Path, capsys: Any
) -> None:
    chat = {"source": qwen, "layout": "chat"}
    file = write(
        tmp_path,
        {"name": "chat", **chat},
        {"name": "thinking", **chat, "thinking": True},
        methods=["std_cot", "cascod", "zero_shot_cot"],
        seeds=[1, 2],
        primary={"treatment": "cascod", "baseline": "std_cot", "contrast": "ind"},
        sampling={"samples": 2, "limit": 1},
        probing={},
        test_items_per_family=3,
    )
    run = tmp_path / "run"
    assert main(["run", file, "--out", str(run)]) == 0
    assert "student thinking: layout chat, as the experiment says" in capsys.readouterr().out
    for cell in ("std_cot/seed1", "cascod/seed2", "zero_shot_cot/untrained"):
        folder = run / "cells" / "thinking" / cell
        protocol = json.loads((folder / "eval" / "run.json").read_text())["protocol"]
        assert (protocol["layout"], protocol["thinking"]) == ("chat", True)
        assert protocol["template"]["think_tags"] == ["<think>", "</think>"]
        assert (folder / "probed.json").exists()
        for file_ in (folder / "eval").glob("samples_*.jsonl"):
            for row in map(json.loads, file_.read_text().splitlines()):
                assert row["prompt_sent"].startswith("<|im_start|>user\nTask Description:")
    report = (run / "report" / "report.md").read_text()
    assert "chat, thinking" in report

    # Nothing is left to do.
    assert main(["run", file, "--out", str(run)]) == 0

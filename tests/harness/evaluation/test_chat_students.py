"""Students that learned one record by heart in their own chat template, and are asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chat_students import (
    CHAT_LAYOUTS,
    FRAMES,
    chat_tokenizer,
    prompt_of,
    save_chat_student,
)
from small_students import make_records, small_llama

from harness.cli import main
from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.reply import Reply
from harness.evaluation.student import Request, how_asked
from tasks.errors import UserError
from tasks.problem import question_prompt
from tasks.records.record import write_records
from tasks.scoring.cues import split_at_cue
from trainers.layouts.choose import layout_of
from trainers.method import CUE
from trainers.methods import load_method
from trainers.settings import LoRASettings, TrainingSettings
from trainers.train import train

RECORD = make_records(2)[1]
Q = question_prompt(RECORD.description, RECORD.question)
SETTINGS = DecodingSettings(max_rationale_tokens=60, max_answer_tokens=12)
BY_HEART = TrainingSettings(epochs=100, learning_rate=1e-2, batch_size=1, save_steps=100)


def taught(
    folder: Path, tokenizer: Any, method: str, *, thinking: bool, layout: Any = "chat"
) -> Path:
    """The checkpoint of a student trained on the record until it knows it."""
    small_llama(tokenizer).save_pretrained(folder / "student")
    tokenizer.save_pretrained(folder / "student")
    train(
        str(folder / "student"),
        load_method(method),
        [RECORD],
        answer_weight=0.3,
        settings=BY_HEART,
        seed=0,
        data_fingerprint="d",
        work_dir=folder / "cell",
        layout=layout,
        thinking=thinking,
    )
    return folder / "cell" / "checkpoint"


def asked(student: OpenStudent) -> Reply:
    [reply] = AskedStudent(student).reply([Request("sum/1", Q)], SETTINGS).replies
    return reply


def as_taught(*, thinking: bool) -> str:
    opening, closing = ("<think>", "</think>") if thinking else ("", "")
    return f"{opening} {RECORD.rationale}{closing}{CUE} {RECORD.answer}"


EVERYWHERE = [(*chat, method) for chat in CHAT_LAYOUTS for method in ("std_cot", "cascod")]
FAST = [("qwen3", True, "cascod"), ("llama3", True, "std_cot")]


@pytest.mark.parametrize(
    ("family", "thinking", "method"),
    [pytest.param(*each, marks=() if each in FAST else pytest.mark.slow) for each in EVERYWHERE],
)
def test_a_student_replies_in_its_own_template_with_what_it_was_taught(
    family, thinking, method, tmp_path
):
    student = open_student(str(taught(tmp_path, chat_tokenizer(family), method, thinking=thinking)))
    reply = asked(student)

    message = Q.removesuffix("\n\nA:") + load_method(method).suffix
    begun = "<think>" if thinking and method == "cascod" else ""
    assert reply.prompt_sent == prompt_of(family, message, thinking=thinking) + begun
    layout = layout_of(student.facts.protocol, student.facts.tokenizer)
    assert len(layout.encode(reply.prompt_sent)) == reply.prompt_tokens

    assert reply.completion == as_taught(thinking=thinking)
    assert reply.rationale == RECORD.rationale
    assert split_at_cue(reply.completion).answer == RECORD.answer
    assert not reply.rationale_truncated
    assert not reply.answer_truncated
    # The first token that ends a turn is the one that was learned; the model's own EOS does, too.
    assert (
        student.facts.tokenizer.convert_ids_to_tokens(student.facts.eos_ids[0]) == FRAMES[family][1]
    )
    assert student.facts.tokenizer.eos_token_id in student.facts.eos_ids


@pytest.mark.parametrize("method", ["std_cot", "cascod"])
def test_think_tags_that_are_special_tokens_are_read_as_such(method, tmp_path):
    tokenizer = chat_tokenizer("llama3")
    tokenizer.add_tokens(["<think>", "</think>"], special_tokens=True)
    reply = asked(open_student(str(taught(tmp_path, tokenizer, method, thinking=True))))
    assert reply.completion == as_taught(thinking=True)
    assert reply.rationale == RECORD.rationale


def test_a_students_layout_is_among_the_facts_that_its_replies_rest_on(tmp_path):
    tokenizer = chat_tokenizer("qwen3")
    small_llama(tokenizer).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    told = []
    for thinking in (False, True):
        protocol = load_method("zero_shot_cot").protocol(None, "", layout="chat", thinking=thinking)
        student = AskedStudent(open_student(str(tmp_path), protocol=protocol))
        told.append(how_asked(student, SETTINGS)["protocol"])
    assert [each["layout"] for each in told] == ["chat", "chat"]
    assert [each["template"]["arguments"] for each in told] == [
        {"enable_thinking": False},
        {"enable_thinking": True},
    ]
    assert told[1]["template"]["think_tags"] == ("<think>", "</think>")


def test_a_checkpoint_whose_template_was_exchanged_is_not_asked(tmp_path):
    checkpoint = taught(tmp_path, chat_tokenizer("gemma3"), "std_cot", thinking=False)
    template = checkpoint / "chat_template.jinja"
    template.write_text("{{ 'Be brief.' }}" + template.read_text())
    with pytest.raises(UserError, match="no longer renders what this student was trained on"):
        open_student(str(checkpoint))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "layout plain, the default; its tokenizer carries a chat template, which"),
        (["--layout", "chat"], "layout chat, as --layout says: its chat template is rendered"),
        (["--layout", "chat", "--thinking"], "rationales stand between <think> and </think>"),
    ],
)
def test_an_untrained_student_is_evaluated_in_either_layout(arguments, told, tmp_path, capsys):
    evaluate_by_hand(save_chat_student(tmp_path / "student", "qwen3"), tmp_path, *arguments)
    assert told in capsys.readouterr().out


def test_two_layouts_of_one_student_were_asked_differently(tmp_path, capsys):
    student = save_chat_student(tmp_path / "student", "qwen3")
    evaluate_by_hand(student, tmp_path / "plain")
    evaluate_by_hand(student, tmp_path / "chat", "--layout", "chat", "--thinking")
    assert main(["compare", str(tmp_path / "plain"), str(tmp_path / "chat")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "chat and plain were asked differently: chat template yes, thinking and no" in told


def evaluate_by_hand(student: Path, out: Path, *arguments: str) -> None:
    """Ask it the record as `zero_shot_cot` does, with limits of a few tokens."""
    out.mkdir(exist_ok=True)
    write_records(out / "sums.jsonl", [RECORD])
    by_hand = ["--method", "zero_shot_cot", "--suite", str(out / "sums.jsonl"), *arguments]
    short = ["--max-rationale-tokens", "4", "--max-answer-tokens", "4", "--out", str(out)]
    assert main(["evaluate", str(student), *by_hand, *short]) == 0


def test_an_adapter_carries_its_layout(tmp_path, monkeypatch):
    lora = LoRASettings(r=4, alpha=8, target_modules=("q_proj", "v_proj"))
    short = BY_HEART.model_copy(update={"lora": lora, "epochs": 1})
    monkeypatch.setitem(globals(), "BY_HEART", short)
    checkpoint = taught(tmp_path, chat_tokenizer("llama3"), "cascod", thinking=True)
    assert (checkpoint / "adapter_config.json").exists()
    student = open_student(str(checkpoint))
    assert (student.facts.protocol.layout, student.facts.protocol.thinking) == ("chat", True)
    assert student.facts.protocol.template.think_tags == ("<think>", "</think>")

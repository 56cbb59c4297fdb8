"""Prompts, turns and their ends in each layout, the same in training and asking."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from chat_students import CHAT_LAYOUTS, FAMILIES, FRAMES, chat_tokenizer, prompt_of
from small_students import make_pairs

from harness.evaluation.encoded_requests import encode_requests
from harness.evaluation.student import Request
from tasks.errors import UserError
from tasks.problem import question_prompt
from trainers.encoding import IGNORED, encode_records
from trainers.layouts.choose import layout_of, settled
from trainers.method import CUE, Prompt
from trainers.methods import load_method, method_names
from trainers.protocol import PROTOCOL_FILE, Protocol

[RECORD] = make_pairs(1)
Q = question_prompt(RECORD.description, RECORD.question)
QUESTION = Q.removesuffix("\n\nA:")
R, A = f" {RECORD.rationale}", f" {RECORD.answer}"
WRONG_R, WRONG_A = f" {RECORD.dual.rationale}", f" {RECORD.dual.answer}"
METHODS = [name for name in method_names() if load_method(name).rows]

in_every_chat = pytest.mark.parametrize(("family", "thinking"), CHAT_LAYOUTS)
by_every_method = pytest.mark.parametrize("method", METHODS)


def chat(method: str, *, thinking: bool) -> Protocol:
    return load_method(method).protocol(0.3, "d", layout="chat", thinking=thinking)


@in_every_chat
def test_a_prompt_is_what_the_familys_own_template_makes_of_question_and_suffix(family, thinking):
    tokenizer = chat_tokenizer(family)
    layout = layout_of(chat("mt_cot", thinking=thinking), tokenizer)
    prompt = Prompt(Q, prefix="[Factual] ", suffix="\n[Answer Prediction]:")
    message = f"[Factual] {QUESTION}\n[Answer Prediction]:"
    assert layout.render(prompt) == prompt_of(family, message, thinking=thinking)


@in_every_chat
def test_what_another_task_asks_is_a_message_as_it_stands(family, thinking):
    layout = layout_of(chat("std_cot", thinking=thinking), chat_tokenizer(family))
    context = "Question: 2 + 2?\nAnswer:"
    assert layout.render(Prompt(context)) == prompt_of(family, context, thinking=thinking)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_turn_ends_with_the_token_that_the_template_puts_behind_a_reply(family):
    tokenizer = chat_tokenizer(family)
    template = settled(chat("std_cot", thinking=False), tokenizer).template
    assert template is not None
    assert tokenizer.convert_ids_to_tokens(template.end_of_turn) == FRAMES[family][1]
    assert template.arguments == ({"enable_thinking": False} if family == "qwen3" else {})


@in_every_chat
def test_a_prompt_has_the_templates_bos_and_no_second_one(family, thinking):
    tokenizer = chat_tokenizer(family)
    layout = layout_of(chat("std_cot", thinking=thinking), tokenizer)
    ids = layout.encode(layout.render(Prompt(Q)))
    assert ids.count(tokenizer.bos_token_id) == (family != "qwen3")
    assert tokenizer.decode(ids) == layout.render(Prompt(Q))


TURNS = {
    # ⟨group⟩ before each target, ⏎ where the end of the turn is learned.
    ("answer_sft", False): [f"⟨target⟩{A}⏎"],
    ("answer_sft", True): [f"⟨target⟩{A}⏎"],
    ("std_cot", False): [f"⟨target⟩{R}⟨target⟩{CUE}⟨target⟩{A}⏎"],
    ("std_cot", True): [f"⟨target⟩<think>⟨target⟩{R}⟨target⟩</think>⟨target⟩{CUE}⟨target⟩{A}⏎"],
    ("weighted_std_cot", True): [
        f"⟨rationale⟩<think>⟨rationale⟩{R}⟨rationale⟩</think>⟨rationale⟩{CUE}⟨answer⟩{A}⏎"
    ],
    ("cascod", False): [f"⟨rationale⟩{R}⏎{CUE}⟨answer⟩{A}⏎"],
    # The opening tag stands in the prompt, and the closing one is fed with the cue.
    ("cascod", True): [f"⟨rationale⟩{R}⏎</think>{CUE}⟨answer⟩{A}⏎"],
    ("mt_cot", True): [
        f"⟨rationale⟩<think>⟨rationale⟩{R}⟨rationale⟩</think>⟨rationale⟩{CUE}⟨rationale⟩{A}⏎",
        f"⟨answer⟩{A}⏎",
    ],
    ("step_by_step", True): [
        f"⟨rationale⟩<think>⟨rationale⟩{R}⟨rationale⟩</think>⏎",
        f"⟨answer⟩{A}⏎",
    ],
    ("cot_only", True): [f"⟨target⟩{R}⏎"],
    ("scott", True): [
        f"⟨factual⟩<think>⟨factual⟩{R}⟨factual⟩</think>⟨factual⟩{CUE}⟨factual⟩{A}⏎",
        f"<think>{WRONG_R}</think>{CUE}⟨counterfactual⟩{WRONG_A}⏎",
    ],
    ("edit", True): [
        f"⟨right⟩<think>⟨right⟩{R}⟨right⟩</think>⟨right⟩{CUE}⟨right⟩{A}⏎",
        f"⟨wrong⟩<think>⟨wrong⟩{WRONG_R}⟨wrong⟩</think>⟨wrong⟩{CUE}⟨wrong⟩{WRONG_A}⏎",
    ],
    # Said behind the answer, so no thought.
    ("post_thinking", True): [f"⟨target⟩{CUE}⟨target⟩{A}⟨target⟩\n{RECORD.rationale}⏎"],
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("method", "thinking"), TURNS)
def test_turns_hold_rationale_cue_and_answer_and_a_thought_its_tags(family, method, thinking):
    layout = layout_of(chat(method, thinking=thinking), chat_tokenizer(family))
    spelled = [
        "".join(
            (f"⟨{s.group}⟩" if s.group else "") + s.text + ("⏎" if s.eos else "")
            for s in layout.spelled(row)[1:]
        )
        for row in load_method(method).rows(RECORD)
    ]
    assert spelled == TURNS[method, thinking]


@in_every_chat
@by_every_method
def test_a_student_is_asked_with_the_tokens_that_it_was_trained_on(family, thinking, method):
    tokenizer = chat_tokenizer(family)
    protocol = settled(chat(method, thinking=thinking), tokenizer)
    [request] = encode_requests([Request("sum/0", Q)], protocol, tokenizer)
    encoded = encode_records(
        tokenizer,
        load_method(method),
        [RECORD],
        max_length=512,
        layout="chat",
        thinking=thinking,
    )
    sent = len(request.ids)
    rows = [row for rows in encoded.rows for row in rows]
    asked = next(row for row in rows if row.input_ids[:sent] == request.ids)
    assert set(asked.labels[:sent]) == {IGNORED}
    assert asked.labels[-1] == protocol.template.end_of_turn
    # What is logged as sent reads back as what was sent.
    assert layout_of(protocol, tokenizer).encode(request.prompt) == request.ids
    assert replace(encoded.protocol, answer_weight=0.3, data_fingerprint="d") == protocol


@in_every_chat
def test_the_end_of_a_cascades_thought_is_the_label_where_the_cue_begins(family, thinking):
    tokenizer = chat_tokenizer(family)
    method = load_method("cascod")
    layout = layout_of(chat("cascod", thinking=thinking), tokenizer)
    [[row]] = encode_records(
        tokenizer, method, [RECORD], max_length=512, layout="chat", thinking=thinking
    ).rows
    first = row.labels.index(layout.end_of_turn)
    cue = layout.cue_ids(CUE)
    assert row.input_ids[first : first + len(cue)] == cue
    assert tokenizer.decode(cue) == ("</think>" if thinking else "") + CUE
    assert row.labels[first + 1 : first + len(cue)] == [IGNORED] * (len(cue) - 1)


@in_every_chat
def test_a_protocol_remembers_its_template(family, thinking, tmp_path):
    protocol = settled(chat("cascod", thinking=thinking), chat_tokenizer(family))
    protocol.save(tmp_path)
    assert Protocol.load(tmp_path) == protocol
    assert protocol.sent()["template"]["fingerprint"] == protocol.template.fingerprint
    assert settled(protocol, chat_tokenizer(family)) == protocol


def test_a_plain_students_protocol_says_what_it_always_said(tmp_path):
    sent = load_method("cascod").protocol(0.3, "d").sent()
    assert set(sent) == {
        *("method", "suffix", "cascade", "cue", "answer_weight", "data_fingerprint")
    }
    (tmp_path / PROTOCOL_FILE).write_text(json.dumps(sent))
    assert Protocol.load(tmp_path).layout == "plain"


def test_a_prefix_stands_before_the_question_in_training_and_asking():
    tokenizer = chat_tokenizer("qwen3")
    protocol = replace(load_method("std_cot").protocol(None, ""), prefix="[Factual] ")
    [request] = encode_requests([Request("sum/0", Q)], protocol, tokenizer)
    assert request.prompt == f"[Factual] {Q}"
    assert protocol.sent()["prefix"] == "[Factual] "


@pytest.mark.parametrize(
    "change",
    ["{{ 'Be brief. ' }}", "{# another one #}"],
    ids=["renders something else", "is another text"],
)
def test_a_student_whose_template_was_exchanged_is_refused(change):
    tokenizer = chat_tokenizer("llama3")
    protocol = settled(chat("std_cot", thinking=False), tokenizer)
    tokenizer.chat_template = change + tokenizer.chat_template
    with pytest.raises(UserError, match="no longer renders what this student was trained on"):
        settled(protocol, tokenizer)


OPENS_A_THOUGHT = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}"
)


@by_every_method
def test_a_thought_that_the_template_opens_is_not_opened_twice(method):
    tokenizer = chat_tokenizer("qwen3")
    tokenizer.chat_template = OPENS_A_THOUGHT
    layout = layout_of(chat(method, thinking=True), tokenizer)
    for row in load_method(method).rows(RECORD):
        prompt, *turn = layout.spelled(row)
        text = "".join(segment.text for segment in turn)
        assert prompt.text.endswith("<|im_start|>assistant\n<think>\n")
        assert "<think>" not in text
        # A student that does not begin with its rationale ends the thought itself.
        assert text.startswith((R, WRONG_R, f"</think>{A}", f"</think>{CUE}"))
    assert settled(chat(method, thinking=True), tokenizer).begun == "<think>"


@pytest.mark.parametrize(
    ("template", "thinking", "fault"),
    [
        (None, False, "its tokenizer carries none; use layout plain"),
        ("{{ messages[0].content }}", False, "renders no assistant's turn"),
        ("A chat.", False, "renders no user's turn"),
        (
            "{% for m in messages %}{% if m.role == 'assistant' %}"
            "{{ raise_exception('users only') }}{% endif %}{{ m.content }}{% endfor %}",
            False,
            r"cannot render the assistant's turn \(users only\)",
        ),
        ("{{ messages[5].content }}", False, "cannot render the user's turn"),
        (
            "{% for m in messages %}### {{ m.role }}: {{ m.content }}\n{% endfor %}",
            False,
            "what ends a turn cannot be told",
        ),
        (OPENS_A_THOUGHT, False, "opens a thought in every turn; set thinking: true"),
        ("{{ strftime_now('%d') }}{{ messages[0].content }}", False, "today's date"),
    ],
)
def test_templates_that_cannot_be_used_are_refused_in_one_line(template, thinking, fault):
    tokenizer = chat_tokenizer("qwen3")
    tokenizer.chat_template = template
    with pytest.raises(UserError, match=fault) as caught:
        settled(chat("std_cot", thinking=thinking), tokenizer)
    assert "\n" not in str(caught.value)


def test_thinking_takes_a_chat():
    with pytest.raises(UserError, match="thinking needs layout chat"):
        load_method("std_cot").protocol(None, "", thinking=True)


def test_a_template_that_names_the_day_is_given_a_fixed_one():
    tokenizer = chat_tokenizer("llama3")
    tokenizer.chat_template = (
        "{% if not date_string is defined %}{% set date_string = strftime_now('%d %b %Y') %}"
        "{% endif %}Today: {{ date_string }}\n" + tokenizer.chat_template
    )
    protocol = settled(chat("std_cot", thinking=False), tokenizer)
    assert protocol.template.arguments == {"date_string": "26 Jul 2024"}
    prompt = layout_of(protocol, tokenizer).render(Prompt(Q))
    assert prompt.startswith("Today: 26 Jul 2024")

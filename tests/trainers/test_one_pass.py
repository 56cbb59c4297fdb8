"""The cascade in one pass equals its two-sequence definition, however the step is cut up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from chat_students import CHAT_LAYOUTS, chat_tokenizer
from small_students import make_pairs, small_llama, small_neox

from trainers.build_trainer import build_trainer
from trainers.collator import RowCollator
from trainers.encoding import as_columns, encode_records
from trainers.layouts.choose import layout_of
from trainers.method import CUE
from trainers.methods import load_method, method_names
from trainers.settings import LoRASettings, TrainingSettings
from trainers.tokens import encode_continuation, encode_prompt

ALPHA = 0.3


def two_sequence_loss(model, tokenizer, records):
    """CasCoD as the paper writes it: q -> r EOS and q r cue -> a EOS as sequences of their own.

    Every sequence runs alone, unpadded; token losses are summed per task over all records.
    """
    method, eos = load_method("cascod"), [tokenizer.eos_token_id]
    sums, counts = {"rationale": 0.0, "answer": 0.0}, {"rationale": 0, "answer": 0}

    def add(group, context, target):
        ids = torch.tensor([context + target])
        logits = model(input_ids=ids).logits[0, len(context) - 1 : -1]
        sums[group] = sums[group] + torch.nn.functional.cross_entropy(
            logits, torch.tensor(target), reduction="sum"
        )
        counts[group] += len(target)

    for record in records:
        q, r, _, a = (segment.text for segment in method.rows(record)[0])
        q_ids, r_ids = encode_prompt(tokenizer, q), encode_continuation(tokenizer, r)
        add("rationale", q_ids, r_ids + eos)
        cue, a_ids = encode_continuation(tokenizer, CUE), encode_continuation(tokenizer, a)
        add("answer", q_ids + r_ids + cue, a_ids + eos)
    weights = method.weights(ALPHA)
    return sum(weights[g] * sums[g] / counts[g] for g in weights)


def separate_sequences_loss(model, layout, method, records):
    """A method as its rows say it: every target behind all that stands before it, as a sequence of
    its own, and behind its last token the end of the turn where its segment says so.

    Every sequence runs alone, unpadded; token losses are summed per group over all records.
    """
    weights = method.weights(ALPHA)
    sums, counts = dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 0)
    for record in method.chosen(records):
        for row in method.rows(record):
            prompt, *turn = layout.spelled(row)
            context = layout.encode(prompt.text)
            for segment in turn:
                ids = layout.continued(segment.text)
                if segment.group:
                    target = ids + [layout.end_of_turn] * segment.eos
                    logits = model(input_ids=torch.tensor([context + target])).logits
                    sums[segment.group] += torch.nn.functional.cross_entropy(
                        logits[0, len(context) - 1 : -1], torch.tensor(target), reduction="sum"
                    )
                    counts[segment.group] += len(target)
                context = context + ids
    return sum(weights[group] * sums[group] / counts[group] for group in weights)


def step_gradients(trainer, tokenizer, rows, size):
    """Loss and gradients of one optimizer step over all rows, `size` at a time."""
    trainer.args.micro_batch_rows = size
    columns = as_columns(rows)
    examples = [{name: column[i] for name, column in columns.items()} for i in range(len(rows))]
    step = RowCollator(tokenizer.pad_token_id)(examples)
    return trainer.training_step(trainer.model, step), gradients(trainer.model)


def gradients(model):
    return {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def relative_difference(a, b):
    assert a.keys() == b.keys()
    difference = sum((a[n] - b[n]).pow(2).sum() for n in a).sqrt()
    return (difference / sum(b[n].pow(2).sum() for n in b).sqrt()).item()


def cascade_trainer(model, tokenizer, records, tmp_path, lora=None):
    return trainer_of("cascod", model, tokenizer, records, tmp_path, lora)


def trainer_of(name, model, tokenizer, records, tmp_path, lora=None, **layout):
    method = load_method(name)
    rows = encode_records(tokenizer, method, records, max_length=512, **layout).rows
    trainer = build_trainer(
        model,
        tokenizer,
        rows,
        group_weights=method.weights(ALPHA),
        settings=TrainingSettings(batch_size=4, micro_batch_size=2, lora=lora),
        seed=0,
        output_dir=tmp_path,
    )
    return trainer, rows


def wake_adapters(model):
    """LoRA's B matrices start at zero, which would hide any error in A's gradient."""
    torch.manual_seed(1)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = torch.randn_like(parameter) * 0.1


@pytest.mark.parametrize(
    ("build", "projections", "bound"),
    [(small_neox, ("query_key_value",), 1e-12), (small_llama, ("q_proj", "v_proj"), 1e-6)],
    ids=["float64", "float32"],
)
@pytest.mark.parametrize("size", [12, 5, 1])
@pytest.mark.parametrize("lora", [False, True], ids=["full", "lora"])
def test_loss_and_gradient_equal_the_two_sequence_formulation(
    tokenizer, records, tmp_path, build, projections, bound, size, lora
):
    adapter = LoRASettings(r=4, alpha=8, target_modules=projections) if lora else None
    trainer, rows = cascade_trainer(build(tokenizer), tokenizer, records, tmp_path, adapter)
    model = trainer.model
    wake_adapters(model)
    model.train()
    two_sequence = two_sequence_loss(model, tokenizer, records)
    two_sequence.backward()
    expected = gradients(model)
    model.zero_grad()

    loss, actual = step_gradients(trainer, tokenizer, rows, size)

    assert abs(loss.item() / two_sequence.item() - 1) < bound
    assert relative_difference(actual, expected) < bound


# All but those whose targets do not weigh as their groups do: see test_key_steps.py, test_dft.py.
METHODS = [
    name
    for name in method_names()
    if (method := load_method(name)).rows and method.shared is None and method.token_loss == "nll"
]


@pytest.mark.parametrize(("family", "thinking"), CHAT_LAYOUTS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lora", [False, True], ids=["full", "lora"])
def test_every_method_takes_the_step_of_its_separate_sequences_in_every_chat(
    tmp_path, family, thinking, method, lora
):
    records, tokenizer = make_pairs(5), chat_tokenizer(family)
    adapter = LoRASettings(r=4, alpha=8, target_modules=("query_key_value",)) if lora else None
    chat = {"layout": "chat", "thinking": thinking}
    trainer, rows = trainer_of(
        method, small_neox(tokenizer), tokenizer, records, tmp_path, adapter, **chat
    )
    model = trainer.model
    wake_adapters(model)
    model.train()
    layout = layout_of(load_method(method).protocol(None, "", **chat), tokenizer)
    separate = separate_sequences_loss(model, layout, load_method(method), records)
    separate.backward()
    expected = gradients(model)
    model.zero_grad()

    loss, actual = step_gradients(trainer, tokenizer, rows, 2)

    assert abs(loss.item() / separate.item() - 1) < 1e-12
    assert relative_difference(actual, expected) < 1e-12


def test_a_mean_per_micro_batch_would_not(tokenizer, records, tmp_path):
    """The bound above can tell: normalising each micro-batch on its own differs visibly."""
    trainer, rows = cascade_trainer(small_llama(tokenizer), tokenizer, records, tmp_path)
    _, whole = step_gradients(trainer, tokenizer, rows, 5)
    trainer.model.zero_grad()
    parts = [rows[start : start + 5] for start in range(0, len(rows), 5)]
    for part in parts:
        _, apart = step_gradients(trainer, tokenizer, part, 5)
    apart = {name: gradient / len(parts) for name, gradient in apart.items()}
    assert relative_difference(apart, whole) > 1e-2


def test_each_groups_mean_loss_is_logged(tokenizer, records, tmp_path):
    trainer, _ = cascade_trainer(small_llama(tokenizer), tokenizer, records, tmp_path)
    trainer.args.logging_steps = 1
    trainer.state.logging_steps = 1
    trainer.train()
    steps = [row for row in trainer.state.log_history if "loss_rationale" in row]
    assert len(steps) == 3
    for row in steps:
        mixed = (1 - ALPHA) * row["loss_rationale"] + ALPHA * row["loss_answer"]
        assert row["loss"] == pytest.approx(mixed, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("methods", "precision"), [(("cascod", "edit", "dft"), "float32"), (("cascod",), "bfloat16")]
)
def test_two_processes_take_the_one_process_step(tmp_path, methods, precision):
    script = Path(__file__).with_name("one_step.py")
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        # Where the script finds its helpers.
        "PYTHONPATH": os.pathsep.join(map(str, (script.parents[2], script.parents[1]))),
    }
    for processes in (1, 2):
        subprocess.run(
            [
                *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
                *(f"--nproc-per-node={processes}", str(script)),
                *(str(tmp_path / str(processes)), precision, *methods),
            ],
            check=True,
            env=environment,
            timeout=240,
        )
    for method in methods:
        one, two = (torch.load(tmp_path / f"{number}/{method}.pt") for number in (1, 2))
        assert relative_difference(two, one) < 1e-6

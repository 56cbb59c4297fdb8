"""EDIT's loss: the tokens in which two chains differ, weighed by sign and normalised by rows."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import pytest
import torch
from chat_students import CHAT_LAYOUTS, chat_tokenizer
from small_students import make_pairs, small_neox
from test_one_pass import (
    gradients,
    relative_difference,
    step_gradients,
    wake_adapters,
)

from tasks.records.record import WrongChain
from trainers.build_trainer import build_trainer
from trainers.encoding import encode_records
from trainers.layouts.choose import layout_of
from trainers.methods import load_method
from trainers.settings import LoRASettings, TrainingSettings
from trainers.token_differences import shared_places

EDIT = load_method("edit")
RIGHT, WRONG = 1.0, -0.025  # the paper's
LORA = LoRASettings(r=4, alpha=8, target_modules=("query_key_value",))


def kept_by_definition(one, other):
    """Places that a shortest edit leaves alone: told from the end, deletions before all else."""

    @cache
    def distance(i, j):
        if not i or not j:
            return i + j
        return min(
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        )

    def back(i, j):
        if not i or not j:
            return []
        if distance(i, j) == distance(i - 1, j) + 1:
            return back(i - 1, j)
        same = one[i - 1] == other[j - 1]
        if distance(i, j) == distance(i - 1, j - 1) + (not same):
            return back(i - 1, j - 1) + [(i - 1, j - 1)] * same
        return back(i, j - 1)

    places = back(len(one), len(other))
    return [i for i, _ in places], [j for _, j in places]


def direct_loss(model, layout, records):
    """EDIT as the paper writes it, every sequence alone and unpadded."""
    row_losses = []
    for record in records:
        sequences = []
        for row in EDIT.rows(record):
            prompt, *turn = layout.spelled(row)
            target = [token for segment in turn for token in layout.continued(segment.text)]
            sequences.append((layout.encode(prompt.text), [*target, layout.end_of_turn]))
        kept = kept_by_definition(*(tuple(target) for _, target in sequences))
        for (context, target), same, weight in zip(sequences, kept, (RIGHT, WRONG), strict=True):
            logits = model(input_ids=torch.tensor([context + target])).logits[0]
            log_p = torch.log_softmax(logits[len(context) - 1 : -1], dim=-1)
            losses = -log_p[range(len(target)), target]
            keys = [i for i in range(len(target)) if i not in same]
            row_losses.append(weight * losses[keys].sum() / len(target))
    return sum(row_losses) / len(row_losses)


def edit_trainer(model, tokenizer, records, tmp_path, lora=None, **layout):
    rows = encode_records(tokenizer, EDIT, records, max_length=512, **layout).rows
    trainer = build_trainer(
        model,
        tokenizer,
        rows,
        group_weights=EDIT.weights(0.3),
        normaliser=EDIT.normaliser,
        token_loss=EDIT.token_loss,
        settings=TrainingSettings(batch_size=4, micro_batch_size=2, lora=lora),
        seed=0,
        output_dir=tmp_path,
    )
    return trainer, rows


@pytest.mark.parametrize("chat", [None, *CHAT_LAYOUTS], ids=str)
@pytest.mark.parametrize("size", [6, 1])
@pytest.mark.parametrize("lora", [None, LORA], ids=["full", "lora"])
def test_loss_and_gradient_are_those_of_a_direct_computation(tmp_path, chat, size, lora):
    tokenizer = chat_tokenizer(chat[0] if chat else "qwen3")
    layout = {"layout": "chat", "thinking": chat[1]} if chat else {}
    records = [record for record in make_pairs(8) if record.dual]
    assert len(records) == 6
    trainer, rows = edit_trainer(
        small_neox(tokenizer), tokenizer, records, tmp_path, lora, **layout
    )
    model = trainer.model
    wake_adapters(model)
    model.train()
    direct = direct_loss(model, layout_of(EDIT.protocol(None, "", **layout), tokenizer), records)
    direct.backward()
    expected = gradients(model)
    model.zero_grad()

    loss, actual = step_gradients(trainer, tokenizer, rows, size)

    assert abs(loss.item() - direct.item()) < 1e-10
    assert relative_difference(actual, expected) < 1e-10


def test_three_tokens_by_hand(tokenizer, tmp_path):
    """Chains of one token that differ, a cue, answers that do not: one key token a row."""
    record = replace(make_pairs(1)[0], rationale="8", answer="1", teacher_answer="1")
    record = replace(record, dual=WrongChain("9", "1"))
    trainer, [[right, wrong]] = edit_trainer(small_neox(tokenizer), tokenizer, [record], tmp_path)
    groups = list(EDIT.weights(0.3))
    keys = [row.groups.index(groups.index(g)) for row, g in ((right, "right"), (wrong, "wrong"))]
    assert [row.groups.count(groups.index("shared")) for row in (right, wrong)] == [
        sum(group >= 0 for group in row.groups) - 1 for row in (right, wrong)
    ]
    by_hand = 0.0
    for row, key, weight in zip((right, wrong), keys, (1.0, -0.025), strict=True):
        logits = trainer.model(input_ids=torch.tensor([row.input_ids])).logits[0, key - 1]
        targets = sum(group >= 0 for group in row.groups)
        by_hand -= weight * logits.log_softmax(0)[row.labels[key]].item() / targets / 2
    trainer.model.train()
    loss, _ = step_gradients(trainer, tokenizer, [[right, wrong]], 1)
    assert loss.item() == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize("length", range(5))
def test_shared_places_are_those_of_the_definition(length):
    for one in itertools.product(range(2), repeat=length):
        for other in itertools.product(range(3), repeat=3):
            assert shared_places(one, other) == kept_by_definition(one, other)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("abc", "abc", ([0, 1, 2], [0, 1, 2])),
        ("abc", "axc", ([0, 2], [0, 2])),
        # Either a could go; the last one does.
        ("yaa", "za", ([1], [1])),
        ("", "ab", ([], [])),
    ],
)
def test_a_shortest_edit_leaves_alone_what_both_have(one, other, shared):
    assert shared_places([*map(ord, one)], [*map(ord, other)]) == shared

"""A step's gradient does not depend on how its rows are cut into micro-batches."""

from __future__ import annotations

import pytest
import torch
from small_students import make_records, small_llama

from trainers.build_trainer import build_trainer
from trainers.encoding import IGNORED, encode_records
from trainers.methods import load_method
from trainers.settings import LoRASettings, TrainingSettings
from trainers.step_cutting import cut_by_length

RECORDS = 7
LORA = LoRASettings(r=2, alpha=4, target_modules=("q_proj", "v_proj"))


def step_of(tokenizer, folder, method_name, **settings):
    """The trainer, and its one step over all records."""
    torch.manual_seed(0)
    method = load_method(method_name)
    trainer = build_trainer(
        small_llama(tokenizer).double(),
        tokenizer,
        encode_records(tokenizer, method, make_records(RECORDS), max_length=512).rows,
        group_weights=method.weights(0.3),
        # All of them are one step, which is not full.
        settings=TrainingSettings(
            **{"batch_size": 6 * RECORDS, "micro_batch_size": RECORDS} | settings
        ),
        seed=0,
        output_dir=folder,
    )
    [step] = trainer.get_train_dataloader()
    return trainer, step


def gradients(tokenizer, folder, method_name, **settings):
    trainer, step = step_of(tokenizer, folder, method_name, **settings)
    trainer.training_step(trainer.model, step)
    return {n: p.grad for n, p in trainer.model.named_parameters() if p.requires_grad}


@pytest.mark.parametrize("lora", [None, LORA], ids=["full", "lora"])
@pytest.mark.parametrize("method", ["std_cot", "cascod", "mt_cot"])
def test_gradients_are_equal_however_a_step_is_cut(tokenizer, tmp_path, method, lora):
    whole = gradients(tokenizer, tmp_path, method, micro_batch_size=RECORDS, lora=lora)
    assert any(gradient.abs().max() > 0 for gradient in whole.values())
    cuts = [{"micro_batch_size": size} for size in (1, 2, 3)]
    cuts += [{"micro_batch_tokens": tokens} for tokens in (1, 100, 250)]
    for settings in cuts:
        cut = gradients(tokenizer, tmp_path, method, lora=lora, **settings)
        for name, gradient in whole.items():
            torch.testing.assert_close(cut[name], gradient, rtol=1e-9, atol=1e-9)


def lengths(batches):
    return [batch["attention_mask"].sum(1).tolist() for batch in batches]


@pytest.mark.parametrize("cut", [{"rows": 4}, {"rows": 4, "tokens": 200}], ids=["rows", "tokens"])
def test_rows_are_sorted_trimmed_and_all_there(tokenizer, tmp_path, cut):
    _, step = step_of(tokenizer, tmp_path, "mt_cot")
    batches = cut_by_length(step, **cut)
    in_order = [length for rows in lengths(batches) for length in rows]
    assert in_order == sorted(step["attention_mask"].sum(1).tolist(), reverse=True)
    for batch, rows in zip(batches, lengths(batches), strict=True):
        assert batch["input_ids"].shape == (len(rows), rows[0])


def test_rows_are_spread_evenly_within_their_limit(tokenizer, tmp_path):
    _, step = step_of(tokenizer, tmp_path, "cascod")
    assert [len(rows) for rows in lengths(cut_by_length(step, rows=3))] == [3, 2, 2]


def test_a_budget_of_tokens_is_kept_and_used(tokenizer, tmp_path):
    _, step = step_of(tokenizer, tmp_path, "mt_cot")
    budget = 2 * int(step["attention_mask"].sum(1).max())
    batches = cut_by_length(step, rows=1, tokens=budget)
    sizes = [batch["input_ids"].numel() for batch in batches]
    assert all(size <= budget for size in sizes)
    # One row more would have been too many, but for the last micro-batch.
    for batch in batches[:-1]:
        rows, width = batch["input_ids"].shape
        assert (rows + 1) * width > budget
    # A row longer than the budget has a micro-batch of its own.
    assert {len(rows) for rows in lengths(cut_by_length(step, rows=1, tokens=1))} == {1}


@pytest.mark.parametrize("cut", [{"rows": 1}, {"rows": 1, "tokens": 150}], ids=["rows", "tokens"])
@pytest.mark.parametrize("ranks", [2, 3, 8])
def test_every_rank_gets_as_many_micro_batches(tokenizer, tmp_path, cut, ranks):
    _, step = step_of(tokenizer, tmp_path, "std_cot")
    batches = cut_by_length(step, **cut, ranks=ranks)
    assert len(batches) % ranks == 0
    # No target is lost, and none is there twice.
    targets = sum(int((batch["labels"] != IGNORED).sum()) for batch in batches)
    assert targets == int((step["labels"] != IGNORED).sum())

"""A step's gradient does not depend on how its rows are cut into micro-batches."""

from __future__ import annotations

import pytest
import torch
from small_students import make_records, small_llama

from trainers.build_trainer import build_trainer
from trainers.encoding import encode_records
from trainers.methods import load_method
from trainers.settings import LoRASettings, TrainingSettings
from trainers.step_cutting import cut_by_length

RECORDS = 7
LORA = LoRASettings(r=2, alpha=4, target_modules=("q_proj", "v_proj"))


def step_of(tokenizer, folder, method_name, **settings):
    """The trainer, and the micro-batches of one step over all records."""
    torch.manual_seed(0)
    method = load_method(method_name)
    trainer = build_trainer(
        small_llama(tokenizer).double(),
        tokenizer,
        encode_records(tokenizer, method, make_records(RECORDS), max_length=512).rows,
        group_weights=method.weights(0.3),
        settings=TrainingSettings(batch_size=RECORDS, **settings),
        seed=0,
        output_dir=folder,
    )
    loader = iter(trainer.get_train_dataloader())
    batches, _ = trainer.get_batch_samples(loader, RECORDS, trainer.args.device)
    return trainer, batches


def gradients(tokenizer, folder, method_name, **settings):
    trainer, batches = step_of(tokenizer, folder, method_name, **settings)
    for batch in batches:
        trainer.compute_loss(trainer.model, dict(batch)).backward()
    return {n: p.grad for n, p in trainer.model.named_parameters() if p.requires_grad}


@pytest.mark.parametrize("lora", [None, LORA], ids=["full", "lora"])
@pytest.mark.parametrize("method", ["std_cot", "cascod", "mt_cot"])
def test_gradients_are_equal_however_a_step_is_cut(tokenizer, tmp_path, method, lora):
    whole = gradients(tokenizer, tmp_path, method, micro_batch_size=RECORDS, lora=lora)
    assert any(gradient.abs().max() > 0 for gradient in whole.values())
    for size in (1, 2, 3):
        cut = gradients(tokenizer, tmp_path, method, micro_batch_size=size, lora=lora)
        for name, gradient in whole.items():
            torch.testing.assert_close(cut[name], gradient, rtol=1e-9, atol=1e-9)


def test_rows_are_sorted_trimmed_and_all_there(tokenizer, tmp_path):
    trainer, batches = step_of(tokenizer, tmp_path, "mt_cot", micro_batch_size=2)
    assert len(batches) == 4
    lengths = [batch["attention_mask"].sum(1).tolist() for batch in batches]
    in_order = [length for rows in lengths for length in rows]
    assert in_order == sorted(in_order, reverse=True)
    assert all(b["input_ids"].shape[1] == rows[0] for b, rows in zip(batches, lengths, strict=True))
    loader = trainer.get_train_dataloader()
    assert sorted(in_order) == sorted(
        n for batch in loader for n in batch["attention_mask"].sum(1).tolist()
    )


def test_a_micro_batch_holds_no_more_rows_than_the_largest_did(tokenizer, tmp_path):
    trainer, _ = step_of(tokenizer, tmp_path, "cascod", micro_batch_size=3)
    as_they_come = list(trainer.get_train_dataloader())
    largest = max(len(batch["input_ids"]) for batch in as_they_come)
    assert max(len(batch["input_ids"]) for batch in cut_by_length(as_they_come)) <= largest

"""DFT's loss: each token's loss times its own probability, which takes no gradient."""

from __future__ import annotations

import pytest
import torch
from small_students import make_records, small_neox
from test_one_pass import gradients, relative_difference, step_gradients

from trainers.build_trainer import build_trainer
from trainers.encoding import IGNORED, encode_records
from trainers.methods import load_method
from trainers.settings import TrainingSettings


@pytest.mark.parametrize("size", [5, 2, 1])
def test_loss_and_gradient_are_those_of_a_direct_computation(tokenizer, tmp_path, size):
    method, records = load_method("dft"), make_records(5)
    rows = encode_records(tokenizer, method, records, max_length=512).rows
    trainer = build_trainer(
        small_neox(tokenizer),
        tokenizer,
        rows,
        group_weights=method.weights(0.3),
        normaliser=method.normaliser,
        token_loss=method.token_loss,
        settings=TrainingSettings(batch_size=5),
        seed=0,
        output_dir=tmp_path,
    )
    model = trainer.model
    model.train()
    terms = []
    for [row] in rows:
        log_p = model(input_ids=torch.tensor([row.input_ids])).logits[0].log_softmax(-1)
        for i, label in enumerate(row.labels):
            if label != IGNORED:
                p = log_p[i - 1, label].exp().item()
                terms.append(-p * log_p[i - 1, label])
    direct = sum(terms) / len(terms)
    direct.backward()
    expected = gradients(model)
    model.zero_grad()

    loss, actual = step_gradients(trainer, tokenizer, rows, size)

    assert abs(loss.item() - direct.item()) < 1e-12
    assert relative_difference(actual, expected) < 1e-12

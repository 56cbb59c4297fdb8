"""Tiny students, and records to train one on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from tasks.records.record import CoTRecord, WrongChain
from trainers.students.tiny import TinyRecipe, new_model, train_tokenizer


def make_records(count: int) -> list[CoTRecord]:
    """Sums whose rationales differ in length, so that batches are padded."""
    records = []
    for i in range(count):
        steps = " ".join(f"Step {j}: add {i}." for j in range(1 + i % 4))
        records.append(
            CoTRecord(
                id=f"sum/{i}",
                task="sum",
                description="Add the numbers.",
                question=f"What is {i} times {1 + i % 4}?",
                answer=str(i * (1 + i % 4)),
                rationale=f"{steps} That makes {i * (1 + i % 4)}.",
                teacher="by hand",
                teacher_answer=str(i * (1 + i % 4)),
                teacher_correct=True,
            )
        )
    return records


def make_pairs(count: int) -> list[CoTRecord]:
    """The same, three of four with a wrong chain beside the right one, every third rectified."""
    records = make_records(count)
    for i, record in enumerate(records):
        if i % 4 != 3:
            wrong = WrongChain(f"Step 0: add {i + 1}. So it must be {i + 9}.", str(i + 901))
            records[i] = replace(record, dual=wrong, rectified=i % 3 == 2)
    return records


def small_llama(tokenizer: Any) -> Any:
    """A random Llama of two layers, the same at every call."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def small_neox(tokenizer: Any) -> Any:
    """A random GPT-NeoX in float64; a Llama computes its norms in float32 whatever its weights."""
    from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

    torch.manual_seed(0)
    config = GPTNeoXConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=512,
        eos_token_id=tokenizer.eos_token_id,
    )
    return GPTNeoXForCausalLM(config).double()


def save_constant_student(folder: Path, said: str) -> None:
    """A real checkpoint that says one thing whatever it is asked.

    All but norms and embeddings is 0, and every token's embedding points the same way, that of
    `said` twice as far: so its logit is the largest.
    """
    tokenizer = train_tokenizer(["Which is no tree?"], 300)
    tokenizer.add_tokens([said])
    recipe = TinyRecipe(hidden_size=32, intermediate_size=64, layers=2, heads=2)
    model = new_model(recipe, tokenizer)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "norm" not in name:
                weights.zero_()
        embeddings = model.get_input_embeddings().weight
        embeddings[:, 0] = 1
        embeddings[len(tokenizer) - 1, 0] = 2
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)

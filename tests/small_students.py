"""A tiny student and records to train it on, shared by the trainer tests."""

from __future__ import annotations

from typing import Any

import torch

from tasks.records.record import CoTRecord


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

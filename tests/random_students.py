"""Random models of every architecture that decoding treats in a way of its own."""

from __future__ import annotations

from functools import cache

import torch
from transformers import (
    AutoModelForCausalLM,
    BloomConfig,
    Gemma3TextConfig,
    GPT2Config,
    GPTNeoXConfig,
    Llama4TextConfig,
    LlamaConfig,
    MistralConfig,
    PreTrainedModel,
    Qwen2Config,
)

VOCABULARY = 61
EOS = (3, 17, 29, 41)  # several, so that a random model meets one after some twenty tokens

SIZES = {"vocab_size": VOCABULARY, "bos_token_id": 1, "eos_token_id": list(EOS)}
WIDE = SIZES | {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 256,
}
CONFIGS = {
    "llama": LlamaConfig(**WIDE, num_key_value_heads=2),
    "qwen2": Qwen2Config(**WIDE, num_key_value_heads=2),
    "gpt_neox": GPTNeoXConfig(**WIDE),
    "gpt2": GPT2Config(**SIZES, n_embd=32, n_layer=2, n_head=4, n_positions=256),
    "mistral": MistralConfig(**WIDE, num_key_value_heads=2, sliding_window=8),
    # A window on every layer, and one on every second layer, with a rotation of its own.
    "gemma3": Gemma3TextConfig(
        **WIDE,
        num_key_value_heads=1,
        head_dim=16,
        tie_word_embeddings=False,
        query_pre_attn_scalar=1,
        sliding_window=8,
        layer_types=["sliding_attention", "full_attention"],
    ),
    "llama4": Llama4TextConfig(
        **WIDE, num_key_value_heads=2, head_dim=8, attention_chunk_size=8, moe_layers=[]
    ),
    "bloom": BloomConfig(**SIZES, hidden_size=32, n_layer=2, n_head=4),
}
ON_SLOTS = ["llama", "qwen2", "gpt_neox", "gpt2", "mistral", "gemma3"]
THROUGH_GENERATE = ["llama4", "bloom"]


@cache
def student(name: str, attention: str | None = None) -> PreTrainedModel:
    """A random model with large weights, so that its greedy text is varied."""
    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_config(CONFIGS[name], attn_implementation=attention).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.normal_(0.0, 0.6)
    return model

"""What a student costs: parameters, FLOPs and memory from its shape alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The sizes of a decoder that its costs follow from; a gated MLP is assumed."""

    layers: int
    hidden_size: int
    intermediate_size: int
    heads: int
    kv_heads: int
    vocab_size: int
    tied_embeddings: bool = False

    def __post_init__(self) -> None:
        if min(getattr(self, field.name) for field in fields(self)[:-1]) < 1:
            raise ValueError("every size of a student must be at least 1")

    @classmethod
    def from_config(cls, config: Any) -> ModelShape:
        """Read the shape off a `transformers` configuration, whichever names it uses."""
        hidden = config.hidden_size
        heads = config.num_attention_heads
        return cls(
            layers=config.num_hidden_layers,
            hidden_size=hidden,
            # GPT-2's ungated MLP of 4 h has as many weights as a gated one of 8/3 h.
            intermediate_size=getattr(config, "intermediate_size", None) or 8 * hidden // 3,
            heads=heads,
            kv_heads=getattr(config, "num_key_value_heads", None) or heads,
            vocab_size=config.vocab_size,
            tied_embeddings=bool(config.tie_word_embeddings),
        )

    @property
    def block_parameters(self) -> int:
        """Weights of all attention and MLP matrices."""
        attention = 2 * self.hidden_size**2
        attention += 2 * self.hidden_size**2 * self.kv_heads // self.heads
        return self.layers * (attention + 3 * self.hidden_size * self.intermediate_size)

    @property
    def head_parameters(self) -> int:
        """Weights of the projection onto the vocabulary."""
        return self.vocab_size * self.hidden_size

    @property
    def parameters(self) -> int:
        """All weights but the norms'."""
        embeddings = self.head_parameters * (1 if self.tied_embeddings else 2)
        return self.block_parameters + embeddings

    def forward_flops(self, tokens: int, *, projected_tokens: int, attended: int) -> float:
        """FLOPs of a forward pass over `tokens` positions.

        Two per weight and position (Kaplan et al. 2020, section 2.1), the vocabulary projection
        only where it is computed, and 4 h per layer for each of the `attended` (query, key) pairs.
        """
        matrices = 2 * self.block_parameters * tokens + 2 * self.head_parameters * projected_tokens
        return float(matrices + 4 * self.layers * self.hidden_size * attended)

    def training_flops(
        self, tokens: int, *, projected_tokens: int, attended: int, frozen: bool
    ) -> float:
        """FLOPs of forward and backward; frozen weights (LoRA) need no gradient of their own."""
        passes = 2 if frozen else 3
        return passes * self.forward_flops(
            tokens, projected_tokens=projected_tokens, attended=attended
        )

    def training_bytes(
        self, *, micro_batch_tokens: int, trained_parameters: int, frozen_bytes: int
    ) -> float:
        """Peak memory of a training step in bytes, without the framework's own.

        Trained weights take 16 bytes (float32 weight, gradient and two Adam moments), frozen ones
        `frozen_bytes` each; activations about 34 s b h bytes a layer with fused attention
        (Korthikanti et al. 2022, equation 2 without its softmax term) and the logits 6 bytes each.
        """
        frozen = max(self.parameters - trained_parameters, 0)
        activations = 34 * micro_batch_tokens * self.hidden_size * self.layers
        logits = 6 * micro_batch_tokens * self.vocab_size
        return float(16 * trained_parameters + frozen_bytes * frozen + activations + logits)

    def lora_parameters(self, rank: int, target_modules: tuple[str, ...]) -> int:
        """Trained weights of LoRA adapters on the named attention and MLP matrices of every
        layer.
        """
        hidden, kv = self.hidden_size, self.hidden_size * self.kv_heads // self.heads
        sizes = {
            "q_proj": 2 * hidden,
            "o_proj": 2 * hidden,
            "k_proj": hidden + kv,
            "v_proj": hidden + kv,
            "gate_proj": hidden + self.intermediate_size,
            "up_proj": hidden + self.intermediate_size,
            "down_proj": hidden + self.intermediate_size,
        }
        return self.layers * rank * sum(sizes[name] for name in target_modules)

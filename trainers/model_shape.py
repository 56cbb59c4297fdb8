"""What a student costs: parameters, FLOPs and memory from its shape alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_proj", "up_proj", "down_proj")
# What configurations call the width of an MLP; it is four times the hidden size where none is said.
INNER = ("intermediate_size", "n_inner", "ffn_dim")
# What the code of an architecture does and its configurations do not say, by `model_type`
# (transformers 5.23).
GPT: dict[str, Any] = {
    "gated_mlp": False,
    "biased": (*ATTENTION, "up_proj", "down_proj"),
    "norm_biases": True,
}
UNSTATED: dict[str, dict[str, Any]] = {
    "gemma2": {"norms": 4},
    "gemma3_text": {"norms": 4, "query_key_norms": True},
    "gpt2": GPT,
    "gpt_neox": GPT,
    "opt": GPT,
    "qwen2": {"biased": ("q_proj", "k_proj", "v_proj")},
    "qwen3": {"query_key_norms": True},
}
# Architectures with a learned table of positions, by how many more rows than tokens it has.
MORE_POSITIONS = {"gpt2": 0, "opt": 2}


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The sizes of a decoder that its costs follow from; left out, all is as in Llama.

    Matrices go by Llama's names, whatever an architecture calls or joins them: `biased` are those
    with a bias. `head_dim` is hidden size over heads where it is not given; `positions` are the
    rows of a learned table of them, `norms` those over the hidden size in a layer.
    """

    layers: int
    hidden_size: int
    intermediate_size: int
    heads: int
    kv_heads: int
    vocab_size: int
    tied_embeddings: bool = False
    head_dim: int | None = None
    positions: int = 0
    gated_mlp: bool = True
    biased: tuple[str, ...] = ()
    norms: int = 2
    norm_biases: bool = False
    query_key_norms: bool = False

    def __post_init__(self) -> None:
        sizes = (self.layers, self.hidden_size, self.intermediate_size, self.heads, self.kv_heads)
        if min(*sizes, self.vocab_size) < 1 or self.head_size < 1:
            raise ValueError("every size of a student must be at least 1")
        if min(self.positions, self.norms) < 0:
            raise ValueError("positions and norms of a student must be at least 0")
        if unknown := set(self.biased) - set(self.matrices):
            raise ValueError(f"biased: no {', '.join(sorted(unknown))} in a student of this shape")

    @classmethod
    def from_config(cls, config: Any) -> ModelShape:
        """Read the shape off a `transformers` configuration, whichever names it uses.

        Of a model with several parts it is the text part's; one of an architecture that is not in
        `UNSTATED` is taken for a Llama but for what its configuration says.
        """
        text = config.get_text_config()
        return cls(**(_stated(text) | UNSTATED.get(text.model_type, {})))

    @property
    def head_size(self) -> int:
        """Width of one attention head."""
        return self.head_dim or self.hidden_size // self.heads

    @property
    def matrices(self) -> dict[str, tuple[int, int]]:
        """The inputs and outputs of each matrix of a layer."""
        hidden, inner = self.hidden_size, self.intermediate_size
        queries, keys = self.heads * self.head_size, self.kv_heads * self.head_size
        gate = {"gate_proj": (hidden, inner)} if self.gated_mlp else {}
        return {
            "q_proj": (hidden, queries),
            "k_proj": (hidden, keys),
            "v_proj": (hidden, keys),
            "o_proj": (queries, hidden),
            **gate,
            "up_proj": (hidden, inner),
            "down_proj": (inner, hidden),
        }

    @property
    def block_parameters(self) -> int:
        """Weights of all attention and MLP matrices."""
        return self.layers * sum(inputs * outputs for inputs, outputs in self.matrices.values())

    @property
    def head_parameters(self) -> int:
        """Weights of the projection onto the vocabulary."""
        return self.vocab_size * self.hidden_size

    @property
    def parameters(self) -> int:
        """All weights, as `num_parameters()` of the model counts them."""
        embeddings = self.head_parameters * (1 if self.tied_embeddings else 2)
        embeddings += self.positions * self.hidden_size
        biases = sum(self.matrices[name][1] for name in self.biased)
        # The last norm stands behind all layers.
        norms = (self.layers * self.norms + 1) * self.hidden_size * (2 if self.norm_biases else 1)
        norms += self.layers * 2 * self.head_size if self.query_key_norms else 0
        return self.block_parameters + self.layers * biases + norms + embeddings

    def forward_flops(self, tokens: int, *, projected_tokens: int, attended: int) -> float:
        """FLOPs of a forward pass over `tokens` positions.

        Two per weight and position (Kaplan et al. 2020, section 2.1), the vocabulary projection
        only where it is computed, and 4 times all heads' width per layer for each of the `attended`
        (query, key) pairs; that a layer may look through a window is not taken into account.
        """
        matrices = 2 * self.block_parameters * tokens + 2 * self.head_parameters * projected_tokens
        return float(matrices + 4 * self.layers * self.heads * self.head_size * attended)

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


def _stated(config: Any) -> dict[str, Any]:
    """The fields of a shape that a configuration gives."""
    hidden, heads = config.hidden_size, config.num_attention_heads
    inner = filter(None, (getattr(config, name, None) for name in INNER))
    more_positions = MORE_POSITIONS.get(config.model_type)
    return {
        "layers": config.num_hidden_layers,
        "hidden_size": hidden,
        "intermediate_size": next(inner, 4 * hidden),
        "heads": heads,
        "kv_heads": getattr(config, "num_key_value_heads", None) or heads,
        "vocab_size": config.vocab_size,
        "tied_embeddings": bool(config.tie_word_embeddings),
        "head_dim": getattr(config, "head_dim", None),
        "positions": 0
        if more_positions is None
        else config.max_position_embeddings + more_positions,
        "gated_mlp": hasattr(config, "intermediate_size"),
        "biased": (ATTENTION if getattr(config, "attention_bias", False) else ())
        + (MLP if getattr(config, "mlp_bias", False) else ()),
    }

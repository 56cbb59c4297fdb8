"""A key-value cache of slots: every row is left-aligned and grows on its own."""

from __future__ import annotations

import inspect

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers import DynamicCache, PreTrainedConfig, PreTrainedModel
from transformers.cache_utils import Cache, DynamicLayer

from harness.decoding.attention_masks import FULL, SLIDING, layer_windows

GROWTH = 1.25
HEADROOM = 64


def supports_slots(model: PreTrainedModel) -> bool:
    """Whether a model can decode on a `SlotCache`.

    It must take positions and a 4D mask (so neither ALiBi nor flash kernels), and all its layers
    must attend to everything or through a window (so neither chunks nor linear attention). Rotary
    embeddings that depend on the longest row of a batch are out too.
    """
    config = model.config
    wanted = {"position_ids", "attention_mask", "past_key_values", "logits_to_keep"}
    rope = getattr(config, "rope_parameters", None) or {}
    # Where kinds of layers turn differently, each has parameters of its own.
    of_kinds = rope.values() if rope.keys() <= {FULL, SLIDING} else (rope,)
    return (
        wanted <= inspect.signature(model.forward).parameters.keys()
        and config._attn_implementation in ("sdpa", "eager")
        and not config.is_encoder_decoder
        and not getattr(config, "alibi", False)
        and all(of.get("rope_type") not in ("dynamic", "longrope") for of in of_kinds)
        and layer_windows(config).keys() <= {FULL, SLIDING}
    )


class _SlotLayer(DynamicLayer):
    """Keys and values of one layer, (slots, heads, capacity, width); unused columns hold zeros."""

    keys: Tensor
    values: Tensor
    is_initialized: bool

    def __init__(self, cache: SlotCache) -> None:
        super().__init__()
        self.cache = cache

    def update(self, keys: Tensor, values: Tensor, *_: object) -> tuple[Tensor, Tensor]:
        """Store one new token a row; keys and values of the B rows in use, (B, heads, T, width)."""
        rows, columns, width = self.cache.rows, self.cache.columns, self.cache.width
        self.fit(keys, values, width)
        self.keys[rows, :, columns] = keys[:, :, 0]
        self.values[rows, :, columns] = values[:, :, 0]
        return self.keys[: len(rows), :, :width], self.values[: len(rows), :, :width]

    def fit(self, keys: Tensor, values: Tensor, width: int) -> None:
        """Make room for `width` columns of keys and values like these."""
        if not self.is_initialized:
            # Zeros, for a masked column still counts when it holds NaN.
            self.keys, self.values = (
                like.new_zeros(self.cache.slots, like.shape[1], width + HEADROOM, like.shape[3])
                for like in (keys, values)
            )
            self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
        elif width > (capacity := self.keys.shape[2]):
            missing = int(width * GROWTH) + HEADROOM - capacity
            self.keys = pad(self.keys, (0, 0, 0, missing))
            self.values = pad(self.values, (0, 0, 0, missing))


class SlotCache(Cache):
    """Room for `slots` requests, of which the first n are in use during a step.

    `aim` says where the next token of each of them goes; the model's forward pass then stores it.
    """

    def __init__(self, config: PreTrainedConfig, slots: int) -> None:
        layers = config.get_text_config(decoder=True).num_hidden_layers
        self._layers = [_SlotLayer(self) for _ in range(layers)]
        super().__init__(layers=list(self._layers))
        self.windows = layer_windows(config)
        self.slots = slots
        self.width = 0

    def fill(self, first: int, prefilled: DynamicCache) -> None:
        """Copy the rows of a prefilled cache into the slots from `first` on."""
        for layer, source in zip(self._layers, prefilled.layers, strict=True):
            # A cache of no configuration has plain layers only; a forward pass filled them.
            assert isinstance(source, DynamicLayer)
            keys, values = source.keys, source.values
            assert keys is not None
            assert values is not None
            count, _, width, _ = keys.shape
            layer.fit(keys, values, width)
            layer.keys[first : first + count, :, :width] = keys
            layer.values[first : first + count, :, :width] = values

    def aim(self, columns: Tensor, width: int) -> None:
        """Let the next token of row i, of n = len(columns), go to column columns[i] < width."""
        self.rows = torch.arange(len(columns), device=columns.device)
        self.columns = columns
        self.width = width

    def move(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` columns of one slot into another."""
        for layer in self._layers:
            layer.keys[target, :, :length] = layer.keys[source, :, :length]
            layer.values[target, :, :length] = layer.values[source, :, :length]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Columns before the one being written, of the longest row."""
        return max(self.width - 1, 0)

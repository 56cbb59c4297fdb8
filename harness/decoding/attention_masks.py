"""Which tokens each kind of layer sees, as masks that a model takes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from transformers import PreTrainedConfig
from transformers.cache_utils import get_layer_types_and_kwargs

FULL = "full_attention"
SLIDING = "sliding_attention"

Windows = Mapping[str, int | None]
"""The kinds of a model's layers, each with the tokens that it looks back on, itself included.

None: all of them.
"""

Masks = Tensor | dict[str, Tensor]
"""One mask for all layers, or one a kind of layer by its name in the configuration."""


def layer_windows(config: PreTrainedConfig) -> Windows:
    """The windows of a model's layers, as its configuration gives them."""
    kinds, settings = get_layer_types_and_kwargs(config.get_text_config(decoder=True))
    return {kind: given.get("sliding_window") for kind, given in zip(kinds, settings, strict=True)}


def layer_masks(windows: Windows, visible: Tensor, distance: Tensor, dtype: torch.dtype) -> Masks:
    """What is added to the scores of attention: 0 where a token sees another one, else the least.

    `visible` and `distance` (how many tokens further back) are of shape (B, queries, keys), masks
    of shape (B, 1, queries, keys). Layers with a window see only what is nearer than its size.
    """
    masks = {
        kind: _added(visible if window is None else visible & (distance < window), dtype)
        for kind, window in windows.items()
    }
    return masks if len(masks) > 1 else next(iter(masks.values()))


def _added(visible: Tensor, dtype: torch.dtype) -> Tensor:
    mask = torch.zeros(visible.shape, dtype=dtype, device=visible.device)
    return mask.masked_fill_(~visible, torch.finfo(dtype).min)[:, None]

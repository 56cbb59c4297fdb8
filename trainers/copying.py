"""Attention heads that copy, given to a small student at birth.

A rationale takes its operands and names from the question. The circuit that does this, an induction
head, forms late in training (Olsson et al. 2022, "In-context Learning and Induction Heads"), long after
the minutes that `tiny` is given. Larger pretrained students bring it along; this one starts with it.
"""

from __future__ import annotations

from typing import Any

import torch

# Strength of the previous-token score in the fastest rotary frequencies, which tell neighbours apart.
AMPLITUDES = (8.0, 6.0, 5.0, 4.0)
# Beside the token's own embedding, not above it.
WRITTEN = 0.2
SHARPNESS = 1.5
INDUCTION_HEADS = 2


def give_copying_heads(model: Any, generator: torch.Generator) -> None:
    """Set one head of layer 0 and two of layer 1 of a Llama with attention biases, in place.

    Head 0 of layer 0 attends to the previous token: query and key are constant vectors (biases) whose
    rotary score peaks one position back. It writes V e(previous) with orthonormal V. The heads of
    layer 1 read V e(current) as query and what was written as key: the parts of an induction head,
    though the other heads' noise drowns its match until training has tuned it. All of it may be
    unlearned.
    """
    first, second = (layer.self_attn for layer in model.model.layers[:2])
    size = first.head_dim
    hidden = model.config.hidden_size
    frequencies = model.model.rotary_emb.inv_freq[: size // 2].float()
    amplitude = torch.zeros(size // 2)
    amplitude[: len(AMPLITUDES)] = torch.tensor(AMPLITUDES)
    read = torch.nn.init.orthogonal_(torch.empty(size, hidden), generator=generator)
    write = torch.nn.init.orthogonal_(torch.empty(hidden, size), generator=generator)
    with torch.no_grad():
        for attention in (first, second):
            for projection in ("q_proj", "k_proj", "v_proj", "o_proj"):
                getattr(attention, projection).bias.zero_()
        head = slice(0, size)
        first.k_proj.bias[head] = torch.cat([amplitude, torch.zeros(size // 2)])
        one_back = [amplitude * torch.cos(-frequencies), amplitude * torch.sin(-frequencies)]
        first.q_proj.bias[head] = torch.cat(one_back)
        first.q_proj.weight[head] *= 0.1
        first.k_proj.weight[head] *= 0.1
        first.v_proj.weight[head] = read
        first.o_proj.weight[:, head] = WRITTEN * write
        for index in range(INDUCTION_HEADS):
            head = slice(index * size, (index + 1) * size)
            second.q_proj.weight[head] = SHARPNESS * read
            second.k_proj.weight[head] = SHARPNESS * write.T

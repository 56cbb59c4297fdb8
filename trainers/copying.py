"""Attention heads that look things up, given to a small student at birth.

A rationale takes its operands and names from the question. The circuit that does this, an induction
head, forms late in training (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits";
Olsson et al. 2022, "In-context Learning and Induction Heads"), long after the minutes that `tiny` is
given. Larger pretrained students bring it along; this one starts with it.
"""

from __future__ import annotations

from typing import Any

import torch

# Strength of the previous-token score in the fastest rotary frequencies, which tell neighbours apart.
AMPLITUDES = (8.0, 6.0, 5.0, 4.0)
# Frequencies from this one on turn so little that tokens match over the length of a question.
SLOW_FROM = 5
SHARPNESS = 2.0
# What the previous-token head writes, beside the token's own embedding and not above it, and what
# the look-ups say.
NOTED = 0.2
SAID = 1.0
# All other parts begin softly: at full strength their noise drowns every match.
QUIET = 0.1
IN_TOKEN = 2.2
ELSEWHERE = 0.3


def give_copying_heads(model: Any, generator: torch.Generator) -> None:
    """Set three attention heads of a Llama with attention biases, in place; all may be unlearned.

    V and W are orthonormal and orthogonal to each other. Head 0 of layer 0 attends to the previous
    token (query and key are constant biases, whose rotary score peaks one position back) and notes
    V e(previous) in W. In layer 1, head 0 looks for a token whose note is the current token and says
    that token: what followed last time. Head 1 looks for a token that is what the current note says,
    and says that token's note: after "Monday:", the "(B)" of "(B) Monday".
    """
    first, second = (layer.self_attn for layer in model.model.layers[:2])
    size = first.head_dim
    half = size // 2
    hidden = model.config.hidden_size
    basis = torch.nn.init.orthogonal_(torch.empty(hidden, hidden), generator=generator)
    token, note = basis[:size], basis[size : 2 * size]
    slow = torch.cat([torch.arange(SLOW_FROM, half), torch.arange(half + SLOW_FROM, size)])
    match = torch.zeros(size, size)
    match[slow] = torch.nn.init.orthogonal_(torch.empty(len(slow), size), generator=generator)
    token_code, note_code = SHARPNESS * match @ token, SHARPNESS * match @ note
    with torch.no_grad():
        embeddings = model.model.embed_tokens.weight
        in_token = embeddings @ token.T @ token
        embeddings.copy_(IN_TOKEN * in_token + ELSEWHERE * (embeddings - in_token))
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight *= QUIET
            layer.mlp.down_proj.weight *= QUIET
        _attend_one_back(first, slice(0, size), model.model.rotary_emb.inv_freq[:half].float())
        _set_head(first, 0, value=token, output=NOTED * note.T)
        _set_head(second, 0, query=token_code, key=note_code, value=token, output=SAID * token.T)


def _attend_one_back(attention: Any, head: slice, frequencies: torch.Tensor) -> None:
    amplitude = torch.zeros(len(frequencies))
    amplitude[: len(AMPLITUDES)] = torch.tensor(AMPLITUDES)
    one_back = [amplitude * torch.cos(-frequencies), amplitude * torch.sin(-frequencies)]
    attention.q_proj.bias[head] = torch.cat(one_back)
    attention.k_proj.bias[head] = torch.cat([amplitude, torch.zeros(len(frequencies))])
    attention.q_proj.weight[head] *= QUIET
    attention.k_proj.weight[head] *= QUIET


def _set_head(
    attention: Any,
    index: int,
    *,
    value: torch.Tensor,
    output: torch.Tensor,
    query: torch.Tensor | None = None,
    key: torch.Tensor | None = None,
) -> None:
    head = slice(index * attention.head_dim, (index + 1) * attention.head_dim)
    attention.v_proj.weight[head] = value
    attention.o_proj.weight[:, head] = output
    if query is not None and key is not None:
        attention.q_proj.weight[head] = query
        attention.k_proj.weight[head] = key

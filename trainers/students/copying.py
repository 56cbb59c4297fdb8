"""Attention heads that copy, given to a small student at birth.

A rationale takes its operands and names from the question. The circuit that does this, an induction
head, forms late in training (Elhage et al. 2021, "A Mathematical Framework for Transformer
Circuits"; Olsson et al. 2022, "In-context Learning and Induction Heads"), long after the minutes
that `tiny` is given. Larger pretrained students bring it along; this one starts with it.
"""

from __future__ import annotations

from typing import Any

import torch

# Strength of the previous-token score in the fastest rotary frequencies, which tell neighbours
# apart.
AMPLITUDES = (8.0, 6.0, 5.0, 4.0)
# Frequencies from this one on turn so little that tokens match over the length of a question.
SLOW_FROM = 5
SHARPNESS = 2.0
# What the previous-token head writes, beside the token's own embedding, and how loudly the look-up
# says what it found.
NOTED = 0.2
SAID = 1.0
# All other parts begin softly: at full strength their noise drowns every match.
QUIET = 0.1
# Embeddings tell tokens apart mostly where the heads read, so that what they say is understood.
IN_TOKEN = 2.2
ELSEWHERE = 0.3


def give_copying_heads(model: Any, generator: torch.Generator) -> None:
    """Set two attention heads of a Llama with attention biases, in place; all may be unlearned.

    T and N are orthonormal and orthogonal to each other. Head 0 of layer 0 attends to the previous
    token (query and key are constant biases, whose rotary score peaks one position back) and notes
    T e(previous) in N. Head 0 of layer 1 looks for a token whose note is the current token and says
    that token, which is what followed last time: after "Monday", the "(B)" of "Monday (B)".
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
    with torch.no_grad():
        embeddings = model.model.embed_tokens.weight
        in_token = embeddings @ token.T @ token
        embeddings.copy_(IN_TOKEN * in_token + ELSEWHERE * (embeddings - in_token))
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight *= QUIET
            layer.mlp.down_proj.weight *= QUIET
        _attend_one_back(first, model.model.rotary_emb.inv_freq[:half].float())
        first.v_proj.weight[:size] = token
        first.o_proj.weight[:, :size] = NOTED * note.T
        second.q_proj.weight[:size] = SHARPNESS * match @ token
        second.k_proj.weight[:size] = SHARPNESS * match @ note
        second.v_proj.weight[:size] = token
        second.o_proj.weight[:, :size] = SAID * token.T


def _attend_one_back(attention: Any, frequencies: torch.Tensor) -> None:
    """Let head 0 attend to the previous token; `frequencies` (head size / 2,) are rotary ones."""
    amplitude = torch.zeros(len(frequencies))
    amplitude[: len(AMPLITUDES)] = torch.tensor(AMPLITUDES)
    one_back = [amplitude * torch.cos(-frequencies), amplitude * torch.sin(-frequencies)]
    head = slice(0, attention.head_dim)
    attention.q_proj.bias[head] = torch.cat(one_back)
    attention.k_proj.bias[head] = torch.cat([amplitude, torch.zeros(len(frequencies))])
    attention.q_proj.weight[head] *= QUIET
    attention.k_proj.weight[head] *= QUIET

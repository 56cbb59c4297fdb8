"""Log probabilities of many continuations that share their beginnings, in one forward pass.

Each token of a prefix tree sees its own segment up to itself and the segments that its own hangs
from. So a question is encoded once for all rationales behind it, and a rationale once for all
answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import PreTrainedModel

from harness.decoding.attention_masks import layer_masks, layer_windows
from harness.decoding.slot_cache import supports_slots
from harness.engines.prefix_tree import PrefixTree


def continuation_scores(
    model: PreTrainedModel, tree: PrefixTree, leaves: Sequence[int]
) -> list[float]:
    """The log probability (nats) of each leaf's tokens, given all that stands before it.

    Models that cannot take a mask of their own see every path as a text of its own. ValueError
    where a leaf has nothing before it.
    """
    if any(len(tree.text(leaf)) == len(tree.segments[leaf]) for leaf in leaves):
        raise ValueError("nothing stands before a continuation")
    with torch.inference_mode():
        return (_packed if supports_slots(model) else _one_by_one)(model, tree, leaves)


def _packed(model: PreTrainedModel, tree: PrefixTree, leaves: Sequence[int]) -> list[float]:
    """All N segments as one row of T tokens, one behind the other."""
    # 1. Lay them out: each token's position in its own path, (T,), and the segment it is of, (T,).
    starts, positions, owners = _layout(tree)
    device = model.device
    owner = torch.tensor(owners, device=device)
    # 2. A token sees those of its segment's lineage, (N, N), that stand no later, (T, T).
    sees = torch.zeros(len(tree.segments), len(tree.segments), dtype=torch.bool, device=device)
    for node in range(len(tree.segments)):
        sees[node, tree.lineage(node)] = True
    order = torch.arange(len(owners), device=device)
    # A parent's tokens all stand before its child's, so "not later" is all that is left to ask.
    visible = sees[owner][:, owner] & (order[None, :] <= order[:, None])
    place = torch.tensor(positions, device=device)
    distance = place[:, None] - place[None, :]
    masks = layer_masks(layer_windows(model.config), visible[None], distance[None], model.dtype)

    # 3. Only the P places that predict a token of a leaf need scores.
    predictors = [_predictors(tree, starts, leaf) for leaf in leaves]
    kept = sorted({place for places in predictors for place in places})
    row = {place: number for number, place in enumerate(kept)}
    # 4. One pass over (1, T) tokens, masked by (1, 1, T, T): log probabilities (P, V), nats.
    ids = [token for segment in tree.segments for token in segment]
    logits = model(
        input_ids=torch.tensor([ids], device=device),
        position_ids=place[None],
        attention_mask=masks,
        use_cache=False,
        logits_to_keep=torch.tensor(kept, device=device),
    ).logits[0]
    scores = torch.log_softmax(logits.float(), dim=-1).cpu()
    # 5. A leaf's log probability is the sum over its tokens.
    return [
        _sum(scores, [row[place] for place in places], tree.segments[leaf])
        for leaf, places in zip(leaves, predictors, strict=True)
    ]


def _one_by_one(model: PreTrainedModel, tree: PrefixTree, leaves: Sequence[int]) -> list[float]:
    found = []
    for leaf in leaves:
        ids = tree.text(leaf)
        logits = model(input_ids=torch.tensor([ids], device=model.device)).logits[0]
        scores = torch.log_softmax(logits.float(), dim=-1).cpu()
        count = len(tree.segments[leaf])
        places = list(range(len(ids) - count - 1, len(ids) - 1))
        found.append(_sum(scores, places, tree.segments[leaf]))
    return found


def _layout(tree: PrefixTree) -> tuple[list[int], list[int], list[int]]:
    """Where each segment starts in the packed row; each token's position in its path and its
    segment.
    """
    starts: list[int] = []
    positions: list[int] = []
    owners: list[int] = []
    ends: list[int] = []
    for node, segment in enumerate(tree.segments):
        parent = tree.parents[node]
        before = 0 if parent is None else ends[parent]
        starts.append(len(owners))
        ends.append(before + len(segment))
        positions += range(before, before + len(segment))
        owners += [node] * len(segment)
    return starts, positions, owners


def _predictors(tree: PrefixTree, starts: list[int], leaf: int) -> list[int]:
    """The places whose scores predict a leaf's tokens: the last one before it, then its own."""
    before = next(n for n in reversed(tree.lineage(leaf)[:-1]) if tree.segments[n])
    count = len(tree.segments[leaf])
    own = range(starts[leaf], starts[leaf] + count - 1)
    return [starts[before] + len(tree.segments[before]) - 1, *own][:count]


def _sum(scores: Tensor, rows: Sequence[int], tokens: Sequence[int]) -> float:
    return float(sum(scores[row, token] for row, token in zip(rows, tokens, strict=True)))

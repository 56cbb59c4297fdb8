"""A step's rows, cut into micro-batches of like lengths."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from trainers.encoding import IGNORED, NO_GROUP

# What stands behind the end of a row; the attention mask hides the token id.
_PADDING = {"input_ids": 0, "attention_mask": 0, "labels": IGNORED, "loss_groups": NO_GROUP}


def cut_by_length(batches: Sequence[dict[str, Tensor]]) -> list[dict[str, Tensor]]:
    """The same rows in as many micro-batches, sorted by length and trimmed, the longest first.

    The batches hold tensors of shape (rows, tokens), padded on the right, as `RowCollator` makes
    them. Rows are spread evenly, so no micro-batch holds more of them than the largest did.
    """
    widest = max(batch["input_ids"].shape[1] for batch in batches)
    step = {
        name: torch.cat(
            [F.pad(b[name], (0, widest - b[name].shape[1]), value=padding) for b in batches]
        )
        for name, padding in _PADDING.items()
    }
    lengths = step["attention_mask"].sum(1)
    # Longest first: a step that does not fit into memory fails at once.
    order = lengths.argsort(descending=True, stable=True)
    return [
        {name: values[rows, : int(lengths[rows[0]])] for name, values in step.items()}
        for rows in order.tensor_split(len(batches))
    ]

"""Records of one step to padded tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from trainers.encoding import IGNORED, NO_GROUP


@dataclass(frozen=True, slots=True)
class RowCollator:
    """Pads all rows of all records on the right to the longest one.

    Returns tensors of shape (rows, tokens): input_ids, attention_mask, labels and loss_groups.
    """

    pad_token_id: int

    def __call__(self, examples: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """Collate examples whose columns are lists over the rows of a record."""

        def padded(column: str, value: int) -> torch.Tensor:
            rows = [torch.tensor(row) for example in examples for row in example[column]]
            return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)

        lengths = torch.tensor([len(row) for example in examples for row in example["input_ids"]])
        return {
            "input_ids": padded("input_ids", self.pad_token_id),
            "attention_mask": (torch.arange(int(lengths.max())) < lengths[:, None]).long(),
            "labels": padded("labels", IGNORED),
            "loss_groups": padded("groups", NO_GROUP),
        }

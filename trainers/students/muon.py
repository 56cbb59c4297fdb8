"""Muon for a model's matrices, AdamW for the rest: learns from fewer tokens than AdamW alone.

Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks". torch's own Muon
takes matrices only, and a trainer takes one optimizer only, so this joins the two.
"""

from __future__ import annotations

from typing import Any

import torch


class MuonWithAdamW(torch.optim.Optimizer):
    """Muon on every hidden matrix of `model`; AdamW on embeddings, norms and biases."""

    def __init__(self, model: torch.nn.Module, *, matrix_lr: float, other_lr: float) -> None:
        embeddings = {
            id(p)
            for m in model.modules()
            if isinstance(m, torch.nn.Embedding)
            for p in m.parameters()
        }
        everything = list(model.parameters())
        matrices = [p for p in everything if p.ndim == 2 and id(p) not in embeddings]
        others = [p for p in everything if p.ndim != 2 or id(p) in embeddings]
        self._parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(
                matrices, lr=matrix_lr, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW(others, lr=other_lr, betas=(0.9, 0.98), weight_decay=0.0),
        )
        super().__init__(everything, {})
        # The very groups of the parts, so that a schedule set on this optimizer reaches them.
        self.param_groups = [group for part in self._parts for group in part.param_groups]

    def step(self, closure: Any = None) -> Any:
        """Take one step of both."""
        for part in self._parts:
            part.step()

    def state_dict(self) -> dict[str, Any]:
        """The state of both, in order."""
        return {"parts": [part.state_dict() for part in self._parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the state of both."""
        for part, state in zip(self._parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self.param_groups = [group for part in self._parts for group in part.param_groups]

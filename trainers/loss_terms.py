"""What a target token costs, and how much of its row that is."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from trainers.encoding import NO_GROUP


def times_own_probability(losses: Tensor) -> Tensor:
    """-p log p of losses -log p, the factor p without gradient (DFT)."""
    return losses * (-losses).exp().detach()


TOKEN_LOSSES: dict[str, Callable[[Tensor], Tensor]] = {
    "nll": lambda losses: losses,
    "dft": times_own_probability,
}


def shares_of_rows(losses: Tensor, are_targets: Tensor) -> Tensor:
    """Losses, (targets,), row after row, over the number of targets in their row; where these stand
    is `are_targets`, (rows, tokens).
    """
    of_row = are_targets.sum(1)
    return losses / of_row.repeat_interleave(of_row)


def rows_with_targets(groups: Tensor) -> Tensor:
    """How many rows have a target at all."""
    return (groups != NO_GROUP).any(1).sum()

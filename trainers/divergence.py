"""Training that went wrong: a loss or a weight that is no finite number any more."""

from __future__ import annotations

from typing import Any

from tasks.errors import UserError


class Diverged(UserError):
    """Nothing more can come of this training; `step` counts optimizer steps from 1."""

    def __init__(self, step: int, reason: str) -> None:
        super().__init__(f"training diverged at step {step}: {reason}")
        self.step = step
        self.reason = reason

    def __reduce__(self) -> tuple[type[Diverged], tuple[int, str]]:
        """By its own arguments, so that it comes whole out of a worker process."""
        return type(self), (self.step, self.reason)


def refuse_broken_weights(model: Any, step: int) -> None:
    """`Diverged` where a weight is not finite: no loss judges the last step's update any more.

    On all ranks alike, though each may hold a part of the weights only.
    """
    import torch
    from torch import distributed
    from torch.distributed.tensor import DTensor

    names = [name for name, _ in model.named_parameters()]
    first = torch.tensor(len(names), device=model.device)
    for number, weight in enumerate(model.parameters()):
        part = weight.to_local() if isinstance(weight, DTensor) else weight
        if not part.isfinite().all():
            first.fill_(number)
            break
    if distributed.is_initialized():
        distributed.all_reduce(first, distributed.ReduceOp.MIN)
    if first < len(names):
        raise Diverged(step, f"{names[int(first)]} holds values that are not finite")

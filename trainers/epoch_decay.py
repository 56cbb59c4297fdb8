"""A learning rate that falls by a constant factor from epoch to epoch."""

from __future__ import annotations

from typing import Any

import torch
from transformers import Trainer


class EpochDecay(Trainer):
    """Mixed into a trainer: multiplies its learning rate by `decay_per_epoch` after every epoch, in
    place of its schedule; None leaves that alone.
    """

    decay_per_epoch: float | None = None
    lr_scheduler: Any

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The trainer's schedule, or the constant factor."""
        decay = self.decay_per_epoch
        if decay is None:
            return super().create_scheduler(num_training_steps, optimizer)
        if self.lr_scheduler is None:
            steps_per_epoch = num_training_steps / self.args.num_train_epochs
            optimizer = optimizer or self.optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer, lambda step: decay ** int(step / steps_per_epoch)
            )
        return self.lr_scheduler

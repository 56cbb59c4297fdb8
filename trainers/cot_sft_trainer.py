"""The one trainer: TRL's SFTTrainer with a loss normalised per group over the whole optimizer
step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from trl import SFTTrainer

from trainers.cot_sft_config import CoTSFTConfig
from trainers.divergence import Diverged
from trainers.encoding import IGNORED
from trainers.loss_terms import TOKEN_LOSSES, rows_with_targets, shares_of_rows
from trainers.step_cutting import cut_by_length


class CoTSFTTrainer(SFTTrainer):
    """Minimises L = sum over groups g of weight_g * (sum of token losses in g) / N_g.

    N_g counts the targets of group g in all micro-batches of gradient accumulation and on all
    ranks: a mean of micro-batch means is wrong whenever their target counts differ. Where rows
    normalise, a token's loss is first divided by the targets of its row, and N_g counts the rows.
    """

    # compute_loss already divides by the step's own counts.
    loss_is_scaled_for_ga: Any = True
    lr_scheduler: Any
    args: CoTSFTConfig

    def __init__(self, model: Any, args: CoTSFTConfig, **kwargs: Any) -> None:
        self._group_names = list(args.group_weights)
        self._group_weights = torch.tensor(list(args.group_weights.values()), dtype=torch.float64)
        self._logged: dict[str, Tensor] = {}
        self._step_losses: list[Tensor] = []
        super().__init__(model, args, **kwargs)

    def get_batch_samples(
        self, epoch_iterator: Iterator[dict[str, Tensor]], num_batches: int, device: torch.device
    ) -> tuple[list[dict[str, Tensor]], Any]:
        """Fetch a step's rows, cut them by length, and tell each micro-batch how many targets
        every group has in all of them.

        The loss is normalised over the whole step, so how it is cut changes rounding alone.
        """
        batches, num_items = super().get_batch_samples(epoch_iterator, num_batches, device)
        if batches:
            batches = cut_by_length(batches)
            counts = torch.stack([self._divisors(batch) for batch in batches]).sum(0)
            counts = self.accelerator.reduce(counts.to(device), "sum")
            for batch in batches:
                batch["group_counts"] = counts
        return batches, num_items

    def training_step(self, *args: Any, **kwargs: Any) -> Tensor:
        """Forward and backward of a micro-batch; `Diverged` where its step's loss is no finite
        number.

        Seen before the optimizer takes the step, on all ranks at once. `logging_nan_inf_filter`
        would log the mean of earlier losses in place of such a one.
        """
        loss: Tensor = super().training_step(*args, **kwargs)
        self._step_losses.append(loss)
        if self.accelerator.sync_gradients:
            whole = self.accelerator.reduce(torch.stack(self._step_losses).sum(), "sum")
            self._step_losses.clear()
            if not torch.isfinite(whole):
                raise Diverged(self.state.global_step + 1, f"the loss is {whole.item()}")
        return loss

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Tensor:
        """The micro-batch's share of the step's loss; in evaluation its own group-normalised
        loss.
        """
        here, divisors = self._group_counts(inputs), self._divisors(inputs)
        groups = inputs.pop("loss_groups")[:, 1:]
        step_counts = inputs.pop("group_counts", None)
        # DDP and FSDP average gradients over ranks, which undoes the sum over ranks in N_g.
        ranks = 1 if step_counts is None else self.accelerator.num_processes
        counts = divisors if step_counts is None else step_counts

        token_losses = self._token_losses(model, inputs)
        self._remember(self._group_sums(token_losses.detach(), groups), here)
        terms = TOKEN_LOSSES[self.args.loss_type](token_losses)
        if self.args.normaliser == "row":
            terms = shares_of_rows(terms, groups)
        sums = self._group_sums(terms, groups)
        return ranks * (self._group_weights.to(sums) * sums / counts.clamp(min=1)).sum()

    def _token_losses(self, model: Any, inputs: dict[str, Tensor]) -> Tensor:
        """Cross-entropy of every target, (rows, tokens - 1), zero elsewhere.

        Logits are computed only for the columns that hold a target in some row: on long prompts the
        projection onto the vocabulary is a large part of the cost.
        """
        inputs = dict(inputs)
        targets = inputs.pop("labels")[:, 1:]
        columns = (targets != IGNORED).any(0).nonzero().squeeze(1)
        logits = model(**inputs, use_cache=False, logits_to_keep=columns).logits
        losses = F.cross_entropy(
            # float32 at least: bfloat16 log-probabilities lose the small differences that are
            # learned.
            logits.flatten(0, 1).to(torch.promote_types(logits.dtype, torch.float32)),
            targets[:, columns].flatten(),
            reduction="none",
            ignore_index=IGNORED,
        ).view(len(targets), len(columns))
        return losses.new_zeros(targets.shape).index_copy(1, columns, losses)

    def _group_counts(self, batch: dict[str, Tensor]) -> Tensor:
        groups = batch["loss_groups"][:, 1:]
        return torch.stack([(groups == i).sum() for i in range(len(self._group_names))])

    def _divisors(self, batch: dict[str, Tensor]) -> Tensor:
        counts = self._group_counts(batch)
        if self.args.normaliser == "row":
            return rows_with_targets(batch["loss_groups"][:, 1:]).expand_as(counts)
        return counts

    def _group_sums(self, values: Tensor, groups: Tensor) -> Tensor:
        return torch.stack([values[groups == i].sum() for i in range(len(self._group_names))])

    @property
    def _mode(self) -> str:
        return "train" if self.model is not None and self.model.training else "eval"

    def _remember(self, sums: Tensor, counts: Tensor) -> None:
        mode = self._mode
        both = torch.stack([sums, counts.to(sums)])
        self._logged[mode] = self._logged[mode] + both if mode in self._logged else both

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Add each group's mean -log p of a target since the last log, over all ranks, as
        `loss_<group>`.
        """
        mode = self._mode
        if mode in self._logged:
            sums, counts = self.accelerator.reduce(self._logged.pop(mode), "sum")
            prefix = "" if mode == "train" else "eval_"
            for name, loss in zip(self._group_names, sums / counts.clamp(min=1), strict=True):
                logs[f"{prefix}loss_{name}"] = loss.item()
        super().log(logs, start_time)

    def prediction_step(
        self,
        model: Any,
        inputs: dict[str, Tensor],
        prediction_loss_only: bool,
        ignore_keys: list[str] | None = None,
    ) -> tuple[Tensor, None, None]:
        """Loss only: students are judged by what they generate, not by their logits."""
        with torch.no_grad(), self.compute_loss_context_manager():
            return self.compute_loss(model, self._prepare_inputs(inputs)), None, None

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """TRL's schedule, or a constant factor per epoch where `lr_decay_per_epoch` is set."""
        decay = self.args.lr_decay_per_epoch
        if decay is None:
            return super().create_scheduler(num_training_steps, optimizer)
        if self.lr_scheduler is None:
            steps_per_epoch = num_training_steps / self.args.num_train_epochs
            optimizer = optimizer or self.optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer, lambda step: decay ** int(step / steps_per_epoch)
            )
        return self.lr_scheduler

"""The one trainer: TRL's SFTTrainer with a loss normalised per group over the whole optimizer
step.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
import torch.nn.functional as F
from accelerate.data_loader import prepare_data_loader
from torch import Tensor
from torch.utils.data import DataLoader
from trl import SFTTrainer

from trainers.cot_sft_config import CoTSFTConfig
from trainers.divergence import Diverged
from trainers.encoding import IGNORED
from trainers.epoch_decay import EpochDecay
from trainers.loss_terms import TOKEN_LOSSES, rows_with_targets, shares_of_rows
from trainers.projection import projecting_only
from trainers.step_cutting import cut_by_length


class CoTSFTTrainer(EpochDecay, SFTTrainer):
    """Minimises L = sum over groups g of weight_g * (sum of token losses in g) / N_g.

    N_g counts the targets of group g in all micro-batches of a step and on all ranks: a mean of
    micro-batch means is wrong whenever their target counts differ. Where rows normalise, a token's
    loss is first divided by the targets of its row, and N_g counts the rows.
    """

    # compute_loss already divides by the step's own counts.
    loss_is_scaled_for_ga: Any = True
    args: CoTSFTConfig

    def __init__(self, model: Any, args: CoTSFTConfig, **kwargs: Any) -> None:
        self._group_names = list(args.group_weights)
        self._group_weights = torch.tensor(list(args.group_weights.values()), dtype=torch.float64)
        self._logged: dict[str, Tensor] = {}
        self.decay_per_epoch = args.lr_decay_per_epoch
        super().__init__(model, args, **kwargs)

    def get_train_dataloader(self) -> Any:
        """One batch a step: the records of all ranks, on all ranks alike and on the processor.

        So a step holds the same records however many ranks there are, at an epoch's end, too.
        """
        records: Any = self.train_dataset
        loader = DataLoader(
            records,
            batch_size=self._train_batch_size,
            sampler=self._get_train_sampler(),
            collate_fn=self.data_collator,
        )
        return prepare_data_loader(
            loader,
            num_processes=1,
            process_index=0,
            rng_types=["generator"],
            use_seedable_sampler=True,
            data_seed=self.args.data_seed,
        )

    def micro_batches(self, step: dict[str, Tensor]) -> list[dict[str, Tensor]]:
        """This rank's micro-batches of a step, cut by length; each is told how many targets every
        group has in all of them, on all ranks.

        The loss is normalised over the whole step, so how it is cut changes rounding alone.
        """
        ranks = self.accelerator.num_processes
        cut = cut_by_length(
            step,
            rows=self.args.micro_batch_rows,
            tokens=self.args.micro_batch_tokens,
            ranks=ranks,
        )
        counts = self._divisors(step)
        return [
            batch | {"group_counts": counts}
            for batch in cut[self.accelerator.process_index :: ranks]
        ]

    def training_step(
        self, model: Any, inputs: dict[str, Tensor], num_items_in_batch: Any = None
    ) -> Tensor:
        """Forward and backward of a step, and its loss on all ranks; `Diverged` where that is not
        finite.

        Seen before the optimizer takes the step, on all ranks at once. `logging_nan_inf_filter`
        would log the mean of earlier losses in place of such a one.
        """
        *earlier, last = self.micro_batches(inputs)
        losses = []
        for batch in earlier:
            with self._gradients_kept(model):
                losses.append(super().training_step(model, batch))
        losses.append(super().training_step(model, last))
        loss = torch.stack(losses).sum()
        whole: Tensor = self.accelerator.reduce(loss, "mean")
        if not torch.isfinite(whole):
            raise Diverged(self.state.global_step + 1, f"the loss is {whole.item()}")
        return whole

    def _gradients_kept(self, model: Any) -> AbstractContextManager[Any]:
        """Ranks exchange gradients once a step; under FSDP with each micro-batch, since a rank that
        keeps them keeps those of all weights.
        """
        if self.is_fsdp_enabled:
            return nullcontext()
        return self.accelerator.no_sync(model=model)  # type: ignore[no-any-return]

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

        are_targets = inputs["labels"][:, 1:] != IGNORED
        token_losses = self._token_losses(model, inputs, are_targets)
        groups = groups[are_targets]
        self._remember(self._group_sums(token_losses.detach(), groups), here)
        terms = TOKEN_LOSSES[self.args.loss_type](token_losses)
        if self.args.normaliser == "row":
            terms = shares_of_rows(terms, are_targets)
        sums = self._group_sums(terms, groups)
        return ranks * (self._group_weights.to(sums) * sums / counts.clamp(min=1)).sum()

    def _token_losses(self, model: Any, inputs: dict[str, Tensor], are_targets: Tensor) -> Tensor:
        """Cross-entropy of every target, (targets,), row after row.

        Logits are computed for targets alone: the projection onto the vocabulary is a large part of
        a small student's cost.
        """
        inputs = dict(inputs)
        targets = inputs.pop("labels")[:, 1:][are_targets]
        # The last position predicts nothing.
        predicting = F.pad(are_targets, (0, 1))
        with projecting_only(self.accelerator.unwrap_model(model), predicting):
            logits = model(**inputs, use_cache=False).logits
        # float32 at least: bfloat16 log-probabilities lose the small differences that are learned.
        precision = torch.promote_types(logits.dtype, torch.float32)
        return F.cross_entropy(logits[0].to(precision), targets, reduction="none")

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

    def _save_rng_state(self, output_dir: str) -> None:
        """Every rank writes its own; the file by which a checkpoint is complete comes after all."""
        super()._save_rng_state(output_dir)
        self.accelerator.wait_for_everyone()

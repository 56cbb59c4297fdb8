"""The trainer over encoded rows, as an experiment's settings want it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback, set_seed

from trainers.checkpoint import prefer_plain_attention
from trainers.collator import RowCollator
from trainers.cot_sft_config import CoTSFTConfig
from trainers.cot_sft_trainer import CoTSFTTrainer
from trainers.encoding import EncodedRow, as_columns
from trainers.method import Normaliser, TokenLoss
from trainers.settings import TrainingSettings
from trainers.training_arguments import peft_config, training_arguments


def build_trainer(
    model: Any,
    tokenizer: Any,
    rows: Sequence[Sequence[EncodedRow]],
    *,
    group_weights: dict[str, float],
    settings: TrainingSettings,
    seed: int,
    output_dir: Path,
    keep_epochs: bool = False,
    normaliser: Normaliser = "group",
    token_loss: TokenLoss = "nll",
) -> CoTSFTTrainer:
    """The trainer over encoded rows, one example a record."""
    # It takes True, though its type is that of an older form.
    fsdp: Any = settings.strategy == "fsdp"
    args = CoTSFTConfig(
        **training_arguments(settings, seed=seed, output_dir=output_dir, keep_epochs=keep_epochs),
        group_weights=group_weights,
        # The trainer cuts a step's records itself.
        per_device_train_batch_size=settings.batch_size,
        micro_batch_rows=settings.micro_batch_size * max(map(len, rows)),
        micro_batch_tokens=settings.micro_batch_tokens,
        normaliser=normaliser,
        loss_type=token_loss,
        lr_decay_per_epoch=settings.lr_decay_per_epoch,
        fsdp=fsdp,
        ddp_find_unused_parameters=False,
        max_length=None,
    )
    if not torch.accelerator.is_available():
        prefer_plain_attention(model, settings.precision)
    # LoRA's matrices are drawn when the trainer wraps the model.
    set_seed(seed)
    trainer = CoTSFTTrainer(
        model,
        args,
        train_dataset=Dataset.from_dict(as_columns(rows)),
        data_collator=RowCollator(tokenizer.pad_token_id or tokenizer.eos_token_id or 0),
        processing_class=tokenizer,
        peft_config=peft_config(settings, model),
    )
    # Each would train the whole step by itself where they form no group.
    if trainer.accelerator.num_processes != settings.devices:
        raise RuntimeError(
            f"{trainer.accelerator.num_processes} processes train, and {settings.devices} should"
        )
    # Its log goes to a file, not to the screen.
    trainer.remove_callback(PrinterCallback)
    return trainer

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
from trainers.settings import TrainingSettings


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
) -> CoTSFTTrainer:
    """The trainer over encoded rows, one example a record."""
    on_processor = not torch.accelerator.is_available()
    # It takes True, though its type is that of an older form.
    fsdp: Any = settings.strategy == "fsdp"
    args = CoTSFTConfig(
        output_dir=str(output_dir),
        group_weights=group_weights,
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        micro_batch_rows=settings.micro_batch_size * max(map(len, rows)),
        micro_batch_tokens=settings.micro_batch_tokens,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.lr_schedule,
        lr_decay_per_epoch=settings.lr_decay_per_epoch,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        bf16=settings.precision == "bfloat16",
        # Without it accelerate forms no group of processes there.
        use_cpu=on_processor,
        fsdp=fsdp,
        ddp_find_unused_parameters=False,
        activation_checkpointing=settings.activation_checkpointing,
        save_strategy="steps" if settings.save_steps and not keep_epochs else "epoch",
        save_steps=settings.save_steps or 500,
        save_total_limit=None if keep_epochs else 1,
        logging_steps=10,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=seed,
        max_length=None,
    )
    if on_processor:
        prefer_plain_attention(model, settings.precision)
    # LoRA's matrices are drawn when the trainer wraps the model.
    set_seed(seed)
    trainer = CoTSFTTrainer(
        model,
        args,
        train_dataset=Dataset.from_dict(as_columns(rows)),
        data_collator=RowCollator(tokenizer.pad_token_id or tokenizer.eos_token_id or 0),
        processing_class=tokenizer,
        peft_config=_peft_config(settings),
    )
    # Each would train the whole step by itself where they form no group.
    if trainer.accelerator.num_processes != settings.devices:
        raise RuntimeError(
            f"{trainer.accelerator.num_processes} processes train, and {settings.devices} should"
        )
    # Its log goes to a file, not to the screen.
    trainer.remove_callback(PrinterCallback)
    return trainer


def _peft_config(settings: TrainingSettings) -> Any:
    if settings.lora is None:
        return None
    from peft import LoraConfig

    # Any fraction will do, though PEFT says int.
    alpha: Any = settings.lora.alpha
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.lora.r,
        lora_alpha=alpha,
        lora_dropout=settings.lora.dropout,
        target_modules=list(settings.lora.target_modules),
    )

"""What every trainer is told of an experiment's settings, whatever it minimises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from trainers.settings import TrainingSettings


def training_arguments(
    settings: TrainingSettings, *, seed: int, output_dir: Path, keep_epochs: bool = False
) -> dict[str, Any]:
    """Arguments of `transformers.TrainingArguments`, but for how a step is cut; `keep_epochs` keeps
    every epoch's checkpoint.
    """
    return {
        "output_dir": str(output_dir),
        "num_train_epochs": settings.epochs,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.lr_schedule,
        "warmup_steps": settings.warmup_steps,
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.max_grad_norm,
        "bf16": settings.precision == "bfloat16",
        # Without it accelerate forms no group of processes on processors.
        "use_cpu": not torch.accelerator.is_available(),
        "activation_checkpointing": settings.activation_checkpointing,
        "save_strategy": "steps" if settings.save_steps and not keep_epochs else "epoch",
        "save_steps": settings.save_steps or 500,
        "save_total_limit": None if keep_epochs else 1,
        "logging_steps": 10,
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": torch.cuda.is_available(),
        "seed": seed,
    }


def equal_micro_batches(settings: TrainingSettings) -> dict[str, Any]:
    """The arguments by which a trainer that does not cut steps itself accumulates gradients."""
    micro_batch = min(settings.micro_batch_size, settings.batch_size)
    return {
        "per_device_train_batch_size": micro_batch,
        "gradient_accumulation_steps": settings.batch_size // micro_batch,
    }


def peft_config(settings: TrainingSettings, model: Any) -> Any:
    """LoRA as the settings want it; None without, and where an earlier phase's adapter goes on."""
    if settings.lora is None:
        return None
    from peft import LoraConfig, PeftModel

    if isinstance(model, PeftModel):
        return None
    # Any fraction will do, though PEFT says int.
    alpha: Any = settings.lora.alpha
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.lora.r,
        lora_alpha=alpha,
        lora_dropout=settings.lora.dropout,
        target_modules=list(settings.lora.target_modules),
    )

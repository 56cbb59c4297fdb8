"""What every trainer is told of an experiment's settings, whatever it minimises."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from tasks.errors import UserError
from trainers.settings import TrainingSettings


def training_arguments(
    settings: TrainingSettings, *, seed: int, output_dir: Path, keep_epochs: bool = False
) -> dict[str, Any]:
    """Arguments of `transformers.TrainingArguments`; `keep_epochs` keeps every epoch's checkpoint.

    UserError where they would give wrong steps here.
    """
    on_processor = not torch.accelerator.is_available()
    if (
        settings.precision == "bfloat16"
        and on_processor
        and int(os.environ.get("WORLD_SIZE", 1)) > 1
    ):
        # Measured: the step of two such processes comes out twice as long as that of one.
        raise UserError(
            "training.precision: bfloat16 on several processor-only processes gives wrong steps; "
            "use float32 or one process"
        )
    micro_batch = min(settings.micro_batch_size, settings.batch_size)
    return {
        "output_dir": str(output_dir),
        "num_train_epochs": settings.epochs,
        "per_device_train_batch_size": micro_batch,
        "gradient_accumulation_steps": max(settings.batch_size // micro_batch, 1),
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.lr_schedule,
        "warmup_steps": settings.warmup_steps,
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.max_grad_norm,
        "bf16": settings.precision == "bfloat16",
        "use_cpu": settings.precision == "bfloat16" and on_processor,
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

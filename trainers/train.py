"""Train one student by one method on one seed, from wherever an earlier attempt stopped."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback, TrainerCallback, set_seed

from tasks.errors import UserError
from tasks.files import read_json, write_json
from tasks.progress import Progress
from tasks.records.record import CoTRecord
from trainers.checkpoint import load_student, prefer_plain_attention
from trainers.collator import RowCollator
from trainers.cot_sft_config import CoTSFTConfig
from trainers.cot_sft_trainer import CoTSFTTrainer
from trainers.divergence import Diverged
from trainers.encoding import EncodedRow, as_columns, encode_records
from trainers.method import Method
from trainers.model_shape import ModelShape
from trainers.settings import TrainingSettings

# What says that a training is done, and what it took.
TRAINING_RECORD = "training.json"
# What the trainer logged, every ten steps.
TRAINING_LOG = "training_log.json"


@dataclass(frozen=True, slots=True)
class TrainingCosts:
    """What a training run took; tokens without padding, FLOPs estimated from the model's shape."""

    steps: int
    tokens: int
    target_tokens: int
    flops: float
    seconds: float
    skipped_records: int = 0

    def to_row(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)


class StepWatch(TrainerCallback):
    """Tells how many optimizer steps are done, of how many."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Called by the trainer."""
        self.progress(state.global_step, state.max_steps)


class _Clock(TrainerCallback):
    """Keeps the seconds spent beside every checkpoint, so that those of a resumed run add up."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.earlier = float(read_json(file, float)) if file.exists() else 0.0
        self.start = time.monotonic()

    @property
    def seconds(self) -> float:
        return self.earlier + time.monotonic() - self.start

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        write_json(self.file, self.seconds)


def train(
    student: str,
    method: Method,
    records: Sequence[CoTRecord],
    *,
    answer_weight: float,
    settings: TrainingSettings,
    seed: int,
    data_fingerprint: str,
    work_dir: Path,
    max_rationale_tokens: int | None = None,
    max_answer_tokens: int | None = None,
    keep_epochs: bool = False,
    progress: Progress | None = None,
) -> TrainingCosts:
    """Fine-tune the checkpoint `student` and leave the result in `work_dir/checkpoint`.

    Its protocol keeps the limits that it is to be asked under, where they are given.
    With `keep_epochs` every epoch's checkpoint stays in `work_dir/trainer`, for selection on dev.
    `Diverged` where the loss of a step or a weight at the end is no finite number.
    Killed at any point, a second call goes on from the last complete checkpoint to the same weights;
    `work_dir/training.json`, written when the weights are there, says that it is done.
    """
    # Frozen weights need no float32 copy; weights that are trained do.
    model, tokenizer = load_student(
        student, precision=settings.precision if settings.lora else "float32"
    )
    limit = settings.max_length or model.config.max_position_embeddings
    encoded = encode_records(
        tokenizer, method, records, max_length=limit, too_long=settings.too_long
    )
    work_dir.mkdir(parents=True, exist_ok=True)
    clock = _Clock(work_dir / "trainer_seconds.json")
    trainer = build_trainer(
        model,
        tokenizer,
        encoded.rows,
        group_weights=method.weights(answer_weight),
        settings=settings,
        seed=seed,
        output_dir=work_dir / "trainer",
        keep_epochs=keep_epochs,
    )
    trainer.add_callback(clock)
    if progress:
        trainer.add_callback(StepWatch(progress))
    try:
        trainer.train(resume_from_checkpoint=last_complete_checkpoint(work_dir / "trainer"))
        _refuse_broken_weights(trainer)
    except Diverged:
        # What led there can be read; nothing can go on from it.
        write_json(work_dir / TRAINING_LOG, trainer.state.log_history, indent=1)
        shutil.rmtree(work_dir / "trainer", ignore_errors=True)
        raise

    target = work_dir / "checkpoint"
    protocol = replace(
        method.protocol(answer_weight, data_fingerprint),
        max_rationale_tokens=max_rationale_tokens,
        max_answer_tokens=max_answer_tokens,
    )
    trainer.save_model(str(target))
    for folder in [*work_dir.glob("trainer/checkpoint-*"), target]:
        protocol.save(folder)
    write_json(work_dir / TRAINING_LOG, trainer.state.log_history, indent=1)
    costs = TrainingCosts(
        steps=trainer.state.global_step,
        tokens=encoded.tokens * settings.epochs,
        target_tokens=encoded.target_tokens * settings.epochs,
        flops=settings.epochs
        * ModelShape.from_config(model.config).training_flops(
            encoded.tokens,
            projected_tokens=encoded.target_tokens,
            attended=sum(len(r.input_ids) ** 2 // 2 for rows in encoded.rows for r in rows),
            frozen=settings.lora is not None,
        ),
        seconds=clock.seconds,
        skipped_records=len(encoded.skipped),
    )
    # The record first: whatever happens to this process now, nothing is trained a second time.
    write_json(work_dir / TRAINING_RECORD, costs.to_row())
    if not keep_epochs:
        shutil.rmtree(work_dir / "trainer", ignore_errors=True)
    return costs


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
    args = CoTSFTConfig(
        output_dir=str(output_dir),
        group_weights=group_weights,
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=micro_batch,
        gradient_accumulation_steps=max(settings.batch_size // micro_batch, 1),
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.lr_schedule,
        lr_decay_per_epoch=settings.lr_decay_per_epoch,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        bf16=settings.precision == "bfloat16",
        use_cpu=settings.precision == "bfloat16" and on_processor,
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
    # Its log goes to a file, not to the screen.
    trainer.remove_callback(PrinterCallback)
    return trainer


def last_complete_checkpoint(trainer_dir: Path) -> str | None:
    """The newest checkpoint that was written to its end; half-written ones are removed."""
    complete = []
    for folder in trainer_dir.glob("checkpoint-*"):
        # The trainer writes this file last.
        if (folder / "trainer_state.json").exists():
            complete.append(folder)
        else:
            shutil.rmtree(folder)
    newest = max(complete, key=lambda folder: int(folder.name.split("-")[1]), default=None)
    return str(newest) if newest else None


def _refuse_broken_weights(trainer: CoTSFTTrainer) -> None:
    """The last step's update is judged by no loss any more."""
    weights = trainer.model.named_parameters() if trainer.model is not None else ()
    for name, weight in weights:
        if not torch.isfinite(weight).all():
            step = trainer.state.global_step
            raise Diverged(step, f"{name} holds values that are not finite")


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

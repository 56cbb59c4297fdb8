"""On-policy distillation: the student writes, and learns from the teacher's probabilities of that.

Agarwal et al., "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
arXiv 2306.13649, through TRL's own trainer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback
from trl import DistillationConfig, DistillationTrainer

from tasks.errors import UserError
from trainers.checkpoint import load_student, prefer_plain_attention
from trainers.encoding import IGNORED, EncodedRow
from trainers.epoch_decay import EpochDecay
from trainers.settings import TrainingSettings
from trainers.training_arguments import equal_micro_batches, peft_config, training_arguments


class OnPolicyTrainer(EpochDecay, DistillationTrainer):
    """TRL's `DistillationTrainer` on prompts that a layout has encoded already."""

    def _tokenize_prompts(
        self, prompts: list[list[int]]
    ) -> tuple[list[list[int]], None, dict[str, Any]]:
        # The others are images and what comes with them.
        return prompts, None, {}


def on_policy_trainer(
    model: Any,
    tokenizer: Any,
    rows: Sequence[Sequence[EncodedRow]],
    *,
    teacher: str,
    end_of_turn: int,
    max_new_tokens: int,
    settings: TrainingSettings,
    seed: int,
    output_dir: Path,
    keep_epochs: bool = False,
) -> OnPolicyTrainer:
    """The trainer over the prompts of encoded rows; nothing else of these is used.

    `teacher` is a checkpoint with the student's tokens. The student samples at temperature 1 until
    `end_of_turn`, at most `max_new_tokens`, and its reverse KL divergence from the teacher is
    minimised over all tokens of a step. UserError as of `refuse_unfit`.
    """
    judge, reads = load_student(teacher, precision=settings.precision)
    refuse_unfit(teacher, reads, tokenizer, records=len(rows), batch_size=settings.batch_size)
    args = DistillationConfig(
        **training_arguments(settings, seed=seed, output_dir=output_dir, keep_epochs=keep_epochs),
        **equal_micro_batches(settings),
        max_completion_length=max_new_tokens,
        beta=1.0,
    )
    if not torch.accelerator.is_available():
        prefer_plain_attention(model, settings.precision)
    model.generation_config.eos_token_id = end_of_turn
    trainer = OnPolicyTrainer(
        model,
        teacher_model=judge,
        args=args,
        train_dataset=Dataset.from_dict({"prompt": [prompt_ids(first) for first, *_ in rows]}),
        processing_class=tokenizer,
        peft_config=peft_config(settings, model),
    )
    trainer.decay_per_epoch = settings.lr_decay_per_epoch
    trainer.remove_callback(PrinterCallback)
    return trainer


def refuse_unfit(
    teacher: str, reads: Any, tokenizer: Any, *, records: int, batch_size: int
) -> None:
    """UserError where a teacher, which `reads` by a tokenizer of its own, reads other tokens than
    the student's, or where the records do not fill a step: TRL leaves out what does not fill one.
    """
    if reads.get_vocab() != tokenizer.get_vocab():
        raise UserError(
            f"teacher {teacher}: its tokens are not the student's, so it cannot judge what the "
            "student writes; give a larger student of the same family"
        )
    if records < batch_size:
        raise UserError(
            f"on_policy: {records} records do not fill a step of {batch_size}; lower "
            "training.batch_size"
        )


def prompt_ids(row: EncodedRow) -> list[int]:
    """What a row begins with, up to its first target."""
    return row.input_ids[: next(i for i, label in enumerate(row.labels) if label != IGNORED)]

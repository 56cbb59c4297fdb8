"""DPO on the two rows of a record, through TRL's own trainer.

Rafailov et al., "Direct Preference Optimization", arXiv 2305.18290.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback
from trl import DPOConfig, DPOTrainer

from trainers.checkpoint import prefer_plain_attention
from trainers.encoding import IGNORED, EncodedRow
from trainers.epoch_decay import EpochDecay
from trainers.settings import TrainingSettings
from trainers.training_arguments import equal_micro_batches, peft_config, training_arguments

BETA = 0.1  # TRL's default


class PreferenceTrainer(EpochDecay, DPOTrainer):
    """TRL's `DPOTrainer` on rows that a layout has encoded already."""

    def _prepare_dataset(self, dataset: Any, *_args: Any) -> Any:
        return dataset


def preference_trainer(
    model: Any,
    tokenizer: Any,
    rows: Sequence[Sequence[EncodedRow]],
    *,
    settings: TrainingSettings,
    seed: int,
    output_dir: Path,
    keep_epochs: bool = False,
) -> PreferenceTrainer:
    """The trainer over pairs: a record's first row is preferred to its second.

    The reference is the student as it is given; under LoRA the weights without the new adapter.
    """
    args = DPOConfig(
        **training_arguments(settings, seed=seed, output_dir=output_dir, keep_epochs=keep_epochs),
        **equal_micro_batches(settings),
        beta=BETA,
        max_length=None,
    )
    if not torch.accelerator.is_available():
        prefer_plain_attention(model, settings.precision)
    trainer = PreferenceTrainer(
        model,
        # By default TRL loads a reference from where the model's configuration says it came from.
        ref_model=None if settings.lora else copy.deepcopy(model),
        args=args,
        train_dataset=Dataset.from_list([pair(*of_record) for of_record in rows]),
        processing_class=tokenizer,
        peft_config=peft_config(settings, model),
    )
    trainer.decay_per_epoch = settings.lr_decay_per_epoch
    trainer.remove_callback(PrinterCallback)
    return trainer


def pair(chosen: EncodedRow, rejected: EncodedRow) -> dict[str, list[int]]:
    """Two rows behind one prompt in TRL's columns; all tokens behind the prompt are targets."""
    begun = next(place for place, label in enumerate(chosen.labels) if label != IGNORED)
    return {
        "prompt_ids": chosen.input_ids[:begun],
        "chosen_ids": chosen.input_ids[begun:],
        "rejected_ids": rejected.input_ids[begun:],
    }

"""Benchmark: a training step of the cascade in one pass, in two sequences, and of stock Std-CoT."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from trl import SFTConfig, SFTTrainer

from harness.timing.interleaved import Timing, interleaved
from tasks.records.record import CoTRecord
from trainers.build_trainer import build_trainer
from trainers.checkpoint import load_student
from trainers.encoding import EncodedRow, encode_records
from trainers.method import Method, answer, cue, prompt, rationale
from trainers.methods import load_method
from trainers.methods.cascod import METHOD as CASCOD
from trainers.methods.cascod import SUFFIX
from trainers.settings import TrainingSettings

BATCH = 8

TWO_SEQUENCES = Method(
    name="cascod_two_sequences",
    summary="the cascade as two sequences a record, as the paper's code feeds it",
    suffix=SUFFIX,
    cascade=True,
    rows=lambda record: [
        (prompt(record, SUFFIX), rationale(record, "rationale", eos=True)),
        (
            prompt(record, SUFFIX),
            rationale(record, "rationale"),
            cue(None),
            answer(record, "answer"),
        ),
    ],
    weights=CASCOD.weights,
)


def time_training(student: str, records: list[CoTRecord], *, rounds: int) -> Timing:
    """Seconds of forward, backward and update on the same records in the same batches."""
    with tempfile.TemporaryDirectory() as folder:
        return interleaved(
            {
                "cascod": _our_step(student, CASCOD, records, Path(folder)),
                "cascod in two sequences": _our_step(student, TWO_SEQUENCES, records, Path(folder)),
                "std_cot, stock SFTTrainer": _stock_step(student, records, Path(folder)),
            },
            rounds=rounds,
        )


def _our_step(
    student: str, method: Method, records: list[CoTRecord], folder: Path
) -> Callable[[], None]:
    model, tokenizer = load_student(student)
    rows = encode_records(tokenizer, method, records, max_length=_context(model)).rows
    trainer = build_trainer(
        model,
        tokenizer,
        rows,
        group_weights=method.weights(0.3),
        settings=TrainingSettings(batch_size=BATCH, micro_batch_size=BATCH),
        seed=0,
        output_dir=folder,
    )
    return _step(trainer)


def _stock_step(student: str, records: list[CoTRecord], folder: Path) -> Callable[[], None]:
    model, tokenizer = load_student(student)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    rows = encode_records(
        tokenizer, load_method("std_cot"), records, max_length=_context(model)
    ).rows
    flat: list[EncodedRow] = [row for record_rows in rows for row in record_rows]
    trainer = SFTTrainer(
        model,
        SFTConfig(
            output_dir=str(folder),
            per_device_train_batch_size=BATCH,
            max_length=None,
            report_to="none",
            bf16=False,
            use_cpu=not torch.accelerator.is_available(),
            dataloader_pin_memory=torch.cuda.is_available(),
            disable_tqdm=True,
            activation_checkpointing=False,
            seed=0,
        ),
        train_dataset=Dataset.from_dict(
            {"input_ids": [r.input_ids for r in flat], "labels": [r.labels for r in flat]}
        ),
        processing_class=tokenizer,
    )
    return _step(trainer)


def _step(trainer: Any) -> Callable[[], None]:
    """One optimizer step of a trainer on its next batch, the same order of batches for all."""
    optimizer = torch.optim.AdamW(trainer.model.parameters(), lr=1e-5)
    batches: Iterator[Any] = cycle(list(trainer.get_train_dataloader()))

    def step() -> None:
        [batch], items = trainer.get_batch_samples(batches, 1, trainer.args.device)
        trainer.training_step(trainer.model, dict(batch), items)
        optimizer.step()
        optimizer.zero_grad()
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    return step


def _context(model: Any) -> int:
    return int(model.config.max_position_embeddings)

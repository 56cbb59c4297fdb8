"""Benchmark: whole optimizer steps of ours and of stock SFTTrainer, on the same records."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import torch
from datasets import Dataset
from trl import SFTConfig, SFTTrainer

from harness.timing.interleaved import Timing, interleaved
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from trainers.build_trainer import build_trainer
from trainers.checkpoint import load_student
from trainers.encoding import EncodedRow, encode_records
from trainers.method import Method, answer, cue, prompt, rationale
from trainers.methods.cascod import METHOD as CASCOD
from trainers.methods.cascod import SUFFIX
from trainers.methods.std_cot import METHOD as STD_COT
from trainers.settings import TrainingSettings

STEP = 64  # records an optimizer step
BUDGET = 2048  # padded tokens a micro-batch
WARMUP = 1
STOCK = "std_cot, stock SFTTrainer"
WITHIN_BUDGET = ", by tokens"

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


@dataclass(frozen=True, slots=True)
class StepTiming:
    """Seconds of whole steps, and the tokens of std_cot's rows in each counted one, without
    padding.
    """

    timing: Timing
    tokens: list[int]

    def tokens_per_second(self, name: str) -> float:
        """The median rate of a contender that trains std_cot's rows."""
        seconds = self.timing.seconds[name]
        return median(n / s for n, s in zip(self.tokens, seconds, strict=True))


def time_training(
    student: str, records: list[CoTRecord], *, rounds: int, micro_batch: int
) -> StepTiming:
    """Seconds of forward, backward and update, a step of `STEP` records in every round.

    All contenders take the same records in the same order and in micro-batches of `micro_batch`
    records: stock's as they come, ours cut by length; those `WITHIN_BUDGET` in micro-batches of
    up to `BUDGET` tokens. Records that do not fit the student are left out.
    """
    # One student for all: what a step takes depends on no weight, and memory may hold but one.
    model, tokenizer = load_student(student)
    records, tokens = _fitting(student, model, tokenizer, records)
    steps = [sum(tokens[start : start + STEP]) for start in _starts(records)]
    with tempfile.TemporaryDirectory() as folder:
        ours = partial(
            _our_gradients,
            model,
            tokenizer,
            records=records,
            folder=Path(folder),
            micro_batch=micro_batch,
        )
        gradients = {
            "cascod": ours(CASCOD),
            "cascod in two sequences": ours(TWO_SEQUENCES),
            "std_cot": ours(STD_COT),
            STOCK: _stock_gradients(model, tokenizer, records, Path(folder), micro_batch),
            "cascod" + WITHIN_BUDGET: ours(CASCOD, budget=BUDGET),
            "std_cot" + WITHIN_BUDGET: ours(STD_COT, budget=BUDGET),
        }
        timing = interleaved(_updating(model, gradients), rounds=rounds, warmup=WARMUP)
    return StepTiming(timing, [steps[turn % len(steps)] for turn in range(WARMUP, WARMUP + rounds)])


def _fitting(
    student: str, model: Any, tokenizer: Any, records: list[CoTRecord]
) -> tuple[list[CoTRecord], list[int]]:
    """Those records that the student can see whole by every method, and the tokens of their
    std_cot rows.
    """
    fit, tokens = [], []
    for record in records:
        encoded = [
            encode_records(tokenizer, method, [record], max_length=1 << 30)
            for method in (STD_COT, CASCOD)
        ]
        if max(each.tokens for each in encoded) <= _context(model):
            fit.append(record)
            tokens.append(encoded[0].tokens)
    if len(fit) < STEP:
        raise UserError(
            f"student {student}: {len(fit)} records fit its context, and a step takes {STEP}"
        )
    return fit, tokens


def _starts(records: Sequence[Any]) -> range:
    """Where each whole step begins."""
    return range(0, len(records) - STEP + 1, STEP)


def _our_gradients(
    model: Any,
    tokenizer: Any,
    method: Method,
    *,
    records: list[CoTRecord],
    folder: Path,
    micro_batch: int,
    budget: int | None = None,
) -> Callable[[], object]:
    trainer = build_trainer(
        model,
        tokenizer,
        encode_records(tokenizer, method, records, max_length=_context(model)).rows,
        group_weights=method.weights(0.3),
        settings=TrainingSettings(
            batch_size=STEP, micro_batch_size=micro_batch, micro_batch_tokens=budget
        ),
        seed=0,
        output_dir=folder,
    )
    examples = _examples(trainer)
    steps = cycle(
        [trainer.data_collator(examples[start : start + STEP]) for start in _starts(examples)]
    )
    return lambda: trainer.training_step(trainer.model, dict(next(steps)))


def _stock_gradients(
    model: Any, tokenizer: Any, records: list[CoTRecord], folder: Path, micro_batch: int
) -> Callable[[], object]:
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    rows = encode_records(tokenizer, STD_COT, records, max_length=_context(model)).rows
    flat: list[EncodedRow] = [row for record_rows in rows for row in record_rows]
    trainer = SFTTrainer(
        model,
        SFTConfig(
            output_dir=str(folder),
            per_device_train_batch_size=micro_batch,
            gradient_accumulation_steps=STEP // micro_batch,
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
    examples = _examples(trainer)
    micro_batches = cycle(
        [
            trainer.data_collator(examples[part : part + micro_batch])
            for start in _starts(examples)
            for part in range(start, start + STEP, micro_batch)
        ]
    )

    def gradients() -> None:
        batches, items = trainer.get_batch_samples(
            micro_batches, STEP // micro_batch, trainer.args.device
        )
        for batch in batches:
            trainer.training_step(trainer.model, dict(batch), items)

    return gradients


def _examples(trainer: Any) -> list[Any]:
    return list(trainer.train_dataset)


def _updating(
    model: Any, contenders: Mapping[str, Callable[[], object]]
) -> dict[str, Callable[[], None]]:
    """Whole optimizer steps: a contender's gradients, clipping, and one update for all of them."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    def step(gradients: Callable[[], object]) -> None:
        gradients()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    return {name: partial(step, gradients) for name, gradients in contenders.items()}


def _context(model: Any) -> int:
    return int(model.config.max_position_embeddings)

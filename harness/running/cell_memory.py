"""How much memory the process of a cell takes, from its student's shape."""

from __future__ import annotations

from transformers import AutoConfig, AutoTokenizer

from harness.running.context import Context
from tasks.records.record import read_records
from trainers.checkpoint import base_of
from trainers.methods import load_method
from trainers.model_shape import ModelShape

# Python with torch, transformers, TRL and lm-eval loaded: 517 MiB where it was measured.
LIBRARIES = 600 * 2**20


def cell_bytes(context: Context) -> int:
    """Peak bytes of the run's largest cell: a training step on the longest record, in the processes
    of all its devices.

    Estimated by `ModelShape.training_bytes`, with LoRA's adapters left out as small; where nothing
    trains, the weights alone.
    """
    each = LIBRARIES + max(
        (_student_bytes(context, location) for location in context.locations.values()), default=0
    )
    return each * context.experiment.training.devices


def _student_bytes(context: Context, location: str) -> int:
    shape = ModelShape.from_config(AutoConfig.from_pretrained(base_of(location)))
    experiment = context.experiment
    settings = experiment.training
    bytes_each = 2 if settings.precision == "bfloat16" else 4
    if all(load_method(spec.name).rows is None for spec in experiment.methods):
        return bytes_each * shape.parameters
    return int(
        shape.training_bytes(
            micro_batch_tokens=settings.micro_batch_tokens
            or settings.micro_batch_size * _longest(context, location),
            trained_parameters=0 if settings.lora else shape.parameters,
            frozen_bytes=bytes_each,
        )
    )


def _longest(context: Context, location: str) -> int:
    """Tokens of the longest training record, or as many as training takes of it."""
    texts = [
        f"{r.description}{r.question}{r.rationale}" for r in read_records(context.run.train_file)
    ]
    tokenizer = AutoTokenizer.from_pretrained(location)
    tokens = len(tokenizer(max(texts, key=len)).input_ids)
    return min(tokens, context.experiment.training.max_length or tokens)

"""How much memory the process of a cell takes, from its student's shape."""

from __future__ import annotations

from transformers import AutoConfig, AutoTokenizer

from harness.running.context import Context
from harness.running.method_spec import teacher_key
from tasks.records.record import read_records
from trainers.checkpoint import base_of
from trainers.model_shape import ModelShape

# Python with torch, transformers, TRL and lm-eval loaded: 517 MiB where it was measured.
LIBRARIES = 600 * 2**20


def cell_bytes(context: Context) -> int:
    """Peak bytes of the run's largest cell: a training step on the longest record, in the processes
    of all its devices.

    Estimated by `ModelShape.training_bytes`, with LoRA's adapters left out as small, beside the
    weights of whom a student is held against; where nothing trains, the weights alone.
    """
    experiment, locations = context.experiment, context.locations
    largest = max(
        (_student_bytes(context, locations[student.name]) for student in experiment.students),
        default=0,
    )
    teachers = (teacher_key(spec.teacher) for spec in experiment.methods if spec.teacher)
    judge = max((_weight_bytes(context, locations[name]) for name in teachers), default=0)
    return (LIBRARIES + largest + judge) * experiment.training.devices


def _weight_bytes(context: Context, location: str) -> int:
    return _bytes_each(context) * _shape(location).parameters


def _bytes_each(context: Context) -> int:
    return 2 if context.experiment.training.precision == "bfloat16" else 4


def _student_bytes(context: Context, location: str) -> int:
    experiment, shape = context.experiment, _shape(location)
    settings = experiment.training
    methods = [spec.method for spec in experiment.methods]
    weights = _weight_bytes(context, location)
    if all(method.rows is None for method in methods):
        return weights
    # DPO holds a student against itself; LoRA's adapter can be taken off for that.
    copied = any(method.objective == "dpo" for method in methods) and not settings.lora
    return int(
        shape.training_bytes(
            micro_batch_tokens=settings.micro_batch_tokens
            or settings.micro_batch_size * _longest(context, location),
            trained_parameters=0 if settings.lora else shape.parameters,
            frozen_bytes=_bytes_each(context),
        )
    ) + (weights if copied else 0)


def _shape(location: str) -> ModelShape:
    return ModelShape.from_config(AutoConfig.from_pretrained(base_of(location)))


def _longest(context: Context, location: str) -> int:
    """Tokens of the longest training record, or as many as training takes of it."""
    texts = [
        f"{r.description}{r.question}{r.rationale}" for r in read_records(context.run.train_file)
    ]
    tokenizer = AutoTokenizer.from_pretrained(location)
    tokens = len(tokenizer(max(texts, key=len)).input_ids)
    return min(tokens, context.experiment.training.max_length or tokens)

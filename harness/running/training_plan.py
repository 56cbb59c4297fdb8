"""What training a student would take, told before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import mean

from harness.running.experiment import Experiment, StudentSpec
from harness.running.student_layout import layout_by, layout_told
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from trainers.checkpoint import first_line
from trainers.lora_targets import (
    Matrices,
    adapter_parameters,
    matrices_of_model,
    matrices_of_shape,
)
from trainers.method import Method, Prompt, Row, Segment
from trainers.model_shape import ModelShape
from trainers.students.sources import cached_student, known_student

# SmolLM2's tokenizer on BIG-Bench Hard's teacher completions; used where no tokenizer can be had.
CHARACTERS_PER_TOKEN = 3.4

CountTokens = Callable[[str], int]
Spell = Callable[[Row], Sequence[Prompt | Segment]]


@dataclass(frozen=True, slots=True)
class Measures:
    """A student's shape and context, a way to count its tokens, and how that is to be called.

    `context` is None where only the shape of an unseen student is known. `matrices` are those that
    LoRA may adapt. `spell` puts a method's rows into the student's layout, and `layout` says which
    one that is, "" where there is no choice.
    """

    name: str
    shape: ModelShape
    context: int | None
    matrices: Callable[[], Matrices]
    count: CountTokens
    counted: str
    spell: Callable[[Method], Spell]
    layout: str


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What training by one method takes: one run, all seeds alike."""

    method: str
    records: int
    steps: int
    tokens: int
    target_tokens: int
    flops: float
    memory_bytes: float


def training_plan(
    experiment: Experiment,
    method: Method,
    records: list[CoTRecord],
    student: Measures,
) -> TrainingPlan:
    """Estimate one training run; a record too long for the context is left out, as in training.

    What a student writes for its own rounds is taken to be as much as the records hold. The passes
    of a reference or a teacher, and what it takes to write, are left out.
    """
    assert method.rows is not None
    settings = experiment.training
    shape, count, spelled = student.shape, student.count, student.spell(method)
    limit = settings.max_length or student.context or 1 << 30
    lengths: list[int] = []
    targets = kept = 0
    for record in method.chosen(records):
        rows = [[(s, count(s.text)) for s in spelled(row)] for row in method.rows(record)]
        totals = [sum(n for _, n in row) for row in rows]
        if max(totals) > limit:
            continue
        kept += 1
        lengths += totals
        targets += sum(n + s.eos for row in rows for s, n in row if s.group)
    if not kept:
        raise UserError(f"no record fits a context of {limit} tokens with {method.name}")
    epochs = settings.epochs * max(method.rounds, 1)
    trained = (
        adapter_parameters(
            student.name, student.matrices(), settings.lora.target_modules, settings.lora.r
        )
        if settings.lora
        else shape.parameters
    )
    return TrainingPlan(
        method=method.name,
        records=kept,
        steps=-(-kept // settings.batch_size) * epochs,
        tokens=sum(lengths) * epochs,
        target_tokens=targets * epochs,
        flops=epochs
        * shape.training_flops(
            sum(lengths),
            projected_tokens=targets,
            attended=sum(n * n // 2 for n in lengths),
            frozen=settings.lora is not None,
        ),
        memory_bytes=shape.training_bytes(
            micro_batch_tokens=settings.micro_batch_tokens
            or round(settings.micro_batch_size * mean(lengths)),
            trained_parameters=trained,
            frozen_bytes=2 if settings.precision == "bfloat16" else 4,
        ),
    )


def measures(student: StudentSpec) -> Measures:
    """What is known of a student here, be it built or not; UserError where that is nothing."""
    location = cached_student(student.source)
    if location is not None:
        from transformers import AutoConfig, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(location)
            config = AutoConfig.from_pretrained(location)
            shape = ModelShape.from_config(config)
        except Exception as error:
            # Libraries meet a broken checkpoint with whatever its first odd value leads to.
            raise UserError(f"student {location}: cannot be read ({first_line(error)})") from None
        return Measures(
            student.name,
            shape,
            getattr(config.get_text_config(), "max_position_embeddings", None),
            partial(matrices_of_model, config),
            lambda text: len(tokenizer(text, add_special_tokens=False).input_ids),
            "counted with its tokenizer",
            lambda method: layout_by(student, tokenizer, method).spelled,
            layout_told(student, tokenizer),
        )
    built_here, context = known_student(student.source) or (None, None)
    unseen = student.shape or built_here
    if unseen is None:
        raise UserError(
            f"student {student.name}: not on this machine; give students.shape to cost it unseen"
        )
    return Measures(
        student.name,
        unseen,
        context,
        partial(matrices_of_shape, unseen),
        lambda text: round(len(text) / CHARACTERS_PER_TOKEN),
        f"estimated at {CHARACTERS_PER_TOKEN} characters each (its tokenizer is not on this "
        "machine)",
        lambda _method: lambda row: row,
        "" if student.layout == "plain" else "layout chat, which these counts leave out",
    )

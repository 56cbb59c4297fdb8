"""Whether training and prompts fit a student, told without its weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.decoding_plan import plan_of
from harness.evaluation.encoded_requests import encode_requests, refuse_too_long
from harness.evaluation.student import Request
from harness.running.experiment import Experiment, StudentSpec
from harness.running.method_spec import MethodSpec
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from trainers.checkpoint import load_without_weights
from trainers.encoding import encode_records
from trainers.lora_targets import adapter_parameters, matrices_of_model
from trainers.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Reader:
    """A student without its weights: its configuration, its tokenizer, the tokens it can see."""

    spec: StudentSpec
    config: Any
    tokenizer: Any
    context: int

    @property
    def name(self) -> str:
        """As the experiment calls it."""
        return self.spec.name

    def protocol(self, spec: MethodSpec) -> Protocol:
        """How it is asked by a method, in its layout."""
        return spec.method.protocol(None, "", layout=self.spec.layout, thinking=self.spec.thinking)


def reader(spec: StudentSpec, location: str) -> Reader:
    """A student's configuration and tokenizer; UserError where they cannot be loaded."""
    config, _, tokenizer = load_without_weights(location)
    stated = getattr(config.get_text_config(), "max_position_embeddings", None)
    return Reader(spec, config, tokenizer, int(stated or tokenizer.model_max_length))


def refuse_impossible_context(experiment: Experiment, student: Reader) -> None:
    """UserError where training would feed more tokens than the student can see."""
    wanted = experiment.training.max_length
    if wanted is not None and wanted > student.context:
        raise UserError(
            f"training.max_length: {wanted} tokens are more than student {student.name} can see; "
            f"its context is {student.context}"
        )


def refuse_missing_targets(experiment: Experiment, student: Reader) -> None:
    """UserError where LoRA is to adapt matrices that the student does not have."""
    if (lora := experiment.training.lora) is not None:
        matrices = matrices_of_model(student.config)
        adapter_parameters(student.name, matrices, lora.target_modules, lora.r)


def refuse_long_records(
    experiment: Experiment, student: Reader, spec: MethodSpec, records: Sequence[CoTRecord]
) -> None:
    """UserError where a training record is too long, unless the experiment leaves such out."""
    settings = experiment.training
    try:
        encode_records(
            student.tokenizer,
            spec.method,
            records,
            max_length=settings.max_length or student.context,
            too_long=settings.too_long,
            layout=student.spec.layout,
            thinking=student.spec.thinking,
        )
    except UserError as error:
        raise UserError(f"student {student.name}: {error}") from None


def refuse_long_prompts(
    settings: DecodingSettings, student: Reader, spec: MethodSpec, requests: Sequence[Request]
) -> None:
    """UserError where a prompt and the limits of decoding exceed the student's context."""
    protocol = student.protocol(spec)
    plan = plan_of(protocol, student.tokenizer, settings)
    try:
        refuse_too_long(
            encode_requests(requests, protocol, student.tokenizer),
            context=student.context,
            new_tokens=plan.max_new_tokens,
        )
    except UserError as error:
        raise UserError(f"student {student.name} asked by {spec.label}: {error}") from None

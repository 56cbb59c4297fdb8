"""What a training run took: tokens, and FLOPs estimated from the model's shape."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from trainers.encoding import EncodedRecords
from trainers.method import Method
from trainers.model_shape import ModelShape
from trainers.settings import TrainingSettings


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


def training_costs(
    method: Method,
    trainer: Any,
    encoded: EncodedRecords,
    settings: TrainingSettings,
    *,
    seconds: float,
) -> TrainingCosts:
    """The costs of a finished training: student's passes and those of whom it is compared with."""
    shape = ModelShape.from_config(trainer.model.config)
    frozen = settings.lora is not None
    if method.objective == "on_policy":
        tokens, targets, attended = _written(trainer, encoded)
        teacher = ModelShape.from_config(trainer.teacher_model.config)
        # The student writes before it learns, and the teacher reads what was written.
        readers = [shape, teacher]
    else:
        tokens = encoded.tokens * settings.epochs
        targets = encoded.target_tokens * settings.epochs
        attended = settings.epochs * sum(
            len(row.input_ids) ** 2 // 2 for rows in encoded.rows for row in rows
        )
        readers = [shape] if method.objective == "dpo" else []  # the reference
    sizes: dict[str, Any] = {"projected_tokens": targets, "attended": attended}
    return TrainingCosts(
        steps=trainer.state.global_step,
        tokens=tokens,
        target_tokens=targets,
        flops=shape.training_flops(tokens, frozen=frozen, **sizes)
        + sum(reader.forward_flops(tokens, **sizes) for reader in readers),
        seconds=seconds,
        skipped_records=len(encoded.skipped),
    )


def _written(trainer: Any, encoded: EncodedRecords) -> tuple[int, int, int]:
    """Tokens, tokens written by the student, and pairs of attention of an on-policy training.

    The trainer counts prompts and replies together; all prompts are seen equally often, but for
    those that do not fill a step, and replies are taken for equally long.
    """
    rows = trainer.state.global_step * trainer.args.train_batch_size
    rows *= trainer.args.gradient_accumulation_steps
    tokens = int(trainer.state.num_input_tokens_seen)
    prompts = encoded.tokens - encoded.target_tokens
    return tokens, tokens - rows * prompts // len(encoded.rows), tokens**2 // (2 * rows)

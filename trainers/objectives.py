"""The trainer of whatever a method minimises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasks.errors import UserError
from trainers.build_trainer import build_trainer
from trainers.encoding import EncodedRecords
from trainers.layouts.choose import layout_of
from trainers.method import Method
from trainers.settings import TrainingSettings


def trainer_for(
    method: Method,
    model: Any,
    tokenizer: Any,
    encoded: EncodedRecords,
    *,
    answer_weight: float,
    settings: TrainingSettings,
    seed: int,
    output_dir: Path,
    keep_epochs: bool,
    teacher: str | None,
    max_new_tokens: int,
) -> Any:
    """A TRL trainer over the encoded records.

    `teacher` and `max_new_tokens` are for a student that learns from what it writes itself;
    UserError where it lacks the teacher.
    """
    how: dict[str, Any] = {
        "settings": settings,
        "seed": seed,
        "output_dir": output_dir,
        "keep_epochs": keep_epochs,
    }
    match method.objective:
        case "sft":
            return build_trainer(
                model,
                tokenizer,
                encoded.rows,
                group_weights=method.weights(answer_weight),
                normaliser=method.normaliser,
                token_loss=method.token_loss,
                **how,
            )
        case "dpo":
            from trainers.preference_trainer import preference_trainer

            return preference_trainer(model, tokenizer, encoded.rows, **how)
        case "on_policy":
            from trainers.on_policy_trainer import on_policy_trainer

            if teacher is None:
                raise UserError(f"{method.name}: needs a teacher, whose weights judge the student")
            end = layout_of(encoded.protocol, tokenizer).end_of_turn
            assert end is not None  # without one no row could have been encoded
            return on_policy_trainer(
                model,
                tokenizer,
                encoded.rows,
                teacher=teacher,
                end_of_turn=end,
                max_new_tokens=max_new_tokens,
                **how,
            )

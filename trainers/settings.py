"""How a student is trained, whatever the method: the settings an experiment names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.errors import UserError
from trainers.encoding import TooLong

Precision = Literal["float32", "bfloat16"]


class Settings(BaseModel):
    """Base of all settings: immutable, unknown keys, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def given(cls, values: Mapping[str, Any], where: str) -> Self:
        """The settings of these values; UserError names the one that is wrong, and where it is."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            fault = error.errors()[0]
            place = "".join(f"{part}: " for part in fault["loc"])
            message = fault["msg"].removeprefix("Value error, ")
            raise UserError(f"{where}: {place}{message}") from None


class LoRASettings(Settings):
    """Low-rank adapters in place of full fine-tuning."""

    r: int = Field(gt=0)
    alpha: float = Field(gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    target_modules: tuple[str, ...]


class TrainingSettings(Settings):
    """Settings of one training run.

    `batch_size` counts records per optimizer step on one device group; a step runs them in pieces
    of `micro_batch_size`. `bfloat16` means autocast over float32 weights.
    """

    epochs: int = Field(default=1, gt=0)
    batch_size: int = Field(default=16, gt=0)
    micro_batch_size: int = Field(default=16, gt=0)
    learning_rate: float = Field(default=2e-4, gt=0)
    lr_schedule: Literal["linear", "cosine", "constant"] = "linear"
    lr_decay_per_epoch: float | None = Field(default=None, gt=0, le=1)
    warmup_steps: int = Field(default=0, ge=0)
    weight_decay: float = Field(default=0.0, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    max_length: int | None = Field(default=None, gt=0)
    too_long: TooLong = "refuse"
    precision: Precision = "float32"
    activation_checkpointing: bool = False
    save_steps: int | None = Field(default=None, gt=0)
    lora: LoRASettings | None = None

"""How a student is trained, whatever the method: the settings an experiment names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from tasks.errors import UserError
from trainers.encoding import TooLong

Precision = Literal["float32", "bfloat16"]
Strategy = Literal["ddp", "fsdp"]


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

    `batch_size` counts records per optimizer step, on all devices together; each device runs its
    share in pieces of `micro_batch_size` records or, where it is given, of up to
    `micro_batch_tokens` padded tokens. `bfloat16` means autocast over float32 weights. With several
    `devices` of a machine each has all weights (`ddp`) or a part of them (`fsdp`); without GPUs
    they are processes.
    """

    epochs: int = Field(default=1, gt=0)
    batch_size: int = Field(default=16, gt=0)
    micro_batch_size: int = Field(default=16, gt=0)
    micro_batch_tokens: int | None = Field(default=None, gt=0)
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
    devices: int = Field(default=1, gt=0)
    strategy: Strategy = "ddp"

    @model_validator(mode="after")
    def _possible(self) -> TrainingSettings:
        if self.micro_batch_tokens:
            pieces, what = self.devices, "training.devices"
        else:
            pieces = self.devices * min(
                self.micro_batch_size, max(self.batch_size // self.devices, 1)
            )
            what = "training.micro_batch_size" + " x devices" * (self.devices > 1)
        if self.batch_size % pieces:
            raise ValueError(f"batch_size must be a multiple of {what} ({pieces})")
        if self.strategy == "fsdp" and self.devices == 1:
            raise ValueError("strategy: fsdp parts weights among several devices; give `devices`")
        if self.strategy == "fsdp" and self.lora:
            raise ValueError("strategy: fsdp shards trained weights, and lora trains few; take ddp")
        return self

    @model_serializer(mode="wrap")
    def _as_before_devices(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Runs on one device read as those from before there were several."""
        content: dict[str, Any] = handler(self)
        if self.devices == 1:
            del content["devices"], content["strategy"]
        return content

"""How an experiment has its students decoded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from trainers.settings import Precision, Settings


class _Decoding(Settings):
    """All settings but the limit of the rationale."""

    max_answer_tokens: int = Field(default=32, gt=0)
    temperature: float = Field(default=0.0, ge=0)
    top_p: float = Field(default=1.0, gt=0, le=1)
    draw: int = Field(default=0, ge=0)
    precision: Precision = "float32"
    batch_size: int = Field(default=32, gt=0)
    block: int = Field(default=128, gt=0)


class DecodingSettings(_Decoding):
    """Settings of decoding: greedy at temperature 0, else sampled.

    `draw` tells one sample of a question from the next. A protocol without a cascade may write the
    sum of both limits. `batch_size` requests are decoded at a time, and `block` requests are
    finished, and stored, as a whole.
    """

    max_rationale_tokens: int = Field(default=512, gt=0)


def _limit_or_auto(given: Any) -> int | Literal["auto"]:
    if given == "auto":
        return "auto"
    if type(given) is not int or given < 1:
        raise ValueError(f"expected a number of tokens or auto, not {given!r}")
    return given


class PlannedDecoding(_Decoding):
    """Settings as an experiment names them: its training rationales may set their own limit."""

    max_rationale_tokens: Annotated[int | Literal["auto"], PlainValidator(_limit_or_auto)] = 512

    @property
    def is_auto(self) -> bool:
        """Whether the training rationales set their limit."""
        return self.max_rationale_tokens == "auto"

    def settled(self, auto: int) -> DecodingSettings:
        """The settings, with this limit where the experiment leaves it open."""
        limit = {"max_rationale_tokens": auto} if self.is_auto else {}
        return DecodingSettings(**self.model_dump() | limit)

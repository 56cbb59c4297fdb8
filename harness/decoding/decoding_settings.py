"""How much a student may write, and how its tokens are chosen."""

from __future__ import annotations

from pydantic import Field

from trainers.settings import Precision, Settings


class BaseDecoding(Settings):
    """All settings but the limit of the rationale."""

    max_answer_tokens: int = Field(default=32, gt=0)
    temperature: float = Field(default=0.0, ge=0)
    top_p: float = Field(default=1.0, gt=0, le=1)
    draw: int = Field(default=0, ge=0)
    precision: Precision = "float32"
    batch_size: int = Field(default=32, gt=0)
    block: int = Field(default=128, gt=0)


class DecodingSettings(BaseDecoding):
    """Settings of decoding: greedy at temperature 0, else sampled.

    `draw` tells one sample of a question from the next. A protocol without a cascade may write the
    sum of both limits. `batch_size` requests are decoded at a time, and `block` requests are
    finished, and stored, as a whole.
    """

    max_rationale_tokens: int = Field(default=512, gt=0)

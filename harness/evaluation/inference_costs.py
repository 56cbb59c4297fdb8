"""What an evaluation took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from harness.evaluation.reply import Reply
from trainers.model_shape import ModelShape


@dataclass(frozen=True, slots=True)
class InferenceCosts:
    """Tokens are the student's own; generated ones include forced answers, but neither EOS nor an
    appended cue.
    """

    items: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0
    flops: float = 0.0
    seconds: float = 0.0

    def to_row(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)


def inference_costs(
    replies: Iterable[Reply], shape: ModelShape, *, seconds: float
) -> InferenceCosts:
    """Costs of decoding these replies on a cache.

    FLOPs are `ModelShape.forward_flops` of every position fed once: prompt, generated tokens and
    cue, with a vocabulary projection for each position from the prompt's last on, and n (n + 1) / 2
    attended pairs for n positions. Padding is not counted.
    """
    replies = list(replies)
    prompt = [reply.prompt_tokens for reply in replies]
    generated = [reply.rationale_tokens + reply.answer_tokens for reply in replies]
    fed = [reply.fed_tokens for reply in replies]
    positions = [sum(tokens) for tokens in zip(prompt, generated, fed, strict=True)]
    flops = shape.forward_flops(
        sum(positions),
        projected_tokens=sum(generated) + sum(fed) + len(replies),
        attended=sum(n * (n + 1) // 2 for n in positions),
    )
    return InferenceCosts(len(replies), sum(prompt), sum(generated), flops, seconds)

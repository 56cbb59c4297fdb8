"""What is asked of whoever answers: token ids in, responses and log probabilities out."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.decoding.stages import DecodingPlan, Finished, Response
from harness.engines.prefix_tree import PrefixTree
from trainers.settings import Precision


@dataclass(frozen=True, slots=True)
class Drawing:
    """Tokens drawn at a temperature above 0, from the likeliest ones that hold `top_p`.

    The first `requests_each` prompts are draws of the first seed, the next ones of the second, and
    so on.
    """

    temperature: float
    top_p: float
    seeds: tuple[int, ...]
    requests_each: int


class Engine(typing.Protocol):
    """A student's weights, wherever they are; nothing of it is set from outside."""

    def facts(self, precision: Precision) -> dict[str, Any]:
        """All that responses depend on but weights, prompts, plan and drawing, as plain JSON.

        `precision` is what the settings ask for.
        """

    def decode(
        self,
        prompts: Sequence[Sequence[int]],
        plan: DecodingPlan,
        drawing: Drawing | None = None,
        *,
        at_once: int,
        report: Finished | None = None,
    ) -> list[Response]:
        """Decode prompts (token ids, none empty), so many at a time; responses in their order.

        Greedily, unless tokens are drawn. `report` is told the number of finished prompts as it
        grows.
        """

    def continuation_scores(self, tree: PrefixTree, leaves: Sequence[int]) -> list[float]:
        """The log probability (nats) of each leaf's tokens, given all that stands before it.

        ValueError where a leaf has nothing before it.
        """

    def close(self) -> None:
        """Give back what it holds."""

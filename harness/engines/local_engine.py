"""A model in this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.decoding.decode import decode
from harness.decoding.pick import Pick, greedy
from harness.decoding.sampling import sampler
from harness.decoding.stages import DecodingPlan, Finished, Response
from harness.engines.engine import Drawing
from harness.engines.prefix_tree import PrefixTree
from harness.engines.tree_scores import continuation_scores
from trainers.settings import Precision


class LocalEngine:
    """An `Engine`: our own decoder on a model's weights, loaded in this precision."""

    def __init__(self, model: Any, precision: Precision) -> None:
        self.model = model
        self._precision = precision

    def facts(self, precision: Precision) -> dict[str, Any]:
        """The precision of the weights, and the kind of device that they lie on."""
        return {"precision": self._precision, "device": str(self.model.device.type)}

    def decode(
        self,
        prompts: Sequence[Sequence[int]],
        plan: DecodingPlan,
        drawing: Drawing | None = None,
        *,
        at_once: int,
        report: Finished | None = None,
    ) -> list[Response]:
        """As `harness.decoding.decode.decode`."""
        pick: Pick = greedy
        if drawing:
            pick = sampler(
                temperature=drawing.temperature,
                top_p=drawing.top_p,
                seeds=drawing.seeds,
                requests_each=drawing.requests_each,
            )
        return decode(self.model, prompts, plan, slots=at_once, pick=pick, report=report)

    def continuation_scores(self, tree: PrefixTree, leaves: Sequence[int]) -> list[float]:
        """As `harness.engines.tree_scores.continuation_scores`."""
        return continuation_scores(self.model, tree, leaves)

    def close(self) -> None:
        """Nothing: a model goes when nobody holds it any more."""

"""An item's answers behind its student's own rationale, parts of it, none, others: one tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.engines.prefix_tree import PrefixTree
from reports.reasoning.probe_measures import FILLER, MISTAKE, OTHER, SHOWN

Encode = Callable[[str], list[int]]

FILLER_TEXT = " ..."


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as it is probed: all texts begin with the blank or line break that they need."""

    prompt_ids: list[int]
    cue_ids: tuple[int, ...]
    rationale: str
    mistaken: str | None
    other: str | None
    candidates: tuple[str, ...]
    answer_end: tuple[int, ...]


def build(asked: Asked, encode: Encode) -> tuple[PrefixTree, dict[str, list[int]]]:
    """The tree of an item and, for each condition, its leaves: one a candidate, in their order."""
    tree = PrefixTree()
    question = tree.add(None, asked.prompt_ids)
    own = encode(asked.rationale) if asked.rationale.strip() else []
    ends = {}
    node, done = question, 0
    for condition, share in SHOWN.items():
        until = round(share * len(own))
        node, done = tree.add(node, own[done:until]), until
        ends[condition] = node
    filler = encode(FILLER_TEXT)
    ends[FILLER] = tree.add(question, (filler * len(own))[: len(own)])
    for condition, text in ((MISTAKE, asked.mistaken), (OTHER, asked.other)):
        if text is not None:
            ends[condition] = tree.add(question, encode(text))
    return tree, {
        condition: _answers(tree, tree.add(end, asked.cue_ids), asked, encode)
        for condition, end in ends.items()
    }


def _answers(tree: PrefixTree, cue: int, asked: Asked, encode: Encode) -> list[int]:
    return [
        tree.add(cue, [*encode(f" {candidate}"), *asked.answer_end])
        for candidate in asked.candidates
    ]


def shares(log_probabilities: Sequence[float]) -> list[float]:
    """Probabilities of the candidates given that it is one of them; sums to 1."""
    import numpy as np

    scores = np.asarray(log_probabilities)
    weights = np.exp(scores - scores.max())
    return [float(share) for share in weights / weights.sum()]

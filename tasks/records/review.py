"""What people found of a record's chain, as `cascod review` writes it into `CoTRecord.meta`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Verdict = Literal["right", "wrong"]
# The places of `CoTRecord.meta` for the review of the record's chain, and for what is told of the
# wrong one beside it, a review of that one included.
REVIEW, WRONG_CHAIN = "review", "wrong_chain"


def verdict_of(meta: Mapping[str, Any]) -> Verdict | None:
    """What people found of the chain, None where nobody has read it."""
    review = meta.get(REVIEW)
    verdict = review.get("verdict") if isinstance(review, dict) else None
    return verdict if verdict in ("right", "wrong") else None


def verdict_of_wrong_chain(meta: Mapping[str, Any]) -> Verdict | None:
    """The same of the wrong chain beside it."""
    told = meta.get(WRONG_CHAIN)
    return verdict_of(told) if isinstance(told, dict) else None


def without_review(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The same without the review: for a record whose chain is another one now."""
    return {name: value for name, value in meta.items() if name != REVIEW}


def with_wrong_review(meta: Mapping[str, Any], wrong: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the review, if there is one, of the wrong chain that is put beside it.

    `wrong` is the meta of the record that the wrong chain came from.
    """
    if verdict_of(wrong) is None:
        return dict(meta)
    told = meta.get(WRONG_CHAIN)
    before = told if isinstance(told, dict) else {}
    return {**meta, WRONG_CHAIN: {**before, REVIEW: wrong[REVIEW]}}

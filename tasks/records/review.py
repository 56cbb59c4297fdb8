"""What people found of a record's chain, as `cascod review` writes it into `CoTRecord.meta`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tasks.records.of_chain import REVIEW, WRONG_CHAIN

Verdict = Literal["right", "wrong"]


def verdict_of(meta: Mapping[str, Any]) -> Verdict | None:
    """What people found of the chain, None where nobody has read it."""
    review = meta.get(REVIEW)
    verdict = review.get("verdict") if isinstance(review, dict) else None
    return verdict if verdict in ("right", "wrong") else None


def verdict_of_wrong_chain(meta: Mapping[str, Any]) -> Verdict | None:
    """The same of the wrong chain beside it."""
    told = meta.get(WRONG_CHAIN)
    return verdict_of(told) if isinstance(told, dict) else None


def with_wrong_review(meta: Mapping[str, Any], wrong: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the review, if there is one, of the wrong chain that is put beside it.

    `wrong` is the meta of the record that the wrong chain came from.
    """
    if verdict_of(wrong) is None:
        return dict(meta)
    told = meta.get(WRONG_CHAIN)
    before = told if isinstance(told, dict) else {}
    return {**meta, WRONG_CHAIN: {**before, REVIEW: wrong[REVIEW]}}

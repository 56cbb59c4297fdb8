"""The places of `CoTRecord.meta` for what is told of the record's chain, and of the wrong one
beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Where it comes from, on which terms, what people found, what checks found, how it ended.
CHAIN, PROVENANCE, REVIEW, QUALITY = "chain", "provenance", "review", "quality"
FINISH_REASON = "finish_reason"
# Of the wrong chain: what `CHAIN` holds, and its terms and review.
WRONG_CHAIN = "wrong_chain"


def without_chain(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The meta of a record whose chain is another one now: nothing that was told of the old one."""
    told = (CHAIN, PROVENANCE, REVIEW, QUALITY, FINISH_REASON)
    return {name: value for name, value in meta.items() if name not in told}


def is_cut(meta: Mapping[str, Any]) -> bool:
    """Whether whoever collected the chain says that it met its limit."""
    collected = meta.get(CHAIN)
    by_collect = isinstance(collected, Mapping) and collected.get("cut") is True
    return by_collect or bool(meta.get(FINISH_REASON) == "length")

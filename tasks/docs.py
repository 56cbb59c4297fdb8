"""Problems as the docs that lm-eval asks."""

from __future__ import annotations

from collections.abc import Sequence

import datasets

from tasks.errors import UserError
from tasks.problem import Problem, Role
from tasks.records.splits import hash_order

Docs = dict[str, datasets.Dataset]


def docs_of(
    problems: Sequence[Problem], name: str, role: Role, source: str, limit: int | None
) -> Docs:
    """Docs in hash order, so that the first `limit` of them are a random subset."""
    if not problems or (limit is not None and limit < 1):
        raise UserError(f"suite {name!r}: no items are left to ask; check its tasks and its limit")
    by_id = {problem.id: problem for problem in problems}
    docs = [
        by_id[item].to_doc(name, role) | {"source": source} for item in hash_order(by_id)[:limit]
    ]
    return {"test": datasets.Dataset.from_list(docs)}

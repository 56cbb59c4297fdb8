"""Which questions are kept for tests, decided by their content alone."""

from __future__ import annotations

import hashlib

from tasks.procedural.family import Item

ONE_IN = 5


def is_reserved(item: Item) -> bool:
    """Whether the item may only be a test item: true of one in five, by a hash of its content.

    Wording, option order and hint do not matter, so no training set of any seed shares a question
    with any test set, in whatever wording.
    """
    digest = hashlib.sha256(f"{item.family}/{item.content}".encode()).digest()
    return int.from_bytes(digest, "big") % ONE_IN == 0

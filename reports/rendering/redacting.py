"""A report's content with personal data masked: every text in it, at any depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from tasks.personal_data.finding import CALLED
from tasks.personal_data.masking import Masking

T = TypeVar("T")
# The field of a shown item that holds its answer, which stays readable.
GOLD = "gold"


def redacted(content: T, masking: Masking) -> T:
    """The same dataclasses, named tuples, mappings and lists with their texts masked.

    What the gold of an item needs to be read is spared in that item.
    """
    masked: T = _masked(content, masking, ())
    return masked


def told(masking: Masking) -> str:
    """What was masked and spared, as a note."""
    counts = ", ".join(f"{count} {CALLED[kind]}" for kind, count in masking.masked.most_common())
    spared = masking.spared.total()
    left = f"; {spared} left that a gold answer needs to be read" if spared else ""
    return f"personal data masked, as far as they were found: {counts or 'none'}{left}"


def _masked(content: Any, masking: Masking, golds: tuple[str, ...]) -> Any:
    if isinstance(content, str):
        return masking.mask(content, golds)
    if is_dataclass(content) and not isinstance(content, type):
        gold = getattr(content, GOLD, None)
        own = (gold,) if isinstance(gold, str) else golds
        return replace(
            content,
            **{
                each.name: _masked(getattr(content, each.name), masking, own)
                for each in fields(content)
                if each.init
            },
        )
    if isinstance(content, Mapping):
        return {key: _masked(value, masking, golds) for key, value in content.items()}
    if isinstance(content, tuple) and hasattr(content, "_asdict"):
        return type(content)(*(_masked(value, masking, golds) for value in content))
    if isinstance(content, list | tuple):
        return type(content)(_masked(value, masking, golds) for value in content)
    return content

"""Thinking blocks: what a model writes to itself, between tags, before it says anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Opening and closing tag, matched in any case.
TAGS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[think]", "[/think]"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
)
_ROLE = {tag: (kind, bool(end)) for kind, pair in enumerate(TAGS) for end, tag in enumerate(pair)}
_TAG = re.compile("|".join(map(re.escape, _ROLE)), re.IGNORECASE)
_INLINE_CODE = re.compile(r"`[^`\n]+`")
_FENCED_CODE = re.compile(r"```.*?```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parted:
    """A completion told apart: what is thought, and what is said outside thinking blocks.

    `said` is as long as the completion, thoughts and their tags made blank lines, so that a place
    in one is a place in the other. `last_said` is the last stretch between blocks that is not
    blank. `ended` is where the last block ends, 0 without one. `unfinished`: the last block does
    not end.
    """

    thought: str
    said: str
    last_said: str
    ended: int
    unfinished: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """The places of a block with its tags, and of what stands between them."""

    start: int
    opened: int
    closed: int
    end: int


def stretches_said(completion: str) -> list[tuple[int, int]]:
    """Start and end of each stretch outside the thinking blocks, in their order."""
    blocks, _ = _told_apart(completion)
    starts = [0, *(block.end for block in blocks)]
    ends = [*(block.start for block in blocks), len(completion)]
    return list(zip(starts, ends, strict=True))


def part_thoughts(completion: str) -> Parted:
    """Tell thoughts from what is said; a tag in inline or fenced code is no tag.

    Text up to a closing tag that nothing opened is thought, too: many chat templates open the block
    themselves. A fence that a thought leaves open hides no closing tag.
    """
    blocks, unfinished = _told_apart(completion)
    said, place = [], 0
    for block in blocks:
        said += [completion[place : block.start], "\n" * (block.end - block.start)]
        place = block.end
    said.append(completion[place:])
    thoughts = (completion[block.opened : block.closed].strip() for block in blocks)
    return Parted(
        thought="\n".join(filter(None, thoughts)),
        said="".join(said),
        last_said=next((text for text in reversed(said) if text.strip()), ""),
        ended=place,
        unfinished=unfinished,
    )


def closing_tag(completion: str) -> str:
    """The tag that ends the thought in which a completion breaks off, "" where it does in none."""
    if not part_thoughts(completion).unfinished:
        return ""
    return next(end for _, end in TAGS if not part_thoughts(completion + end).unfinished)


def _told_apart(completion: str) -> tuple[list[_Block], bool]:
    """All blocks of a completion, and whether the last of them lacks its end."""
    if not _TAG.search(completion):
        return [], False
    text = _without(_INLINE_CODE, completion)
    fenced_too = _without(_FENCED_CODE, text)
    blocks, unfinished = _blocks(_TAG.finditer(fenced_too), len(completion))
    return _blocks(_TAG.finditer(text), len(completion)) if unfinished else (blocks, False)


def _without(code: re.Pattern[str], text: str) -> str:
    return code.sub(lambda found: " " * len(found.group()), text)


def _blocks(tags: Iterable[re.Match[str]], length: int) -> tuple[list[_Block], bool]:
    """All blocks, and whether the last of them lacks its end.

    A tag opened again inside its block needs no end of its own: models mention tags as they think.
    Where a second end does follow, all up to it is thought.
    """
    blocks: list[_Block] = []
    opened: re.Match[str] | None = None
    nested = 0
    for tag in tags:
        kind, closes = _ROLE[tag.group().lower()]
        if opened is not None:
            if kind != _ROLE[opened.group().lower()][0]:
                continue
            if closes:
                blocks.append(_Block(opened.start(), opened.end(), tag.start(), tag.end()))
                opened = None
            else:
                nested += 1
        elif not closes:
            opened, nested = tag, 0
        elif nested or not blocks:
            start = blocks[-1].end if blocks else 0
            blocks.append(_Block(start, start, tag.start(), tag.end()))
            nested = max(nested - 1, 0)
        else:
            blocks.append(_Block(tag.start(), tag.start(), tag.start(), tag.end()))
    if opened is not None:
        blocks.append(_Block(opened.start(), opened.end(), length, length))
    return blocks, opened is not None

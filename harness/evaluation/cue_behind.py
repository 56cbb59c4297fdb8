"""Which cue a student's text is given where it stopped: a cascade's rationale gets one always, a
text written at once where it was cut off before it answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.decoding.stages import CueBehind
from harness.decoding.stop_strings import ToText
from tasks.scoring.cues import split_at_cue
from tasks.scoring.thoughts import TAGS, closing_tag
from trainers.protocol import Protocol
from trainers.tokens import encode_continuation


def cue_behind(
    protocol: Protocol, cue: tuple[int, ...], tokenizer: Any, to_text: ToText
) -> CueBehind | None:
    """The rule for a student asked by this protocol, `cue` its tokens without a closing tag.

    None where nothing is to be told: a cascade whose prompt opens its thought always gets the
    closing tag and the cue, and behind a prompt that ends in a cue all that is written is answer.

    A thought that is still open is closed by its own tag, in front of the cue. A text has answered
    where anything follows a cue outside its thoughts; one that breaks off inside the protocol's cue
    is given the rest of it.
    """
    if protocol.begun if protocol.cascade else split_at_cue(protocol.suffix).answer == "":
        return None
    in_words = to_text(cue)

    def behind(ids: Sequence[int]) -> tuple[int, ...] | None:
        text = protocol.begun + to_text(ids)
        if tag := closing_tag(text + in_words):
            return (*encode_continuation(tokenizer, tag), *cue)
        if protocol.cascade:
            return cue
        return None if split_at_cue(text).answer else cue[_begun(ids, cue) :]

    return behind


def longest_cue(cue: tuple[int, ...], tokenizer: Any) -> int:
    """The most tokens that such a rule can give."""
    return len(cue) + max(len(encode_continuation(tokenizer, end)) for _, end in TAGS)


def _begun(ids: Sequence[int], cue: tuple[int, ...]) -> int:
    """How many of the cue's first tokens the text ends with."""
    end = tuple(ids[-len(cue) :])
    return next(n for n in range(len(end), -1, -1) if end[len(end) - n :] == cue[:n])

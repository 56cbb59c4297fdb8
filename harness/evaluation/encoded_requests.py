"""Requests as token ids, and the blocks in which they are decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.evaluation.student import Request
from tasks.errors import UserError
from trainers.layouts.choose import layout_of
from trainers.method import Prompt
from trainers.protocol import Protocol


@dataclass(frozen=True, slots=True)
class EncodedRequest:
    """A request as it is sent: `ids` are the tokens of `prompt`, the suffix and whatever a chat
    template adds included.
    """

    item: str
    prompt: str
    ids: list[int]
    until: tuple[str, ...]


def encode_requests(
    requests: Sequence[Request], protocol: Protocol, tokenizer: Any
) -> list[EncodedRequest]:
    """Each request as the protocol of its student has it sent, as that student's tokens."""
    layout = layout_of(protocol, tokenizer)
    return [
        EncodedRequest(
            item=request.item,
            prompt=(
                prompt := layout.render(Prompt(request.context, protocol.prefix, protocol.suffix))
            ),
            ids=layout.encode(prompt),
            until=request.until,
        )
        for request in requests
    ]


def refuse_too_long(
    requests: Sequence[EncodedRequest], *, context: int, new_tokens: int, count: int = 3
) -> None:
    """UserError where prompts leave no room in the context for so many new tokens.

    It names the first `count` of their items.
    """
    over = [request for request in requests if len(request.ids) + new_tokens > context]
    if over:
        longest = max(len(request.ids) for request in over)
        names = ", ".join(request.item for request in over[:count])
        raise UserError(
            f"{len(over)} of {len(requests)} prompts do not fit the student's context of "
            f"{context} tokens with {new_tokens} new ones "
            f"({'first: ' if len(over) > count else ''}{names}; the longest "
            f"has {longest} tokens): lower max_rationale_tokens or leave them out"
        )


def blocks(requests: Sequence[EncodedRequest], size: int) -> list[list[int]]:
    """The places of all requests, longest first, cut into blocks of at most `size`.

    The requests of a block share their stop strings. Blocks depend on the whole list alone, so a
    resumed run sees the same ones.
    """
    order = sorted(
        range(len(requests)), key=lambda place: (requests[place].until, -len(requests[place].ids))
    )
    cut: list[list[int]] = []
    for place in order:
        until = requests[place].until
        if cut and len(cut[-1]) < size and requests[cut[-1][0]].until == until:
            cut[-1].append(place)
        else:
            cut.append([place])
    return cut

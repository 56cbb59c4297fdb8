"""Requests are cut into the same blocks whatever was finished, and none is too long."""

from __future__ import annotations

import pytest

from harness.evaluation.encoded_requests import EncodedRequest, blocks, refuse_too_long
from tasks.errors import UserError


def request(length: int, until: tuple[str, ...] = (), item: str = "sums/0") -> EncodedRequest:
    return EncodedRequest(item=item, prompt="", ids=[1] * length, until=until)


def test_blocks_take_the_longest_first_and_hold_every_request_once() -> None:
    requests = [request(length) for length in (3, 9, 1, 7, 5)]
    assert blocks(requests, 2) == [[1, 3], [4, 0], [2]]


def test_equally_long_requests_keep_their_order() -> None:
    assert blocks([request(4)] * 5, 3) == [[0, 1, 2], [3, 4]]


def test_a_block_shares_its_stop_strings() -> None:
    requests = [request(4, ("b",)), request(2, ("a",)), request(3, ("b",)), request(1, ("a",))]
    assert blocks(requests, 4) == [[1, 3], [0, 2]]


def test_prompts_that_leave_no_room_are_counted_and_the_first_named() -> None:
    fits = [request(6), request(5)]
    refuse_too_long(fits, context=10, new_tokens=4)
    over = [request(7, item=f"sums/{n}") for n in range(4)]
    with pytest.raises(
        UserError, match=r"^4 of 6 prompts .* \(first: sums/0, sums/1, sums/2; the longest has 7"
    ):
        refuse_too_long(fits + over, context=10, new_tokens=4)

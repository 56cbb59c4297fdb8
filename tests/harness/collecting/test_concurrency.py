"""How many requests are asked at once follows from how the server bears them."""

from __future__ import annotations

from harness.collecting.concurrency import Concurrency


def test_it_doubles_round_by_round_up_to_the_most() -> None:
    concurrency = Concurrency(20)
    limits = []
    for _ in range(6):
        limits.append(concurrency.limit)
        for _ in range(concurrency.limit):
            concurrency.succeeded()
    assert limits == [1, 2, 4, 8, 16, 20]


def test_it_halves_once_for_all_that_was_under_way_and_then_grows_by_one_a_round() -> None:
    concurrency = Concurrency(64)
    for _ in range(15):
        concurrency.succeeded()
    under_way = [concurrency.start() for _ in range(16)]
    for started in under_way:
        concurrency.overloaded(started)
    assert concurrency.limit == 8
    for _ in range(9):
        concurrency.succeeded()
    assert concurrency.limit == 9
    concurrency.overloaded(concurrency.start())
    assert concurrency.limit == 4


def test_one_request_is_always_asked() -> None:
    concurrency = Concurrency(64)
    for _ in range(5):
        concurrency.overloaded(concurrency.start())
    assert concurrency.limit == 1

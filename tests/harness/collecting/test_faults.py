"""What is asked again, and when, is decided in one place."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest

from harness.collecting.faults import fault_of_status, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": formatdate(0, usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_a_server_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_or_until_when() -> None:
    told = retry_after({"retry-after": formatdate(time.time() + 100, usegmt=True)})
    assert told is not None
    assert 90 < told <= 100


@pytest.mark.parametrize(
    ("status", "body", "again", "ends", "what"),
    [
        (429, {"message": "slow down"}, True, False, "429: slow down"),
        (429, {"message": "pay", "code": "insufficient_quota"}, False, True, "429: pay"),
        (500, "oops", True, False, "500: oops"),
        (529, None, True, False, "529"),
        (401, {"error": {"message": "who?"}}, False, True, "401: who?"),
        (404, {"detail": "no such model"}, False, True, "404: no such model"),
        (400, {"detail": "too long"}, False, False, "400: too long"),
        (422, [{"loc": 1}], False, False, "422: [{'loc': 1}]"),
    ],
)
def test_a_status_says_whether_to_ask_again(
    status: int, body: Any, again: bool, ends: bool, what: str
) -> None:
    fault = fault_of_status(status, {}, body)
    assert (fault.verdict.again, fault.verdict.ends, fault.what) == (again, ends, what)

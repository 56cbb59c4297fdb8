"""What can go wrong with a request, and the one place that decides what is asked again."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from tasks.visible import visible

LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a fault.

    `again`: the request is asked again. `overload`: fewer are asked at once. `perhaps_paid`: the
    server may have written, and charged for, what never arrived. `ends`: all others would fail
    alike; `ends_at_first`: where no reply ever came, since the address is wrong then.
    """

    again: bool = False
    overload: bool = False
    perhaps_paid: bool = False
    ends: bool = False
    ends_at_first: bool = False


BUSY = Verdict(again=True, overload=True)
SLOW = Verdict(again=True, overload=True, perhaps_paid=True)
BROKEN = Verdict(again=True, perhaps_paid=True)
UNREACHABLE = Verdict(again=True, ends_at_first=True)
CONFLICT = Verdict(again=True)
REFUSED = Verdict(ends_at_first=True)
HOPELESS = Verdict(ends=True)

BY_STATUS = {
    401: HOPELESS,
    402: HOPELESS,
    403: HOPELESS,
    404: HOPELESS,
    405: HOPELESS,
    408: SLOW,
    409: CONFLICT,
    425: CONFLICT,
    429: BUSY,
    502: SLOW,
    504: SLOW,
}
WRONG_KEY = "; --api-key-env names the environment variable that holds the key"
WRONG_ADDRESS = "; check --base-url and the model's name"
HINTS = {401: WRONG_KEY, 403: WRONG_KEY, 404: WRONG_ADDRESS, 405: WRONG_ADDRESS}
# What a 429 says where waiting does not help.
NO_MONEY = "insufficient_quota"


class Fault(Exception):
    """A request that brought no reply: what was seen, and what follows.

    `wait` is how long the server asks to wait (seconds), `hint` what a user might do.
    """

    def __init__(
        self, what: str, verdict: Verdict, *, wait: float | None = None, hint: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.verdict = verdict
        self.wait = wait
        self.hint = hint


def fault_of_status(status: int, headers: Mapping[str, str], body: Any) -> Fault:
    """What an answer with an error status means; `body` is JSON as decoded, else text."""
    error = body.get("error", body.get("detail", body)) if isinstance(body, dict) else body
    told, kinds = error, set()
    if isinstance(error, dict):
        told, kinds = error.get("message", error), {str(error.get("code")), str(error.get("type"))}
    verdict = BY_STATUS.get(status, BUSY if status >= 500 else REFUSED)
    if status == 429 and NO_MONEY in kinds:
        verdict = HOPELESS
    what = f"{status}: {told}" if told else str(status)
    return Fault(what, verdict, wait=retry_after(headers), hint=HINTS.get(status, ""))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait, None where it does not, or not in a known way."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            seconds = float(milliseconds) / 1000
        else:
            seconds = _seconds(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds(told: str) -> float:
    """Seconds, told as a number or as a date; ValueError for anything else."""
    try:
        return float(told)
    except ValueError:
        return parsedate_to_datetime(told).timestamp() - time.time()


def shortened(text: str) -> str:
    """What a server says, on one line that fits into a message."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…"

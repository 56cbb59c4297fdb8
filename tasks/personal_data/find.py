"""What has a form: e-mail and IPv4 addresses, IBANs, payment cards, telephone numbers."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.personal_data.accounts import cards, ibans
from tasks.personal_data.addresses import emails, ipv4_addresses
from tasks.personal_data.finding import Finder, Finding
from tasks.personal_data.phones import phones
from tasks.personal_data.plain_letters import plain

# What is surest comes first: of two findings that overlap the earlier kind counts.
FINDERS: tuple[Finder, ...] = (emails, ibans, cards, ipv4_addresses, phones)


def find(text: str, more: Iterable[Finder] = ()) -> list[Finding]:
    """The findings in a text from its start, none within another; those of `more` finders last."""
    taken: list[Finding] = []
    covered = bytearray(len(text))
    plain_text = plain(text)
    for finder in (*FINDERS, *more):
        for found in finder(plain_text):
            if not any(covered[found.start : found.end]):
                covered[found.start : found.end] = b"\1" * (found.end - found.start)
                taken.append(found)
    return sorted(taken, key=lambda found: found.start)

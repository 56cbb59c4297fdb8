"""A collection in rounds: first tries, second ones with a hint, wrong chains beside right ones."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.api_key import ApiKey
from harness.collecting.asking import Asker
from harness.collecting.budget import Budget
from harness.collecting.chat_client import ChatClient
from harness.collecting.chat_request import ChatRequest
from harness.collecting.journal import Journal
from harness.collecting.order import Order
from harness.collecting.pairing import Pair, contrasted, paired, rectified, to_contrast, to_rectify
from harness.collecting.progress import Progress
from harness.collecting.prompts import Purpose
from harness.collecting.rounds import Round, Rounds, Wanted
from tasks.errors import UserError

JOURNAL_FILE = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Collection:
    """The rounds, what their chains make together, and what all of it took.

    The journal holds `unused` replies to requests that are not among these: of other settings.
    """

    rounds: Mapping[Purpose, Round]
    pairs: list[Pair]
    budget: Budget
    unused: int

    @property
    def over_budget(self) -> int:
        """How many requests the budget did not allow."""
        return sum(each.asked.over_budget for each in self.rounds.values())

    @property
    def ended(self) -> UserError | None:
        """Why it ended before its time, if the server was the reason."""
        return next((each.asked.ended for each in self.rounds.values() if each.asked.ended), None)

    @property
    def unanswered(self) -> list[tuple[ChatRequest, str]]:
        """The requests that were refused or failed as often as they were asked, and why."""
        return [each for one in self.rounds.values() for each in one.asked.unanswered]


def collect(order: Order, key: ApiKey, out: Path, progress: Progress) -> Collection:
    """Ask for what the journal in `out` does not hold yet; all that there is then.

    UserError where the server will not have it, or the budget not even one request; where there are
    replies already the collection tells it.
    """
    with Journal(out / JOURNAL_FILE) as journal, progress:
        return asyncio.run(_collect(order, key, journal, progress))


async def _collect(order: Order, key: ApiKey, journal: Journal, progress: Progress) -> Collection:
    budget = Budget(order.limits, journal.spent, journal.unknown)
    async with ChatClient(order.teacher, key, order.timeout) as client:
        asker = Asker(
            client,
            journal,
            budget,
            at_once=order.concurrency,
            retries=order.retries,
            progress=progress,
        )
        rounds = Rounds(order, journal, asker, progress)
        samples = range(order.samples)
        firsts = await rounds.ask("first", (Wanted(q, n) for q in order.questions for n in samples))
        pairs = paired(firsts)
        hinted = await rounds.ask(
            "hinted", (Wanted(chain.question, chain.sample) for chain in to_rectify(pairs))
        )
        pairs = rectified(pairs, hinted)
        wrong = await rounds.ask(
            "contrasted",
            (Wanted(chain.question, chain.sample, chain.rationale) for chain in to_contrast(pairs)),
        )
        pairs = contrasted(pairs, wrong)
    used = sum(len(each.chains) for each in rounds.done.values())
    return Collection(rounds.done, pairs, budget, unused=len(journal) - used)

"""A round: requests of one purpose that are asked together, and the chains that come of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.collecting.asking import Asked, Asker
from harness.collecting.chains import Chain, ChainReader
from harness.collecting.chat_request import request_for
from harness.collecting.journal import Journal
from harness.collecting.order import Order
from harness.collecting.progress import Progress
from harness.collecting.prompts import Purpose
from tasks.records.record import CoTRecord

TITLES: dict[Purpose, str] = {
    "first": "first tries",
    "hinted": "second tries, told the answer",
    "contrasted": "wrong chains beside right ones",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chain to ask for; `rationale` is what the teacher is shown of an earlier one."""

    question: CoTRecord
    sample: int
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """The chains of so many requests, and what became of those without a reply."""

    requests: int
    chains: list[Chain]
    asked: Asked


class Rounds:
    """The rounds of a collection, one after the other; `done` holds those that were asked."""

    def __init__(self, order: Order, journal: Journal, asker: Asker, progress: Progress) -> None:
        self._order = order
        self._journal = journal
        self._asker = asker
        self._progress = progress
        self._reader = ChainReader(order.questions, order.teacher_name)
        self.done: dict[Purpose, Round] = {}

    async def ask(self, purpose: Purpose, wanted: Iterable[Wanted]) -> list[Chain]:
        """The chains of a round.

        None where the order has no prompt for it, or an earlier round was not asked to its end.
        """
        prompt = self._order.prompts.get(purpose)
        stopped = any(each.asked.over_budget or each.asked.ended for each in self.done.values())
        if prompt is None or stopped:
            return []
        requests = [
            request_for(each.question, each.sample, prompt, self._order.teacher, each.rationale)
            for each in wanted
        ]
        before = sum(self._journal.reply(each) is not None for each in requests)
        self._progress.start(TITLES[purpose], done=before, total=len(requests))
        asked = await self._asker.ask(requests)
        replies = [(each, self._journal.reply(each)) for each in requests]
        chains = [self._reader.read(request, reply) for request, reply in replies if reply]
        self.done[purpose] = Round(len(requests), chains, asked)
        return chains

"""A collection in rounds: first tries, second ones with a hint, wrong chains beside right ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.collecting.api_key import ApiKey
from harness.collecting.asking import Asked, Asker
from harness.collecting.budget import Budget, Limits
from harness.collecting.chains import Chain, ChainReader
from harness.collecting.chat_client import ChatClient
from harness.collecting.chat_request import ChatRequest, request_for
from harness.collecting.concurrency import Concurrency
from harness.collecting.journal import Journal
from harness.collecting.order import Order
from harness.collecting.pairing import (
    Pair,
    by_sample,
    contrasted,
    paired,
    rectified,
    to_contrast,
    to_rectify,
)
from harness.collecting.progress import Progress
from harness.collecting.prompts import Purpose
from tasks.errors import UserError
from tasks.records.record import CoTRecord

JOURNAL_FILE = "journal.jsonl"
ROUNDS: dict[Purpose, str] = {
    "first": "first tries",
    "hinted": "second tries, told the answer",
    "contrasted": "wrong chains beside right ones",
}


@dataclass(frozen=True, slots=True)
class Round:
    """The chains of one round, and what became of its requests without a reply."""

    requests: int
    chains: list[Chain]
    asked: Asked


@dataclass(frozen=True, slots=True)
class Collection:
    """The rounds so far, what their chains make together, and what all of it took."""

    rounds: dict[Purpose, Round]
    pairs: list[Pair]
    budget: Budget

    @property
    def over_budget(self) -> int:
        """How many requests the budget did not allow."""
        return sum(each.asked.over_budget for each in self.rounds.values())

    @property
    def unanswered(self) -> dict[str, str]:
        """Why requests were refused, or failed as often as they were asked; by request."""
        found: dict[str, str] = {}
        for each in self.rounds.values():
            found |= each.asked.refused | each.asked.failed
        return found


def collect(order: Order, key: ApiKey, out: Path, progress: Progress) -> Collection:
    """Ask for what the journal in `out` does not hold yet; all that there is then.

    UserError where the server will not have it, or the budget not even one request.
    """
    with Journal(out / JOURNAL_FILE) as journal, progress:
        return asyncio.run(_collect(order, key, journal, progress))


async def _collect(order: Order, key: ApiKey, journal: Journal, progress: Progress) -> Collection:
    budget = Budget(order.limits, journal.spent, journal.unknown)
    reader = ChainReader(order.questions, order.teacher_name)
    collection = Collection({}, [], budget)

    async with ChatClient(order.teacher, key, order.timeout) as client:
        asker = Asker(
            client,
            journal,
            budget,
            Concurrency(order.concurrency),
            retries=order.retries,
            progress=progress,
        )

        async def ask(purpose: Purpose, wanted: Iterable[_Wanted]) -> list[Chain]:
            prompt = order.prompts[purpose]
            requests = [
                request_for(each.question, each.sample, prompt, order.teacher, each.rationale)
                for each in wanted
            ]
            done = sum(journal.reply(each) is not None for each in requests)
            if requests:
                _check_budget(order.limits, budget, requests[0], done)
                progress.start(ROUNDS[purpose], done=done, total=len(requests))
            asked = await asker.ask(requests)
            replies = [(each, journal.reply(each)) for each in requests]
            chains = [reader.read(request, reply) for request, reply in replies if reply]
            collection.rounds[purpose] = Round(len(requests), chains, asked)
            return chains

        samples = range(order.samples)
        firsts = await ask("first", (_Wanted(q, n) for q in order.questions for n in samples))
        pairs = paired(firsts)
        if "hinted" in order.prompts and not collection.over_budget:
            hinted = await ask("hinted", map(_wanted, to_rectify(pairs)))
            pairs = rectified(pairs, by_sample(hinted))
        if "contrasted" in order.prompts and not collection.over_budget:
            wrong = await ask("contrasted", map(_wanted, to_contrast(pairs)))
            pairs = contrasted(pairs, by_sample(wrong))
        collection.pairs.extend(pairs)
    return collection


@dataclass(frozen=True, slots=True)
class _Wanted:
    question: CoTRecord
    sample: int
    rationale: str = ""


def _wanted(chain: Chain) -> _Wanted:
    """One more chain of the same question, which is shown what the chain says."""
    assert chain.record is not None
    return _Wanted(chain.request.question, chain.request.sample, chain.record.rationale)


def _check_budget(limits: Limits, budget: Budget, first: ChatRequest, done: int) -> None:
    most = first.most_tokens
    if not done and not limits.allow(budget.spent + most):
        spent = f", and {budget.spent.total:,} are spent" if budget.spent.total else ""
        raise UserError(
            f"the budget is too small: the first request may take {most.total:,} tokens{spent}; "
            "raise --budget-tokens or --budget, or lower --max-tokens"
        )

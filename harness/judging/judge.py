"""A judge of chains: who it is, how it is asked, and its verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.api_key import ApiKey
from harness.collecting.asking import Asked, Asker
from harness.collecting.budget import Budget, Limits
from harness.collecting.chat_client import ChatClient
from harness.collecting.chat_request import ChatRequest, Reply, request_for
from harness.collecting.journal import Journal
from harness.collecting.progress import Progress
from harness.collecting.prompts import Prompt
from harness.collecting.teacher import Teacher
from harness.judging.verdict import Verdict, read_verdict
from tasks.quality.steps import steps_of
from tasks.records.record import CoTRecord


@dataclass(frozen=True, slots=True)
class Judge:
    """A model of a server, the prompt that it gets, and what asking it may take.

    `concurrency` is the most requests at once, `timeout` in seconds, `retries` how often one is
    asked again.
    """

    model: Teacher
    prompt: Prompt
    limits: Limits
    concurrency: int
    timeout: float
    retries: int

    def request(self, record: CoTRecord) -> ChatRequest:
        """What it is asked about a chain: its numbered steps and the answer that it states.

        The gold answer is not told.
        """
        stated = replace(record, answer=record.teacher_answer)
        steps = enumerate(steps_of(record.rationale), start=1)
        numbered = "\n".join(f"{number}. {step}" for number, step in steps)
        return request_for(stated, 0, self.prompt, self.model, numbered)


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each chain the verdict, None where there is none; `unread` replies gave none.

    `asked` tells of those without a reply, `budget` what was spent on all.
    """

    verdicts: list[Verdict | None]
    unread: int
    asked: Asked
    budget: Budget


def judged(
    judge: Judge, records: Sequence[CoTRecord], key: ApiKey, journal: Path, progress: Progress
) -> Judged:
    """Ask about every chain that the journal has no reply for; all verdicts that there are then.

    UserError where the server will not have it, or the budget not even one request.
    """
    requests = [judge.request(record) for record in records]
    with Journal(journal) as kept, progress:
        before = sum(kept.reply(each) is not None for each in requests)
        progress.start(f"{judge.model.model} judges", done=before, total=len(requests))
        budget = Budget(judge.limits, kept.spent, kept.unknown)
        asked = asyncio.run(_ask(judge, requests, key, kept, budget, progress))
        replies = [kept.reply(each) for each in requests]
    verdicts = list(map(_verdict, records, replies))
    unread = sum(
        reply is not None and verdict is None
        for reply, verdict in zip(replies, verdicts, strict=True)
    )
    return Judged(verdicts, unread, asked, budget)


async def _ask(
    judge: Judge,
    requests: Sequence[ChatRequest],
    key: ApiKey,
    journal: Journal,
    budget: Budget,
    progress: Progress,
) -> Asked:
    async with ChatClient(judge.model, key, judge.timeout) as client:
        asker = Asker(
            client,
            journal,
            budget,
            at_once=judge.concurrency,
            retries=judge.retries,
            progress=progress,
        )
        return await asker.ask(requests)


def _verdict(record: CoTRecord, reply: Reply | None) -> Verdict | None:
    if reply is None or reply.is_cut:
        return None
    return read_verdict(reply.text, len(steps_of(record.rationale)))

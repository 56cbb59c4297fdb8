"""Many requests, so many at once as the server bears and the budget allows, until all have a reply.

What fails on the server's side waits its turn and is asked again; what ends the run lets requests
under way come home first, since they are paid.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.collecting.budget import Budget, Tokens
from harness.collecting.chat_client import ChatClient
from harness.collecting.chat_request import ChatRequest
from harness.collecting.concurrency import Concurrency
from harness.collecting.faults import Fault
from harness.collecting.journal import Journal
from harness.collecting.progress import Progress
from tasks.errors import UserError

FIRST_WAIT = 0.5  # seconds; each further one is twice as long
LONGEST_WAIT = 60.0
# A server that asks for more is left alone: the same command goes on later.
LONGEST_RETRY_AFTER = 600.0


@dataclass(order=True, slots=True)
class _Waiting:
    """A request that is to be sent, not before `due` (seconds of a clock that only goes forward).

    `failures` of its tries brought no reply; `replies_before` had come when it failed first.
    """

    due: float
    request: ChatRequest = field(compare=False)
    failures: int = field(default=0, compare=False)
    replies_before: int = field(default=0, compare=False)


@dataclass(slots=True)
class Asked:
    """Requests that got no reply, with the reason, and how many the budget did not allow.

    `ended`: why all further requests would have failed, None where they would not.
    """

    unanswered: list[tuple[ChatRequest, str]] = field(default_factory=list)
    over_budget: int = 0
    ended: UserError | None = None


class Asker:
    """Asks through one client, at most so many requests `at_once`; `retries` is how often one is
    asked again.
    """

    def __init__(
        self,
        client: ChatClient,
        journal: Journal,
        budget: Budget,
        *,
        at_once: int,
        retries: int,
        progress: Progress,
    ) -> None:
        self._client = client
        self._journal = journal
        self._budget = budget
        self._concurrency = Concurrency(at_once)
        self._retries = retries
        self._progress = progress
        self._ready: deque[_Waiting] = deque()
        self._later: list[_Waiting] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._held_until = 0.0
        self._replies = 0
        self._ends: UserError | None = None
        self._asked = Asked()

    async def ask(self, requests: Sequence[ChatRequest]) -> Asked:
        """Ask for what has no reply yet; UserError where none came ever, and none will.

        It returns when every request has a reply in the journal, or failed, or would fail, or is
        not within the budget any more.
        """
        self._asked = Asked()
        self._ready = deque(
            _Waiting(0.0, each) for each in requests if not self._journal.reply(each)
        )
        self._replies += len(requests) - len(self._ready)
        self._check_budget()
        try:
            await self._all()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._ends and not self._replies:
            raise self._ends
        self._asked.ended = self._ends
        self._asked.over_budget = 0 if self._ends else len(self._ready)
        return self._asked

    async def _all(self) -> None:
        while True:
            self._start_what_may_start()
            moment = self._next_moment()
            if self._under_way:
                done, self._under_way = await asyncio.wait(
                    self._under_way,
                    timeout=None if moment is None else max(moment - time.monotonic(), 0.0),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in done:
                    task.result()  # what nobody foresaw is raised here
            elif moment is not None:
                await asyncio.sleep(moment - time.monotonic())
            else:
                return

    def _check_budget(self) -> None:
        """UserError where nothing came so far and nothing can."""
        if self._replies or not self._ready:
            return
        most, spent = self._ready[0].request.most_tokens, self._budget.spent
        if not self._budget.limits.allow(spent + most):
            so_far = f", and {spent.total:,} are spent" if spent.total else ""
            raise UserError(
                f"the budget is too small: the first request may take {most.total:,} tokens"
                f"{so_far}; raise --budget-tokens or --budget, or lower --max-tokens"
            )

    def _start_what_may_start(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0].due <= now:
            self._ready.append(heapq.heappop(self._later))
        while (
            self._ready
            and not self._ends
            and now >= self._held_until
            and len(self._under_way) < self._concurrency.limit
            and self._budget.reserve(self._ready[0].request.most_tokens)
        ):
            self._under_way.add(asyncio.create_task(self._try(self._ready.popleft())))
        self._progress.show(len(self._under_way), self._budget)

    def _next_moment(self) -> float | None:
        """When something may start that may not start now; None where only a reply changes that."""
        if self._ends:
            return None
        moments = [each.due for each in self._later[:1]]
        if self._ready and self._held_until > time.monotonic():
            moments.append(self._held_until)
        return min(moments, default=None)

    async def _try(self, waiting: _Waiting) -> None:
        request, started = waiting.request, self._concurrency.start()
        self._journal.asked(request)
        try:
            reply = await self._client.ask(request)
        except Fault as fault:
            perhaps_paid = fault.verdict.perhaps_paid
            self._journal.failed(request, fault.what, perhaps_paid=perhaps_paid)
            if perhaps_paid:
                self._budget.write_off(request.most_tokens)
            else:
                self._budget.settle(request.most_tokens, Tokens())
            self._progress.fault()
            self._after(fault, waiting, started)
            return
        self._journal.answered(request, reply)
        self._budget.settle(request.most_tokens, reply.tokens or request.most_tokens)
        self._replies += 1
        self._concurrency.succeeded()
        self._progress.reply()

    def _after(self, fault: Fault, waiting: _Waiting, started: int) -> None:
        """What follows from a fault."""
        verdict, url = fault.verdict, waiting.request.teacher.base_url
        if verdict.overload:
            self._concurrency.overloaded(started)
        # Where nothing ever worked, the settings are wrong, and waiting mends nothing.
        if verdict.ends or (verdict.ends_at_first and not self._replies):
            self._ends = UserError(f"{url}: {fault.what}{fault.hint}")
        elif not verdict.again:
            self._asked.unanswered.append((waiting.request, fault.what))
        elif (fault.wait or 0.0) > LONGEST_RETRY_AFTER:
            self._ends = UserError(
                f"{url}: asks to wait for {fault.wait:.0f} s ({fault.what}); the same command "
                "goes on from here"
            )
        else:
            self._wait(fault, waiting)

    def _wait(self, fault: Fault, waiting: _Waiting) -> None:
        """Put the request back, unless it was asked often enough."""
        now = time.monotonic()
        if fault.wait:
            self._held_until = max(self._held_until, now + fault.wait)
        if not waiting.failures:
            waiting.replies_before = self._replies
        waiting.failures += 1
        if waiting.failures <= self._retries:
            pause = min(FIRST_WAIT * 2 ** (waiting.failures - 1), LONGEST_WAIT)
            # Spread, lest all that failed together is asked together.
            waiting.due = now + max(pause * random.uniform(0.5, 1.5), fault.wait or 0.0)
            heapq.heappush(self._later, waiting)
        elif self._replies > waiting.replies_before:
            self._asked.unanswered.append((waiting.request, fault.what))
        else:
            self._ends = UserError(
                f"{waiting.request.teacher.base_url}: fails ({fault.what}), asked "
                f"{waiting.failures} times; the same command goes on from here"
            )

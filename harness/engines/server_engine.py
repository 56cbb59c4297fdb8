"""Students on a server: whole texts are asked for, and put through the same stages as our own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import httpx

from harness.decoding.stages import DecodingPlan, Finished, Response, Stage
from harness.engines.engine import Drawing
from harness.engines.prefix_tree import PrefixTree
from harness.engines.replay import Replay
from harness.engines.served_model import ServedModel
from harness.engines.server_client import ServerClient
from harness.engines.wire_forms import TokenIds, WireForm
from tasks.errors import UserError
from trainers.settings import Precision

T = TypeVar("T")


class ServerEngine:
    """An `Engine`: a model of a server, asked through its client in the form that it knows.

    A cascade's second stage is a request of its own, with prompt, rationale and cue in front.
    """

    def __init__(
        self, client: ServerClient, served: ServedModel, form: WireForm, concurrency: int | None
    ) -> None:
        self._client = client
        self.served = served
        self._form = form
        self._concurrency = concurrency

    @property
    def base_url(self) -> str:
        """Where it is asked now."""
        return self._client.server.base_url

    def facts(self, precision: Precision) -> dict[str, Any]:
        """Who serves and what marks the boundaries of texts; the precision where it was ours to
        choose.
        """
        return {
            "engine": "server",
            "boundaries": self._form.name,
            "server": self.served.server,
            "command": self.served.command,
            "precision": precision if self.served.as_precise else None,
        }

    def decode(
        self,
        prompts: Sequence[Sequence[int]],
        plan: DecodingPlan,
        drawing: Drawing | None = None,
        *,
        at_once: int,
        report: Finished | None = None,
    ) -> list[Response]:
        """The settings of the server say how many requests are under way at once, too.

        Drawn tokens are the same ones again only on the same server.
        """
        if any(not prompt for prompt in prompts):
            raise ValueError("a prompt must hold at least one token")
        finished = 0

        async def write(http: httpx.AsyncClient, place: int) -> Response:
            nonlocal finished
            seed = None if drawing is None else _seed_of(drawing, place)
            response = await self._write(http, prompts[place], plan, drawing, seed)
            finished += 1
            if report:
                report(finished)
            return response

        return self._together(write, range(len(prompts)), self._concurrency or at_once)

    def continuation_scores(self, tree: PrefixTree, leaves: Sequence[int]) -> list[float]:
        """Each leaf's path is a prompt of its own, of which the server tells the probabilities.

        UserError where the server takes no token ids.
        """
        if any(len(tree.text(leaf)) == len(tree.segments[leaf]) for leaf in leaves):
            raise ValueError("nothing stands before a continuation")
        if not isinstance(self._form, TokenIds):
            raise self._fault(
                "takes no token ids, which probing by probabilities needs; leave probing out, or "
                "use vLLM or the local engine"
            )

        async def score(http: httpx.AsyncClient, leaf: int) -> float:
            return await self._score(http, tree.text(leaf), len(tree.segments[leaf]))

        return self._together(score, leaves, self._concurrency or len(leaves))

    def close(self) -> None:
        """End the server if it was started for this student."""
        self._client.server.close()

    async def _write(
        self,
        http: httpx.AsyncClient,
        prompt: Sequence[int],
        plan: DecodingPlan,
        drawing: Drawing | None,
        seed: str | None,
    ) -> Response:
        """One request, stage by stage."""
        replay = Replay(prompt, plan)
        while (stage := replay.stage) != Stage.FINISHED:
            asked = self._form.request(
                replay.ids, replay.room, plan, answering=stage != Stage.RATIONALE
            )
            # A text that was cut short goes on with other draws.
            how = _drawn(drawing, f"{seed} {int(stage)} {replay.step}")
            choice = await self._choice(http, asked | how)
            try:
                written = self._form.written(choice)
            except ValueError as error:
                raise self._fault(str(error)) from None
            if not written.ids and not written.ended:
                raise self._fault("wrote nothing, and did not end")
            replay.take(written.ids, ended=written.ended)
        return replay.response()

    async def _score(self, http: httpx.AsyncClient, ids: list[int], count: int) -> float:
        """The log probability of the last `count` of these tokens."""
        if not count:
            return 0.0
        asked = {"prompt": ids, "max_tokens": 1, "temperature": 0, "prompt_logprobs": 0}
        told = (await self._choice(http, asked)).get("prompt_logprobs") or []
        try:
            last = zip(ids[-count:], told[-count:], strict=True)
            return float(sum(among[str(token)]["logprob"] for token, among in last))
        except (KeyError, TypeError, ValueError):
            raise self._fault(
                "tells no log probabilities of a prompt's tokens (prompt_logprobs), which probing "
                "needs"
            ) from None

    async def _choice(self, http: httpx.AsyncClient, asked: dict[str, Any]) -> dict[str, Any]:
        return await self._client.choice(http, {"model": self.served.name} | asked)

    def _fault(self, what: str) -> UserError:
        return UserError(f"{self.base_url}: {what}")

    def _together(
        self, work: Callable[[httpx.AsyncClient, int], Awaitable[T]], on: Sequence[int], most: int
    ) -> list[T]:
        """The work on all of them, at most so many at once; the first error ends all others."""

        async def all_of_it() -> list[T]:
            free = asyncio.Semaphore(most)

            async def one(number: int) -> T:
                async with free:
                    return await work(http, number)

            async with self._client.connections(most) as http:
                tasks = [asyncio.create_task(one(number)) for number in on]
                try:
                    return await asyncio.gather(*tasks)
                except BaseException:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                    raise

        return asyncio.run(all_of_it())


def _seed_of(drawing: Drawing, place: int) -> str:
    return f"{drawing.seeds[place // drawing.requests_each]} {place % drawing.requests_each}"


def _drawn(drawing: Drawing | None, seed: str) -> dict[str, Any]:
    """The fields that say how tokens are chosen."""
    if drawing is None:
        return {"temperature": 0}
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) >> 1
    return {"temperature": drawing.temperature, "top_p": drawing.top_p, "seed": number}

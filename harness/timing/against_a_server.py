"""Benchmark: the local engine, a server asked by ours, and the same server in a bare loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing

import httpx

from harness.decoding.stages import DecodingPlan
from harness.engines.server_client import COMPLETIONS
from harness.engines.server_engine import ServerEngine
from harness.engines.server_settings import server_of
from harness.evaluation.open_student import open_student
from harness.timing.benchmark import Benchmark
from harness.timing.interleaved import Timing, interleaved
from tasks.problem import question_prompt
from tasks.procedural.suite import training_records
from trainers.protocol import Protocol

REQUESTS = 64
AT_ONCE = 32
NEW_TOKENS = 64
LOCAL, SERVED, BARE = "local engine", "server engine", "bare client loop"


def against_a_server(student: str, assignments: Sequence[str], *, rounds: int) -> Benchmark:
    """A student's source, and the `--server KEY=VALUE` arguments."""
    timing = time_engines(student, assignments, rounds=rounds)
    return Benchmark(
        ratios=[(timing, LOCAL, SERVED, "at most 1.25"), (timing, SERVED, BARE, "at most 1.1")],
        rates=[
            f"responses a second: {name} {REQUESTS / timing.median(name):.2f}"
            for name in (LOCAL, SERVED, BARE)
        ],
    )


def time_engines(student: str, assignments: Sequence[str], *, rounds: int) -> Timing:
    """Seconds of 64 greedy texts of at most 64 tokens in float32, 32 at a time, in three ways.

    The prompts are generated questions, and all ways write the same. Before the first round that
    counts the server has seen all of them, so its prefix cache serves both who ask it alike.
    """
    protocol = Protocol(method="as_it_is", suffix="", cascade=False)
    here = open_student(student, protocol=protocol)
    records = training_records(seed=0, per_family=-(-REQUESTS // 8))[:REQUESTS]
    prompts = [
        here.facts.tokenizer(question_prompt(r.description, r.question)).input_ids for r in records
    ]
    plan = DecodingPlan(here.facts.eos_ids, None, NEW_TOKENS, 0)
    with closing(open_student(student, protocol=protocol, server=server_of(assignments))) as there:
        engine = there.engine
        assert isinstance(engine, ServerEngine)
        return interleaved(
            {
                LOCAL: lambda: here.engine.decode(prompts, plan, at_once=AT_ONCE),
                SERVED: lambda: engine.decode(prompts, plan, at_once=AT_ONCE),
                BARE: lambda: asyncio.run(_bare_loop(engine, prompts, plan.eos_ids)),
            },
            rounds=rounds,
        )


async def _bare_loop(
    engine: ServerEngine, prompts: Sequence[Sequence[int]], eos_ids: Sequence[int]
) -> None:
    """All prompts posted, nothing made of what comes back."""
    free = asyncio.Semaphore(AT_ONCE)
    body = {
        "model": engine.served.name,
        "max_tokens": NEW_TOKENS,
        "temperature": 0,
        "stop_token_ids": list(eos_ids),
        "return_token_ids": True,
    }
    async with httpx.AsyncClient(timeout=None, trust_env=False) as http:

        async def ask(prompt: Sequence[int]) -> None:
            async with free:
                asked = body | {"prompt": list(prompt)}
                answer = await http.post(f"{engine.base_url}{COMPLETIONS}", json=asked)
                answer.raise_for_status().json()

        await asyncio.gather(*map(ask, prompts))

"""Requests to a server of the chat completions API; a reply, or a fault that says what follows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, cast

import httpx2
import openai

from harness.api_key import ApiKey
from harness.collecting.budget import Tokens
from harness.collecting.chat_request import ChatRequest, Reply
from harness.collecting.faults import (
    BROKEN,
    HOPELESS,
    SLOW,
    UNREACHABLE,
    WRONG_ADDRESS,
    Fault,
    fault_of_status,
    shortened,
)
from harness.collecting.teacher import OPENAI, Teacher
from tasks.scoring.thoughts import part_thoughts

SECONDS_TO_CONNECT = 10.0
# Where servers put what a model thought before it answered.
THOUGHTS = ("reasoning_content", "reasoning")
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_NO_REPLY = (
    *(ValueError, OverflowError, KeyError, IndexError, TypeError, AttributeError, RecursionError),
)


class ChatClient:
    """A client of the teacher's server that asks each request once; each gets `timeout` seconds."""

    def __init__(self, teacher: Teacher, key: ApiKey, timeout: float) -> None:
        self._server = teacher.base_url
        self._timeout = timeout
        self._key = key
        # Whatever the environment holds for OpenAI is not for others to see.
        foreign = () if teacher.base_url == OPENAI else ("OpenAI-Organization", "OpenAI-Project")
        unsent = (*foreign, *(() if key.secret else ("Authorization",)))
        self._headers: dict[str, Any] = {name: openai.Omit() for name in unsent}
        self._client = openai.AsyncOpenAI(
            api_key=key.secret or "none",
            admin_api_key="",
            base_url=teacher.base_url,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=httpx2.Timeout(timeout, connect=min(timeout, SECONDS_TO_CONNECT)),
                # Proxies are for other machines.
                trust_env=not teacher.is_near,
            ),
        )

    async def __aenter__(self) -> ChatClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def ask(self, request: ChatRequest) -> Reply:
        """The reply; Fault where none came. The key is in neither."""
        try:
            # The client's own limit is on silence: a server that sends blanks meanwhile never meets
            # it.
            async with asyncio.timeout(self._timeout):
                raw = await self._client.chat.completions.with_raw_response.create(
                    model=request.teacher.model,
                    messages=cast(Any, request.messages),
                    extra_body=request.body,  # fields of any server, unknown to the client
                    extra_headers=self._headers,
                )
        except TimeoutError:
            raise self._too_slow() from None
        except openai.APIStatusError as error:
            fault = fault_of_status(error.status_code, error.response.headers, error.body)
            raise self._hidden(fault) from None
        except openai.APIConnectionError as error:  # time-outs among them
            raise self._hidden(self._fault_of_connection(error)) from None
        return self._reply(raw.http_response.text)

    def _reply(self, text: str) -> Reply:
        try:
            content = json.loads(text)
            choice = content["choices"][0]
            message = choice["message"]
            said = message.get("content") or ""
            thought = next((message[name] for name in THOUGHTS if message.get(name)), "")
        except _NO_REPLY:
            raise self._hidden(Fault(f"what it answers is no reply ({text})", BROKEN)) from None
        if not (isinstance(said, str) and isinstance(thought, str)):
            raise Fault("answers with something else than text", HOPELESS)
        return Reply(
            text=self._kept(with_thought(said, thought)),
            finish_reason=self._kept(str(choice.get("finish_reason") or "")),
            tokens=_tokens(content.get("usage")),
            model=self._kept(str(content.get("model") or "")),
            server=self._server,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _kept(self, text: str) -> str:
        """A text as files may hold it: without the key, and without halves of characters.

        These come from gateways that cut texts by UTF-16 units; no JSON reader takes them back.
        """
        return self._key.hide_in_reply(text).encode(errors="replace").decode()

    def _fault_of_connection(self, error: openai.APIConnectionError) -> Fault:
        if isinstance(error.__cause__, _NOT_SENT):
            return Fault(str(error.__cause__), UNREACHABLE, hint=WRONG_ADDRESS)
        if isinstance(error, openai.APITimeoutError):
            return self._too_slow()
        return Fault(str(error.__cause__ or error), BROKEN)

    def _too_slow(self) -> Fault:
        return Fault(f"no reply in {self._timeout:g} s", SLOW)

    def _hidden(self, fault: Fault) -> Fault:
        """The fault without the key, on one line."""
        # Shortened first, a key could be cut in two and no longer be found.
        fault.what = shortened(self._key.hide(fault.what))
        return fault


def with_thought(said: str, thought: str) -> str:
    """A thought that the server keeps apart, between tags before what was said.

    One that ends in nothing said was cut off: it has no closing tag.
    """
    if not thought or part_thoughts(said).thought:
        return said
    return f"<think>\n{thought}\n</think>\n\n{said}" if said.strip() else f"<think>\n{thought}"


def _tokens(usage: Any) -> Tokens | None:
    """What a server says that a reply took, None where it says nothing that can be read."""
    try:
        tokens = Tokens(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
    except _NO_REPLY:
        return None
    # A prompt is never nothing: who says so does not count.
    return tokens if tokens.prompt > 0 and tokens.completion >= 0 else None

"""From the settings of a server to an engine that is ready to be asked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from harness.api_key import ApiKey, read_key
from harness.engines.served_model import ServedModel, served_model
from harness.engines.server import FoundServer, Server, with_v1
from harness.engines.server_client import Refused, ServerClient
from harness.engines.server_engine import ServerEngine
from harness.engines.server_settings import ServerSettings
from harness.engines.started_server import StartedServer, Tell, refuse_missing_program
from harness.engines.wire_forms import PlainText, TokenIds, WireForm
from trainers.settings import Precision


def open_server(
    settings: ServerSettings,
    location: str,
    tokenizer: Any,
    precision: Precision,
    *,
    log: Path | None,
    tell: Tell,
) -> ServerEngine:
    """The engine of the student that lies there.

    A server that is started writes to `log`, or to a temporary file. UserError where there is no
    key or no server, where it serves another student and where it knows neither token ids nor text.
    """
    key = _key(settings)
    server: Server
    if settings.base_url is not None:
        server = FoundServer(with_v1(settings.base_url))
    else:
        server = StartedServer(settings, location, precision, log=log, tell=tell)
    try:
        client = ServerClient(server, settings, key)
        served = served_model(client, settings, location)
        form = _form(client, served, tokenizer)
    except BaseException:
        server.close()
        raise
    return ServerEngine(client, served, form, settings.concurrency)


def refuse_missing_server(settings: ServerSettings) -> None:
    """UserError, before anything is asked, where the server is down, there is no program to start
    it with, or the key is not set.
    """
    key = _key(settings)
    if settings.base_url is None:
        refuse_missing_program(settings)
    else:
        server = FoundServer(with_v1(settings.base_url))
        ServerClient(server, settings, key).get(f"{server.base_url}/models")


def _key(settings: ServerSettings) -> ApiKey:
    return read_key(settings.api_key_env, settings.base_url or "decoding.server.command")


def _form(client: ServerClient, served: ServedModel, tokenizer: Any) -> WireForm:
    """Token ids if the server takes and returns them, else text: found out by asking once."""
    text = PlainText(tokenizer)
    one = {"model": served.name, "max_tokens": 1, "temperature": 0}
    prompt = tokenizer("1 + 1 =")["input_ids"]

    async def ask(more: dict[str, Any]) -> dict[str, Any]:
        async with client.connections(1) as http:
            return await client.choice(http, one | more)

    try:
        choice = asyncio.run(ask({"prompt": prompt, "return_token_ids": True}))
        if choice.get("token_ids"):
            return TokenIds()
    except Refused:
        pass
    asyncio.run(ask({"prompt": text.text(prompt)}))
    return text

"""Requests to a server: what fails on its side is asked again, all else told in one line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from harness.api_key import ApiKey
from harness.engines.server import Server
from harness.engines.server_settings import ServerSettings
from tasks.errors import UserError
from tasks.visible import visible

COMPLETIONS = "/completions"
FIRST_WAIT = 0.5  # seconds; each further one is twice as long
SECONDS_TO_CONNECT = 10.0
BUSY = 429
SERVER_FAULT = 500
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_MESSAGE = 300


class Refused(UserError):
    """The server understood a request, and will not have it."""


class ServerClient:
    """One server's clients, made by the settings; the key is in no message of theirs."""

    def __init__(self, server: Server, settings: ServerSettings, key: ApiKey) -> None:
        self.server = server
        self._settings = settings
        self._key = key

    def connections(self, most: int) -> httpx.AsyncClient:
        """Connections for so many requests that are under way together."""
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
        return httpx.AsyncClient(limits=limits, **self._how())

    async def choice(self, http: httpx.AsyncClient, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The completion that is asked for.

        Refused where the server will not have the request, UserError where it fails as often as it
        is asked, and where it answers something else.
        """
        match await self._completion(http, asked):
            case {"choices": [dict(choice), *_]}:
                return choice
        raise UserError(f"{self.server.base_url}: answers without any choice")

    async def _completion(
        self, http: httpx.AsyncClient, asked: Mapping[str, Any]
    ) -> dict[str, Any]:
        waits = [FIRST_WAIT * 2**n for n in range(self._settings.retries)]
        for wait in (*waits, None):
            url = f"{self.server.base_url}{COMPLETIONS}"
            try:
                # httpx's own limit is on silence: a server that sends blanks meanwhile never meets
                # it.
                async with asyncio.timeout(self._settings.timeout):
                    response = await http.post(url, json=asked)
                if response.is_success:
                    return _content(response)
                fault = self._fault(response)
                if response.status_code < SERVER_FAULT and response.status_code != BUSY:
                    raise Refused(f"{url}: refuses a request ({fault})")
            except TimeoutError:
                fault = f"no answer in {self._settings.timeout:g} s"
            except (httpx.RequestError, ValueError) as error:
                fault = self._why(error)
            self.server.mend()
            if wait is not None:
                await asyncio.sleep(wait)
        raise UserError(f"{url}: fails ({fault}), asked {len(waits) + 1} times")

    def get(self, url: str) -> dict[str, Any]:
        """The JSON at an address of the server's, asked once; UserError where there is none."""
        try:
            with httpx.Client(**self._how()) as http:
                response = http.get(url)
            if response.is_success:
                return _content(response)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise UserError(f"{url}: no server answers ({self._why(error)})") from None
        except ValueError as error:
            raise UserError(f"{url}: fails ({self._why(error)})") from None
        raise UserError(f"{url}: fails ({self._fault(response)})")

    def _how(self) -> dict[str, Any]:
        # Proxies are for other machines.
        near = urlsplit(self.server.base_url).hostname in LOOPBACK
        return {
            "timeout": httpx.Timeout(self._settings.timeout, connect=SECONDS_TO_CONNECT),
            "headers": {"Authorization": f"Bearer {key}"} if (key := self._key.secret) else {},
            "trust_env": not near,
        }

    def _fault(self, response: httpx.Response) -> str:
        """What the server says of a request that failed; some repeat its key."""
        text = response.text
        try:
            content = response.json()
            told = content.get("error", content.get("detail", text))
            text = str(told.get("message", told)) if isinstance(told, dict) else str(told)
        except (ValueError, AttributeError, RecursionError):
            pass
        said = self._said(text)
        return f"{response.status_code}: {said}" if said else str(response.status_code)

    def _why(self, error: Exception) -> str:
        return self._said(str(error)) or type(error).__name__

    def _said(self, text: str) -> str:
        """What somebody else says, without the key, on one line that fits into a message."""
        # Shortened first, a key could be cut in two and no longer be found.
        return visible(" ".join(self._key.hide(text).split()))[:LONGEST_MESSAGE]


def _content(response: httpx.Response) -> dict[str, Any]:
    """The object that was answered; ValueError for anything else."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ValueError("what it answers is no JSON object")
    return content

"""Who is asked for chains, and how: model, server, sampling settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tasks.errors import UserError

OPENAI = "https://api.openai.com/v1"
# These want the limit by its newer name, which others do not know.
NEWER_NAMES = ("api.openai.com", ".openai.azure.com")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen; None leaves a setting to the server. `extra`: further fields."""

    max_tokens: int
    temperature: float | None = None
    top_p: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types, without what is left to the server."""
        told = {"max_tokens": self.max_tokens, "temperature": self.temperature, "top_p": self.top_p}
        return {name: value for name, value in told.items() if value is not None} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model of a server of the chat completions API; `base_url` goes up to and with `/v1`."""

    model: str
    base_url: str
    sampling: Sampling

    @property
    def is_near(self) -> bool:
        """Whether the server is on this machine."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    def body(self, messages: Sequence[Message]) -> dict[str, Any]:
        """What a request for one chain holds."""
        asked = self.sampling.to_json()
        if str(urlsplit(self.base_url).hostname).endswith(NEWER_NAMES):
            asked["max_completion_tokens"] = asked.pop("max_tokens")
        return {"model": self.model, "messages": list(messages), **asked}


def server_url(url: str) -> str:
    """An address as users give it, with or without `/v1`.

    UserError where it is none, or holds what belongs into the environment.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or any(character.isspace() for character in url):
        raise UserError("--base-url: expected an address such as http://127.0.0.1:8000/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UserError(
            "--base-url: give the bare address; a key is read from the environment (--api-key-env)"
        )
    url = url.rstrip("/").removesuffix("/chat/completions")
    return url if urlsplit(url).path else f"{url}/v1"

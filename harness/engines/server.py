"""A server as its clients know it, and one that somebody else keeps."""

from __future__ import annotations

import typing
from dataclasses import dataclass


class Server(typing.Protocol):
    """Where requests go; the address of one that had to be started again changes."""

    @property
    def base_url(self) -> str:
        """Up to and with `/v1`."""

    def mend(self) -> None:
        """Called where it failed: one of ours that has died is started again.

        UserError where that was done too often.
        """

    def close(self) -> None:
        """End it, if it is ours."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that is there, and that nobody here can mend."""

    base_url: str

    def mend(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def with_v1(url: str) -> str:
    """An address as users give it, with or without `/v1`."""
    url = url.rstrip("/").removesuffix("/completions")
    return url if url.endswith("/v1") else f"{url}/v1"

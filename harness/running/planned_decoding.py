"""How an experiment has its students decoded: by which engine, and under which limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    PlainValidator,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from harness.decoding.decoding_settings import BaseDecoding, DecodingSettings
from harness.engines.server_settings import ServerSettings

SERVER_KEYS = tuple(ServerSettings.model_fields)


def _limit_or_auto(given: Any) -> int | Literal["auto"]:
    if given == "auto":
        return "auto"
    if type(given) is not int or given < 1:
        raise ValueError(f"expected a number of tokens or auto, not {given!r}")
    return given


class PlannedDecoding(BaseDecoding):
    """Settings as an experiment names them: its training rationales may set their own limit.

    `engine` says who answers: weights in our own process, or the `server`.
    """

    max_rationale_tokens: Annotated[int | Literal["auto"], PlainValidator(_limit_or_auto)] = 512
    engine: Literal["local", "server"] = "local"
    server: ServerSettings | None = None

    @model_validator(mode="after")
    def _names_its_server(self) -> PlannedDecoding:
        if self.engine == "server" and self.server is None:
            raise ValueError("engine: server needs server.base_url or server.command")
        return self

    @model_serializer(mode="wrap")
    def _as_before_engines(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Runs of the local engine read as those from before there was another."""
        content: dict[str, Any] = handler(self)
        if self.engine == "local" and self.server is None:
            for key in ("engine", "server"):
                content.pop(key, None)
        return content

    @property
    def asked_server(self) -> ServerSettings | None:
        """The server that answers, None where our own process does."""
        return self.server if self.engine == "server" else None

    @property
    def is_auto(self) -> bool:
        """Whether the training rationales set their limit."""
        return self.max_rationale_tokens == "auto"

    def settled(self, auto: int) -> DecodingSettings:
        """The settings, with this limit where the experiment leaves it open."""
        limit = {"max_rationale_tokens": auto} if self.is_auto else {}
        given = self.model_dump(include=set(DecodingSettings.model_fields))
        return DecodingSettings(**given | limit)

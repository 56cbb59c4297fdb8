"""Which model a server serves, and in which form it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.engines.server_client import ServerClient
from harness.engines.server_settings import PRECISION, ServerSettings
from tasks.errors import UserError
from tasks.visible import visible


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A student as its server knows it.

    `name` is what requests ask for; `context` the most tokens that the server lets it see, None
    where it does not say; `server` what kind of server it is, `command` what started it. In
    `as_precise` the command chose the precision that the settings ask for.
    """

    name: str
    context: int | None
    server: str
    command: str | None
    as_precise: bool


def served_model(client: ServerClient, settings: ServerSettings, location: str) -> ServedModel:
    """The student of that directory or hub id among the server's models.

    UserError where the server is down, or does not serve it. A server that lists no models is taken
    at its word where its name of the student is given, or where it was started with it.
    """
    listed = _models(client.get(f"{client.server.base_url}/models"))
    found = next((model for model in listed if _is(model, settings.model, location)), {})
    ours = settings.command is not None
    if not found and (listed or not (settings.model or ours)):
        names = ", ".join(visible(str(model.get("id"))) for model in listed) or "no model"
        raise UserError(
            f"{client.server.base_url}: serves {names}, not "
            f"{visible(settings.model or location)}; start it with that student, or name it as the "
            "server does with decoding.server.model"
        )
    root = found.get("root")
    if root and Path(root).is_dir() and Path(location).is_dir() and not _same(root, location):
        raise UserError(
            f"{client.server.base_url}: serves {visible(root)} as {settings.model}, not "
            f"{visible(location)}"
        )
    return ServedModel(
        name=str(found.get("id") or settings.model or location),
        context=context if isinstance(context := found.get("max_model_len"), int) else None,
        server=_kind(client, found),
        command=settings.command,
        as_precise=ours and PRECISION in str(settings.command),
    )


def _models(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The models in what a server answers, none where it answers something else."""
    models = told.get("data")
    return (
        [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    )


def _is(model: dict[str, Any], name: str | None, location: str) -> bool:
    if name:
        return model.get("id") == name
    return any(_same(str(told), location) for told in (model.get("id"), model.get("root")) if told)


def _same(told: str, location: str) -> bool:
    return told == location or (
        Path(location).is_dir() and Path(told).resolve() == Path(location).resolve()
    )


def _kind(client: ServerClient, model: dict[str, Any]) -> str:
    """Who the server says that it is, with its version where it tells one (as vLLM does)."""
    kind = str(model.get("owned_by") or "")
    try:
        root = client.server.base_url.removesuffix("/v1")
        version = client.get(f"{root}/version")["version"]
    except (UserError, KeyError, TypeError):
        return kind
    return f"{kind} {version}".strip()

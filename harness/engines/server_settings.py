"""Which server answers for students, and how it is spoken to."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pydantic import Field, model_validator

from tasks.errors import UserError
from tasks.files import yaml_value
from trainers.settings import Settings

# What a command may name: the student's directory, the port to listen on, the precision of weights.
CHECKPOINT, PORT, PRECISION = "{checkpoint}", "{port}", "{precision}"


class ServerSettings(Settings):
    """A server of the OpenAI completions API: one that is there, or one that is started.

    Either `base_url`, up to and with `/v1`, or `command`, which is run for every checkpoint with
    `{checkpoint}`, `{port}` and `{precision}` filled in and `env` added to the environment. `model`
    is the name that the server gives the student where that is not its directory. `concurrency`
    requests are under way at a time, by default as many as a batch holds, each of at most `timeout`
    seconds; one that fails on the server's side is asked `retries` times more, at growing
    distances. The key is read from the environment variable that `api_key_env` names. A server that
    is started gets `startup_timeout` seconds and is started again at most `restarts` times.
    """

    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    command: str | None = None
    env: dict[str, str] = Field(default_factory=dict)
    model: str | None = None
    concurrency: int | None = Field(default=None, gt=0)
    timeout: float = Field(default=600, gt=0)
    retries: int = Field(default=5, ge=0)
    api_key_env: str | None = None
    startup_timeout: float = Field(default=900, gt=0)
    restarts: int = Field(default=2, ge=0)

    @model_validator(mode="after")
    def _one_server(self) -> ServerSettings:
        if (self.base_url is None) == (self.command is None):
            raise ValueError("give base_url (a server that is there) or command (one to start)")
        if self.base_url is not None and set(self.base_url) & set("@?#"):
            raise ValueError(
                "base_url: give the bare address; a key is read from the environment (api_key_env)"
            )
        if self.command is None and self.env:
            raise ValueError("env is for a server that is started by a command")
        for name in (CHECKPOINT, PORT) if self.command is not None else ():
            if name not in str(self.command):
                raise ValueError(f"command: lacks {name}")
        try:
            shlex.split(self.command or "")
        except ValueError as error:
            raise ValueError(f"command: {str(error).lower()}") from None
        return self


def server_of(assignments: Sequence[str]) -> ServerSettings | None:
    """`--server KEY=VALUE` arguments; None where there are none, UserError where one is wrong."""
    if not assignments:
        return None
    values = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise UserError(f"--server {assignment}: expected KEY=VALUE")
        values[key] = yaml_value(value, f"--server {assignment}")
    return ServerSettings.given(values, "--server")

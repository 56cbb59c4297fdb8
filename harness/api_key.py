"""The key of a server: from the environment into the request, and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from tasks.errors import UserError

HIDDEN = "[key]"
OPENAI_KEY = "OPENAI_API_KEY"
# Shorter ones (EMPTY, token, test) are placeholders and words, which chains of thought may hold.
SHORTEST_SECRET = 12


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, or "" where a server is asked without one; it shows itself to nobody who prints it."""

    secret: str = field(repr=False)

    def hide(self, text: str) -> str:
        """The text without the key: servers repeat it in what they say of a request."""
        return text.replace(self.secret, HIDDEN) if self.secret else text

    def hide_in_reply(self, text: str) -> str:
        """The same for what a model wrote, but for a key that could be a word of it."""
        return self.hide(text) if len(self.secret) >= SHORTEST_SECRET else text


def read_key(variable: str | None, url: str) -> ApiKey:
    """The key in that variable; none where no variable is named.

    UserError where it is not set, or holds what no header may (a line end from a file).
    """
    if variable is None:
        return ApiKey("")
    if not (secret := os.environ.get(variable, "").strip()):
        raise UserError(f"{url} wants a key: put it into the environment variable {variable}")
    if not (secret.isascii() and secret.isprintable()):
        raise UserError(f"the variable {variable} holds characters that no key has")
    return ApiKey(secret)

"""Failed writes, said in words."""

from __future__ import annotations

import errno
from pathlib import Path

from tasks.errors import UserError


def cannot_write(path: Path, error: OSError) -> UserError:
    """What to tell a user whose disk refused a write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            f"{path}: no space left on the disk; free some and start the same command again, "
            "it goes on after the last finished batch"
        )
    return UserError(f"{path}: cannot be written ({error.strerror})")


def write_text(path: Path, text: str) -> None:
    """Write a file that a user asked for, and its folder; UserError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from None

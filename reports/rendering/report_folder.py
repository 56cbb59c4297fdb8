"""A report's files into its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tasks.errors import UserError


def write_folder(files: Mapping[str, str | bytes], directory: Path) -> Path:
    """Write the files, by their path in `directory`; figures of an earlier report go. UserError on failure."""
    try:
        for stale in (directory / "figures").glob("*.*"):
            stale.unlink()
        for name, content in files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        raise UserError(f"{directory}: the report cannot be written ({error.strerror})") from None
    return directory

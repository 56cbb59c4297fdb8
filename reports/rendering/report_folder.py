"""A report's files into its folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tasks.files import write_whole


def write_folder(files: Mapping[str, str | bytes], directory: Path) -> Path:
    """Write the files, by their path in `directory`; figures of an earlier report go.

    UserError where the disk refuses.
    """
    for stale in (directory / "figures").glob("*.*"):
        with suppress(OSError):
            stale.unlink()
    for name, content in files.items():
        write_whole(directory / name, content)
    return directory

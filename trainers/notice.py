"""What must be said wherever a student's results stand: a file that travels with its weights."""

from __future__ import annotations

from pathlib import Path

from tasks.files import read_text, write_whole

NOTICE_FILE = "NOTICE"


def read_notice(location: str | Path) -> str:
    """The terms and cautions beside a student's weights; "" for most."""
    file = Path(location) / NOTICE_FILE
    return read_text(file).strip() if file.is_file() else ""


def write_notice(location: str | Path, notice: str) -> None:
    """Lay a notice beside the weights that it is of; none where there is nothing to say."""
    if notice:
        write_whole(Path(location) / NOTICE_FILE, f"{notice}\n")

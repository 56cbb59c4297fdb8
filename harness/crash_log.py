"""What the command leaves behind of an error that nobody foresaw: its traceback, in a file."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tasks.errors import UserError
from tasks.files import write_whole

# Names the folder of the log files; without it they go to the user's state directory.
FOLDER_VARIABLE = "CASCOD_LOG_DIR"


def write_crash_log(error: BaseException, arguments: Sequence[str]) -> Path | None:
    """Write the traceback with the command line; None where not even a temporary folder takes
    it.
    """
    name = f"crash-{datetime.now():%Y-%m-%dT%H-%M-%S.%f}-{os.getpid()}.log"
    text = (
        f"cascod {' '.join(map(repr, arguments))}\n\n{''.join(traceback.format_exception(error))}"
    )
    for folder in (_log_folder(), Path(tempfile.gettempdir())):
        try:
            write_whole(folder / name, text.encode(errors="backslashreplace"))
        except UserError:
            continue
        return folder / name
    return None


def _log_folder() -> Path:
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "cascod"

"""Run a command that ends with whoever started it, however that one ends.

    python warden.py COMMAND...

The command gets a group of processes of its own. It is ended when it ends itself, or when standard
input closes: the starter holds the other end of that pipe, and even a SIGKILL closes it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

SECONDS_TO_END = 15.0


def main(command: list[str]) -> int:
    """The command's exit status; 128 and the signal's number where a signal ended it."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_end_with_starter, args=(process,), daemon=True).start()
    status = process.wait()
    # Whatever it left behind.
    _signal(process, signal.SIGKILL)
    return status if status >= 0 else 128 - status


def _end_with_starter(process: subprocess.Popen[bytes]) -> None:
    # Not through a buffer, whose lock an interpreter that ends would wait for.
    while os.read(sys.stdin.fileno(), 1):
        pass
    _signal(process, signal.SIGTERM)
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

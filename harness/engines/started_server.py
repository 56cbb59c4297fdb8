"""A server that is started for one student, and ends with it or with this process."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from harness.engines import warden
from harness.engines.server_settings import CHECKPOINT, PORT, PRECISION, ServerSettings
from tasks.errors import UserError
from tasks.visible import visible
from trainers.settings import Precision

HOST = "127.0.0.1"
SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BETWEEN_LINES = 15.0
STILL_LOADING = 503
TAKEN = "address already in use"
# How often another port is tried where somebody was quicker.
PORTS = 3
LAST_LINES = 3

Tell = Callable[[str], None]


class StartedServer:
    """A `Server` of the command that the settings give; it is ready when this returns.

    What it says goes into `log`, by default a temporary file that goes when the server is closed,
    but stays where it died; `tell` hears how its start goes. UserError where the command is not
    found, ends at once or is not ready in time.
    """

    def __init__(
        self,
        settings: ServerSettings,
        checkpoint: str,
        precision: Precision,
        *,
        log: Path | None,
        tell: Tell,
    ) -> None:
        refuse_missing_program(settings)
        self._settings = settings
        self._filled_in = {CHECKPOINT: checkpoint, PRECISION: precision}
        self._log = log or _temporary_file()
        self._log_goes = log is None
        self._tell = tell
        self._starts_left = settings.restarts
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    @property
    def base_url(self) -> str:
        """On this machine, at the port that was free when it was started last."""
        return f"http://{HOST}:{self._port}/v1"

    def mend(self) -> None:
        """Start it again if it has died; UserError where it did so too often."""
        if self._process is None or self._process.poll() is None:
            return
        if not self._starts_left:
            raise UserError(
                f"decoding.server.command: the server died {self._settings.restarts + 1} times; "
                f"{self._last_words()}"
            )
        self._starts_left -= 1
        self._tell(f"the server died (exit status {self._process.returncode}), starting it again")
        self._start()

    def close(self) -> None:
        """End it, with all processes that it started."""
        lives = self._process is not None and self._process.poll() is None
        self._end()
        if lives and self._log_goes:
            self._log.unlink(missing_ok=True)

    def _end(self) -> None:
        if (process := self._process) is None:
            return
        self._process = None
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(warden.SECONDS_TO_END + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> None:
        for last in (*[False] * (PORTS - 1), True):
            self._port = free_port()
            self._process = self._launched()
            try:
                if self._is_ready():
                    return
            except BaseException:
                self._end()
                raise
            if last or TAKEN not in self._tail().lower():
                raise UserError(
                    "decoding.server.command: the server ended while it started (exit status "
                    f"{self._process.returncode}); {self._last_words()}"
                )

    def _launched(self) -> subprocess.Popen[bytes]:
        """The command under its warden."""
        filled_in = self._filled_in | {PORT: str(self._port)}
        command = [_filled(part, filled_in) for part in shlex.split(str(self._settings.command))]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            log.write(f"\n$ {shlex.join(command)}\n".encode())
            log.flush()
            return subprocess.Popen(
                [sys.executable, "-I", warden.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | self._settings.env,
                # Ctrl-C is for us, who then end it in good order.
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        """Wait until it answers; whether it lived to do so. UserError where that takes too long."""
        assert self._process is not None
        started = told = time.monotonic()
        while self._process.poll() is None:
            if _answers(f"{self.base_url}/models"):
                return True
            now = time.monotonic()
            if now - started > self._settings.startup_timeout:
                raise UserError(
                    "decoding.server.command: the server was not ready after "
                    f"{self._settings.startup_timeout:.0f} s (startup_timeout); "
                    f"{self._last_words()}"
                )
            if now - told > SECONDS_BETWEEN_LINES:
                told = now
                self._tell(f"the server has been starting for {now - started:.0f} s")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return False

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._tail().splitlines() if line.strip()]
        said = " | ".join(visible(line) for line in lines[-LAST_LINES:])
        return f"the end of {self._log}: {said}"

    def _tail(self) -> str:
        """The last 4 KiB of what it said."""
        with self._log.open("rb") as log:
            log.seek(max(self._log.stat().st_size - 4096, 0))
            return log.read().decode(errors="replace")


def _temporary_file() -> Path:
    file, name = tempfile.mkstemp(prefix="cascod-server-", suffix=".log")
    os.close(file)
    return Path(name)


def refuse_missing_program(settings: ServerSettings) -> None:
    """UserError where the program that the command starts with is not found."""
    program, *_ = shlex.split(str(settings.command))
    environment = os.environ | settings.env
    if shutil.which(program, path=environment.get("PATH")) is None:
        raise UserError(f"decoding.server.command: no program {visible(program)} was found")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


def _filled(part: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        part = part.replace(name, value)
    return part


def _answers(url: str) -> bool:
    """Whether it is there, and not still loading; what else may be wrong with it is told later."""
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code != STILL_LOADING
    except httpx.TransportError:
        return False

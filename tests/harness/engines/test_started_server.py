"""A server that is started for a student ends with it, whatever happens to either."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import completions_server
import psutil
import pytest
from test_floors import ROOT

from harness.decoding.decoding_settings import DecodingSettings
from harness.engines.server_settings import ServerSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.reply import Reply
from harness.evaluation.student import Request
from tasks.errors import UserError

REQUESTS = [Request(f"sums/{n}", f"Q: What is {n} + {n}?\n\nA:") for n in range(6)]
SETTINGS = DecodingSettings(max_rationale_tokens=12, max_answer_tokens=4)
SERVE = f"{sys.executable} {completions_server.__file__} {{checkpoint}} --port {{port}}"

Checkpoint = Callable[[str], Path]


def command(more: str = "", *, run: str = SERVE, restarts: int = 1) -> ServerSettings:
    return ServerSettings(
        command=f"{run} {more}",
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        restarts=restarts,
        startup_timeout=120,
    )


def replies(student: OpenStudent) -> tuple[Reply, ...]:
    return AskedStudent(student).reply(REQUESTS, SETTINGS).replies


def servers() -> list[psutil.Process]:
    """Processes of the test server that are alive, whoever started them."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if completions_server.__file__ in (process.info["cmdline"] or [])
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_it_answers_and_ends(checkpoint: Checkpoint, tmp_path: Path) -> None:
    folder = str(checkpoint("cascod"))
    log = tmp_path / "cell" / "server.log"
    student = open_student(folder, server=command(), log=log)
    with closing(student):
        assert servers()
        assert replies(student) == replies(open_student(folder))
        facts = AskedStudent(student).generation(SETTINGS)
        assert facts["command"] == command().command
        assert facts["precision"] is None  # the command does not say it
    assert not servers()
    assert f"{folder} --port" in log.read_text()


def test_its_temporary_log_goes_where_it_ended_well_and_stays_where_it_died(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = str(checkpoint("cascod"))
    with closing(open_student(folder, server=command())):
        [log] = tmp_path.iterdir()
    assert not log.exists()
    with pytest.raises(UserError, match="no program vllmm was found"):
        open_student(folder, server=command(run="vllmm serve {checkpoint} --port {port}"))
    assert not list(tmp_path.iterdir())
    with closing(open_student(folder, server=command("--die-after 1", restarts=0))) as student:
        [log] = tmp_path.iterdir()
        with pytest.raises(UserError, match=str(log)):
            replies(student)
    assert "--die-after 1" in log.read_text()


@pytest.mark.slow
def test_one_that_dies_is_started_again_and_goes_on(checkpoint: Checkpoint, tmp_path: Path) -> None:
    folder = str(checkpoint("cascod"))
    once = f"--die-after 7 --die-once {tmp_path / 'died'}"
    student = open_student(folder, server=command(once), log=tmp_path / "server.log")
    with closing(student):
        assert replies(student) == replies(open_student(folder))
    assert (tmp_path / "server.log").read_text().count("$ ") == 2


@pytest.mark.slow
def test_one_that_dies_again_and_again_is_given_up(checkpoint: Checkpoint, tmp_path: Path) -> None:
    folder = str(checkpoint("cascod"))
    student = open_student(folder, server=command("--die-after 3"), log=tmp_path / "server.log")
    with closing(student), pytest.raises(UserError) as error:
        replies(student)
    assert str(error.value).startswith("decoding.server.command: the server died 2 times; ")
    assert "\n" not in str(error.value)
    assert not servers()


def test_what_cannot_be_started_is_told_in_one_line(
    weights: Path, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    checkpoint("cascod")
    log = tmp_path / "server.log"
    with pytest.raises(UserError, match="no program vllmm was found"):
        open_student(str(weights), server=command(run="vllmm serve {checkpoint} --port {port}"))
    broken = f"{sys.executable} -c 'raise SystemExit(\"bad\")' {{checkpoint}} {{port}}"
    with pytest.raises(UserError, match=r"ended while it started \(exit status 1\).*bad") as error:
        open_student(str(weights), server=command(run=broken), log=log)
    assert "\n" not in str(error.value)
    silent = f"{sys.executable} -c 'import time; time.sleep(600)' {{checkpoint}} {{port}}"
    slow = command(run=silent).model_copy(update={"startup_timeout": 1.0})
    with pytest.raises(UserError, match="not ready after 1 s"):
        open_student(str(weights), server=slow, log=log)


@pytest.mark.slow
def test_a_port_that_somebody_took_meanwhile_is_given_up_for_another(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.engines import started_server

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free = started_server.free_port
        ports = iter([int(taken.getsockname()[1])])
        monkeypatch.setattr(started_server, "free_port", lambda: next(ports, 0) or free())
        student = open_student(
            str(checkpoint("cascod")), server=command(), log=tmp_path / "server.log"
        )
    with closing(student):
        assert replies(student)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_does_not_outlive_who_started_it(
    how: signal.Signals, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    # Where tests run in the background Ctrl-C is ignored, and whoever is started inherits that.
    code = f"""
        import signal
        import time
        from pathlib import Path
        from harness.engines.server_settings import ServerSettings
        from harness.evaluation.open_student import open_student
        signal.signal(signal.SIGINT, signal.default_int_handler)
        settings = ServerSettings.model_validate_json({command().model_dump_json()!r})
        log = Path({str(tmp_path / "server.log")!r})
        student = open_student({str(checkpoint("cascod"))!r}, server=settings, log=log)
        Path({str(tmp_path / "ready")!r}).touch()
        time.sleep(600)
    """
    starter = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    wait_until((tmp_path / "ready").exists, 120)
    assert servers()
    starter.send_signal(how)
    starter.wait(60)
    wait_until(lambda: not servers())

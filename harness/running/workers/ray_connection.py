"""The driver's connection to a Ray cluster."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import ray
from ray._private import worker

from tasks.errors import UserError

SECONDS_TO_CONNECT = 10.0


@contextmanager
def connected(address: str | None) -> Iterator[None]:
    """Be a driver of the cluster at `address` while the context lasts.

    With None it is the cluster of RAY_ADDRESS, else the one that this machine is part of, else a
    new one of this machine alone. UserError where it cannot be reached.
    """
    where = address or os.environ.get("RAY_ADDRESS", "")
    if "://" in where:
        raise UserError(
            f"workers: {where}: give the address of the cluster itself (HOST:6379) and start the "
            "command on one of its nodes, or send it there with `ray job submit`"
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # What workers print, and what Ray says of lost ones, would talk over the progress board; all
    # of it lies in Ray's session directory.
    worker._worker_logs_enabled = False
    try:
        if ":" in where:
            _knock(where)
        ray.init(address, logging_level=logging.CRITICAL, log_to_driver=False)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"workers: no Ray cluster at {where or 'this machine'} ({reason}); `ray status` shows "
            "whether one is up"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def _knock(where: str) -> None:
    """OSError where nobody listens: Ray itself would try for minutes."""
    host, _, port = where.rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_CONNECT).close()

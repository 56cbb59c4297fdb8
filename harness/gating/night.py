"""A gate that remembers every checkpoint."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.logs.samples import Side


def gate_night(candidate: Side, args: argparse.Namespace) -> int:
    """Hold a checkpoint against the history, and add it."""
    raise NotImplementedError

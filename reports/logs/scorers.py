"""What a log says of the scorer that judged its answers, and whether two of them agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reports.logs.results_file import results_beside
from reports.logs.run_files import RUN_FILE
from reports.logs.sample_files import Log
from reports.statistics.scale import Correct
from tasks.errors import UserError
from tasks.files import read_json

UNKNOWN = "an unknown scorer"
METRIC = "metric "
# What stands before a metric's name in lm-eval's logs, in tables and in Inspect's logs.
KINDS = (METRIC, "column ", "scorer ")


def scorer_of(log: Log, metric: str, filter_name: str | None) -> str:
    """Metric, filter, rule and task version of a samples file, as far as its directory tells."""
    return ", ".join(_parts(log, metric, filter_name))


def metric_in(scorer: str) -> str:
    """The metric that a scorer's words begin with."""
    first = scorer.partition(",")[0]
    kind = next((kind for kind in KINDS if first.startswith(kind)), "")
    return first.removeprefix(kind)


def refuse_other_scores(
    scorers: Sequence[str],
    where: str,
    correct: Sequence[Correct],
    responses: Sequence[NDArray[np.int64]],
) -> None:
    """UserError where two systems gave the same responses throughout and got different scores.

    Both arrays of a system have shape (seeds, items). Such a difference is one of scorers, not of
    systems.
    """
    if np.array_equal(responses[0], responses[1]) and not np.array_equal(correct[0], correct[1]):
        changed = int((correct[0] != correct[1]).any(axis=0).sum())
        raise UserError(
            f"{where}: {' and '.join(scorers)} gave the same responses, yet {changed} of "
            f"{correct[0].shape[1]} items are scored differently: the scorers differ; score both "
            "with the same one"
        )


def _parts(log: Log, metric: str, filter_name: str | None) -> Iterator[str]:
    folder = log.path.parent
    yield f"{METRIC}{metric}"
    if filter_name:
        yield f"filter {filter_name}"
    if rule := read_json(folder / RUN_FILE, needed=False).get("rule"):
        yield f"rule {rule}"
    versions = results_beside(log.path, log.date).get("versions")
    if isinstance(versions, dict) and log.task in versions:
        yield f"version {versions[log.task]}"

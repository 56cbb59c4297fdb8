"""Asks the other packages about a run; the script that runs where they are installed.

    .venv-peers/bin/python reports/peers/calls.py

Each line of standard input is a question, each line of standard output its answer, both JSON; the
first line says which versions answer. Nothing of ours is imported here, since that environment need
not have it. Every package is called as its README has it for two runs on the same items, with what
it takes of seeds and clusters; where it has no place for seeds it is given each item's mean over
them.
"""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

# An environment where packages are missing must still come to say which.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.05
# By default 10,000 (evalsig) and 5,000 (deltagate); fewer change p by noise alone.
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """Outcomes (seeds, items) of both sides, and the clusters (items,) where items have any."""

    candidate: Floats
    baseline: Floats
    clusters: list[int] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the package calls the sides different at 5%, and its 95% interval."""

    differs: bool
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Peer:
    """A package: how it compares, and the lower end of its one-sided 95% interval, for a gate.

    `called`, `bound_called` and `seeds` and `clusters` say in words what was called and what
    becomes of a run's seeds and clusters.
    """

    compares: Callable[[Run], Answer]
    bound: Callable[[Run], float]
    called: str
    bound_called: str
    seeds: str
    clusters: str


def errorbars_compares(run: Run) -> Answer:
    """As `errorbars compare` does: a question's samples averaged, then the paired comparison."""
    found = _errorbars(run, 1 - LEVEL)
    if run.clusters is None:
        return Answer(found.p_value < LEVEL, found.ci_low, found.ci_high)
    return Answer(found.p_value_clustered < LEVEL, found.ci_low_clustered, found.ci_high_clustered)


def errorbars_bound(run: Run) -> float:
    """There is no one-sided interval, so the lower end of the two-sided 90% one."""
    found = _errorbars(run, 1 - 2 * LEVEL)
    return float(found.ci_low if run.clusters is None else found.ci_low_clustered)


def _errorbars(run: Run, confidence: float) -> Any:
    from errorbars.compare import paired_compare

    means = run.candidate.mean(axis=0), run.baseline.mean(axis=0)
    return paired_compare(*means, clusters=run.clusters, confidence=confidence)


def evalsig_compares(run: Run) -> Answer:
    """`compare` with its own choice of method: McNemar, permutation, or bootstrap of clusters."""
    from evalsig import compare

    found = compare(*_frames(run), n_resamples=RESAMPLES, cluster=_evalsig_cluster(run))
    return Answer(found.significant, *found.ci)


def evalsig_bound(run: Run) -> float:
    """The same, one-sided."""
    from evalsig import compare

    found = compare(
        *_frames(run), n_resamples=RESAMPLES, cluster=_evalsig_cluster(run), one_sided=True
    )
    return float(found.ci[0])


def evalsig_gate(run: Run) -> bool:
    """Whether `evalsig.gate` allows the candidate, with the `min_delta` of its README."""
    from evalsig import gate

    found = gate(
        *_frames(run), min_delta=0.005, n_resamples=RESAMPLES, cluster=_evalsig_cluster(run)
    )
    return str(found.verdict.value) == "ALLOW"


def _frames(run: Run) -> list[Any]:
    from evalsig import ItemResult, RunFrame

    clusters = [None] * run.baseline.shape[1] if run.clusters is None else map(str, run.clusters)
    names = [(f"{item:06d}", cluster) for item, cluster in enumerate(clusters)]
    return [
        RunFrame(
            run_id=name,
            model_id=name,
            task_id="task",
            metric_name="accuracy",
            items=[
                ItemResult(item_id=item, score=float(score), cluster_id=cluster)
                for (item, cluster), score in zip(names, side.mean(axis=0), strict=True)
            ],
        )
        for name, side in (("baseline", run.baseline), ("candidate", run.candidate))
    ]


def _evalsig_cluster(run: Run) -> str | None:
    return None if run.clusters is None else "cluster"


def evalstats_compares(run: Run) -> Answer:
    """`compare` over models, seeds in the column of runs, with its own choice of method."""
    pair = _evalstats(run, LEVEL)
    return Answer(pair["p_value"] < LEVEL, pair["ci_low"], pair["ci_high"])


def evalstats_bound(run: Run) -> float:
    """There is no one-sided interval, so the lower end of the two-sided 90% one."""
    return float(_evalstats(run, 2 * LEVEL)["ci_low"])


def _evalstats(run: Run, alpha: float) -> dict[str, Any]:
    import evalstats

    several = len(run.baseline) > 1
    rows = [
        {"model": name, "item": f"{item:06d}", "score": float(score)}
        | ({"run": seed} if several else {})
        for name, side in (("candidate", run.candidate), ("baseline", run.baseline))
        for seed, scores in enumerate(side)
        for item, score in enumerate(scores)
    ]
    found = evalstats.compare(evalstats.load_from(rows), factors="model", alpha=alpha)
    [pair] = found.to_dict()["pairwise"]
    if pair["a"] == "candidate":
        return dict(pair)
    return {**pair, "ci_low": -pair["ci_high"], "ci_high": -pair["ci_low"]}


def deltagate_compares(run: Run) -> Answer:
    """`evaluate_comparison` and its verdict; it knows no clusters, `paired_delta` does."""
    import deltagate

    if run.clusters is not None:
        found = _paired_delta(run, 1 - LEVEL)
        return Answer(found["p_value"] < LEVEL, found["lower"], found["upper"])
    report = deltagate.evaluate_comparison(
        run.candidate.mean(axis=0).tolist(), run.baseline.mean(axis=0).tolist(), n_boot=RESAMPLES
    )
    return Answer(report.significant, report.paired["lower"], report.paired["upper"])


def deltagate_bound(run: Run) -> float:
    """There is no one-sided interval, so the lower end of the two-sided 90% one."""
    return float(_paired_delta(run, 1 - 2 * LEVEL)["lower"])


def _paired_delta(run: Run, level: float) -> dict[str, float]:
    import deltagate

    means = run.candidate.mean(axis=0).tolist(), run.baseline.mean(axis=0).tolist()
    return dict(deltagate.paired_delta(*means, level=level, clusters=run.clusters))


PEERS = {
    "errorbars": Peer(
        errorbars_compares,
        errorbars_bound,
        "errorbars.compare.paired_compare(a, b, clusters=)",
        "the same, confidence=0.9: ci_low",
        "no parameter; sample is for repeated generations, averaged within a question",
        "clusters=",
    ),
    "evalsig": Peer(
        evalsig_compares,
        evalsig_bound,
        f"evalsig.compare(a, b, cluster=, n_resamples={RESAMPLES})",
        "the same, one_sided=True: ci[0]",
        "no parameter; of epoch all but the first are passed over, so means are given",
        "cluster=",
    ),
    "evalstats": Peer(
        evalstats_compares,
        evalstats_bound,
        'evalstats.compare(load_from(rows), factors="model")',
        "the same, alpha=0.1: ci_low",
        "the column run, also called seed; taken as repeats of an item",
        "no parameter",
    ),
    "deltagate": Peer(
        deltagate_compares,
        deltagate_bound,
        f"deltagate.evaluate_comparison(a, b, n_boot={RESAMPLES}).significant; "
        "with clusters paired_delta(a, b, clusters=)",
        "paired_delta(a, b, level=0.9, clusters=): lower",
        "no parameter",
        "clusters= of paired_delta; none of evaluate_comparison",
    ),
}


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What every package says of one run: of the difference, or whether it passes a gate."""
    import numpy as np

    run = Run(
        candidate=np.asarray(question["candidate"], dtype=float),
        baseline=np.asarray(question["baseline"], dtype=float),
        clusters=question["clusters"],
    )
    if question["margin"] is None:
        answers = {name: peer.compares(run) for name, peer in PEERS.items()}
        return {
            name: [bool(each.differs), float(each.lower), float(each.upper)]
            for name, each in answers.items()
        }
    passes = {name: bool(peer.bound(run) > -question["margin"]) for name, peer in PEERS.items()}
    return {**passes, "evalsig.gate": evalsig_gate(run)}


def installed() -> dict[str, str]:
    """The version of every package that is there."""
    found = {}
    for name in PEERS:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def main() -> int:
    """Say the versions, then answer line by line until the questions end."""
    out = sys.stdout
    print(json.dumps(installed()), file=out, flush=True)
    warnings.simplefilter("ignore")
    # What a package prints must not come between the answers.
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Logged samples of one system from Inspect's `.eval` files, and its older `.json` ones.

A task's scorer is the metric; of a scorer that gives several values at once, one of these. Epochs
and generation seeds draw the same model again; they are no training seeds: epochs are averaged
within their item, and of several evaluations the newest counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.items import Item, ItemKey
from reports.logs.clusters import cluster_in, own_clusters, unnamed_clusters
from reports.logs.logged_sample import FOREIGN_ROLE, response_hash
from reports.logs.sample_files import Log, again_later, newest
from reports.logs.sample_texts import Texts
from reports.logs.samples import LOOKED_AT, Outcome, Side, refuse_twice, score_in, side_of
from tasks.errors import UserError

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample
    from inspect_ai.model import ChatMessage

ENDING = ".eval"
SHOWN = 3
NOT_FOR_SCORES = {"messages", "events", "store", "attachments", "timelines", "error_retries"}
NOT_FOR_TEXTS = {"events", "store", "timelines", "error_retries"}
# As Inspect counts them: partial credit is half of it, no answer is no right answer.
VERDICTS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
# How a log of Inspect begins that is written as JSON; the version of a tokenizer beside it is text.
_JSON_LOG = re.compile(
    rb'\s*\{\s*("version"\s*:\s*\d+\s*,\s*)?("status"\s*:\s*"[a-z]+"\s*,|"eval"\s*:\s*\{)'
)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One log. `asked` are the task's arguments and the solvers with theirs."""

    log: Log
    asked: str
    status: str


def read_inspect_side(path: Path, *, metric: str | None = None, cluster: str | None = None) -> Side:
    """One log, or all below a directory, as one system.

    A seed is a model with its arguments, base URL and roles; its logs of different tasks merge, and
    the newest finished evaluation of a task counts; `notes` says so. `cluster` is the field of the
    metadata that samples of one cluster share. UserError where inspect_ai is not installed, a log
    is broken or unfinished, a sample has no score, seeds were asked different items, or the scorer
    must be chosen with `metric`: its name, or "name.value" of one that gives several.
    """
    chosen, notes = _choose([_header(file) for file in inspect_files(path)])
    for evaluation in chosen:
        _refuse_unfinished(evaluation)
    logs = [evaluation.log for evaluation in chosen]
    seeds = {
        seed: [
            outcome
            for log in logs
            if log.seed == seed
            for outcome in _read_log(log, metric, cluster)
        ]
        for seed in dict.fromkeys(log.seed for log in logs)
    }
    files = {log.task: log.path for log in logs if log.seed == logs[0].seed}
    scorers = {log.task: f"scorer {metric}" for log in logs if metric}
    side = side_of(str(path), seeds, partial(_read_texts, files), notes, scorers, {})
    if cluster is None and own_clusters(side.items):
        side = replace(side, notes=(*side.notes, *_shared_fields(files)))
    return side


def inspect_files(path: Path) -> list[Path]:
    """The logs of Inspect below a directory, or the one that a path names."""
    if not path.is_dir():
        return [path] if path.suffix == ENDING or _is_json_log(path) else []
    older = (file for file in path.rglob("*.json") if _is_json_log(file))
    return sorted((*path.rglob(f"*{ENDING}"), *older))


def _is_json_log(path: Path) -> bool:
    if path.suffix != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        return _JSON_LOG.match(file.read(200)) is not None


def _shared_fields(files: Mapping[str, Path]) -> Iterator[str]:
    """A note on every task whose metadata have a field that looks like a cluster."""
    for task, path in files.items():
        samples = _open(path, exclude_fields=NOT_FOR_SCORES).samples or []
        if advice := unnamed_clusters([sample.metadata for sample in samples[:LOOKED_AT]]):
            yield f"{task}: {advice}"


def _header(path: Path) -> _Evaluation:
    spec = (header := _open(path, header_only=True)).eval
    roles = {name: _models(models) for name, models in (spec.model_roles or {}).items()}
    url = {"base_url": spec.model_base_url} if spec.model_base_url else {}
    details = url | spec.model_args | ({"roles": roles} if roles else {})
    return _Evaluation(
        Log(
            path=path,
            task=spec.task,
            date=spec.created,
            seed=f"{spec.model} {_json(details)}" if details else spec.model,
        ),
        asked=_json([spec.task_args, [(step.solver, step.params) for step in header.plan.steps]]),
        status=header.status,
    )


def _models(configs: Any) -> list[Any]:
    several = configs if isinstance(configs, list) else [configs]
    return [[config.model, config.base_url, config.args] for config in several]


def _choose(evaluations: Sequence[_Evaluation]) -> tuple[list[_Evaluation], list[str]]:
    """The newest finished evaluation of every task and seed, and notes on all others."""
    chosen, passed_over = newest(
        sorted(evaluations, key=_worth), lambda each: (each.log.seed, each.log.task), _worth
    )
    notes = []
    for known, each in passed_over:
        if known.asked != each.asked:
            raise UserError(
                f"{each.log.task} has other arguments or solvers in {each.log.path} than in "
                f"{known.log.path}; keep such evaluations in directories of their own"
            )
        if known.status == "success":
            notes.append(again_later(known.log.path, known.log.task, each.log.path))
        else:
            notes.append(
                f"{known.log.path}: {known.log.task} did not finish; {each.log.path} counts"
            )
    return sorted(chosen, key=_worth), notes


def _worth(evaluation: _Evaluation) -> tuple[bool, str, Path]:
    return evaluation.status == "success", evaluation.log.date, evaluation.log.path


def _refuse_unfinished(evaluation: _Evaluation) -> None:
    path = evaluation.log.path
    if evaluation.status != "success":
        raise UserError(
            f"{path}: the evaluation did not finish (its status is {evaluation.status}); finish it "
            "with `inspect eval-retry`"
        )


def _read_log(log: Log, metric: str | None, cluster: str | None) -> list[Outcome]:
    """One log's outcomes by a scorer, epochs averaged; UserError where a sample has none."""
    samples = _open(log.path, exclude_fields=NOT_FOR_SCORES).samples or []
    if not samples:
        raise UserError(f"{log.path}: no samples in this log; evaluate with log_samples on")
    _refuse_some(
        log.path, "were invalidated", len(samples), (s.id for s in samples if s.invalidation)
    )
    _refuse_some(log.path, "ended with an error", len(samples), (s.id for s in samples if s.error))
    metric = metric or _only_scorer(log.path, samples)
    _refuse_some(log.path, f"have no {metric} score", len(samples), _without_score(samples, metric))
    by_epoch: dict[int, list[EvalSample]] = {}
    by_id: dict[int | str, list[tuple[EvalSample, float]]] = {}
    for sample in samples:
        by_epoch.setdefault(sample.epoch, []).append(sample)
        by_id.setdefault(sample.id, []).append((sample, _score(log.path, sample, metric)))
    for of_epoch in by_epoch.values():
        refuse_twice(log.path, ((str(sample.id),) for sample in of_epoch))
    return [_outcome(log, drawn, cluster) for drawn in by_id.values()]


def _outcome(log: Log, drawn: Sequence[tuple[EvalSample, float]], cluster: str | None) -> Outcome:
    """An item's outcome over its epochs."""
    scores = [score for _, score in drawn]
    said = [_said(sample, score) for sample, score in drawn]
    return Outcome(
        _item(log, drawn[0][0], cluster),
        sum(scores) / len(scores),
        response_hash(_bytes(said if len(said) > 1 else said[0])),
        draws=len(scores),
    )


def _refuse_some(path: Path, what: str, count: int, ids: Iterator[int | str]) -> None:
    if faulty := list(ids):
        few = ", ".join(map(str, faulty[:SHOWN])) + (", ..." if len(faulty) > SHOWN else "")
        raise UserError(f"{path}: {len(faulty)} of {count} samples {what} ({few})")


def _only_scorer(path: Path, samples: Sequence[EvalSample]) -> str:
    names = list(
        dict.fromkeys(
            name if part is None else f"{name}.{part}"
            for sample in samples
            for name, score in (sample.scores or {}).items()
            for part in (score.value if isinstance(score.value, dict) else [None])
        )
    )
    if len(names) > 1:
        raise UserError(f"{path}: several scorers; choose one with --metric: {', '.join(names)}")
    if not names:
        raise UserError(f"{path}: no sample was scored; score it with `inspect score`")
    return names[0]


def _without_score(samples: Sequence[EvalSample], metric: str) -> Iterator[int | str]:
    for sample in samples:
        value = _value(sample, metric)
        # Inspect marks what a scorer could not score by NaN, the only value unlike itself.
        if value is None or value != value:
            yield sample.id


def _value(sample: EvalSample, metric: str) -> Any:
    """The score that is called so, "scorer" or "scorer.value"; None where there is none."""
    scores = sample.scores or {}
    if metric in scores:
        return scores[metric].value
    name, _, part = metric.rpartition(".")
    value = scores[name].value if name in scores else None
    return value.get(part) if isinstance(value, dict) else None


def _score(path: Path, sample: EvalSample, metric: str) -> float:
    value = _value(sample, metric)
    if isinstance(value, str) and value in VERDICTS:
        return VERDICTS[value]
    if isinstance(value, int | float):
        return score_in(value, metric, f"{path}: sample {sample.id}")
    parts = f"; choose {metric}.{next(iter(value))}" if isinstance(value, dict) and value else ""
    raise UserError(
        f"{path}: {metric} of sample {sample.id} is {value!r}; a comparison needs a number, or "
        f"right (C), partly right (P) or wrong (I, N), for every item{parts}"
    )


def _item(log: Log, sample: EvalSample, field: str | None) -> Item:
    task, cluster = log.task, sample.metadata.get("cluster")
    if field is not None:
        cluster = cluster_in(sample.metadata, field, f"{log.path}: sample {sample.id}")
    return Item(
        suite=task,
        role=FOREIGN_ROLE,
        task=task,
        id=str(sample.id),
        cluster=cluster if isinstance(cluster, str) else f"{task}/{sample.id}",
        doc_hash=_doc_hash(sample),
        gold=_gold(sample),
    )


def _gold(sample: EvalSample) -> str:
    return sample.target if isinstance(sample.target, str) else _json(sample.target)


def _doc_hash(sample: EvalSample) -> str:
    """Of the question alone; a message's own id, new at every run, is no part of it."""
    asked: Any = sample.input
    if not isinstance(asked, str):
        asked = [
            message.model_dump(mode="json", include={"role", "content"}, exclude_none=True)
            for message in asked
        ]
    return blake2b(_bytes([asked, sample.choices, sample.target]), digest_size=16).hexdigest()


def _said(sample: EvalSample, score: float) -> Any:
    """What was said and how it was judged: a model that grades may judge the same text anew."""
    said = [choice.message.text for choice in sample.output.choices] or sample.output.completion
    return [said, bool(score) if score in (0, 1) else score]


def _read_texts(files: Mapping[str, Path], wanted: Collection[ItemKey]) -> dict[ItemKey, Texts]:
    """Texts of the wanted items from Inspect logs, one a task."""
    from inspect_ai.log import read_eval_log_samples_by_id

    found: dict[ItemKey, Texts] = {}
    for task, path in files.items():
        keys = [key for key in wanted if key.task == task]
        samples = read_eval_log_samples_by_id(
            path,
            [(key.id, 1) for key in keys],
            resolve_attachments="core",
            exclude_fields=NOT_FOR_TEXTS,
        )
        for key, sample in zip(keys, samples, strict=True):
            found[key] = Texts(_prompt(sample), _gold(sample), sample.output.completion)
    return found


def _prompt(sample: EvalSample) -> str:
    """All messages before the model's first."""
    sent: list[ChatMessage] = []
    for message in sample.messages:
        if message.role == "assistant" and message.source == "generate":
            break
        sent.append(message)
    if not sent and isinstance(sample.input, str):
        return sample.input
    return "\n\n".join(message.text for message in sent)


def _open(path: Path, **options: Any) -> EvalLog:
    try:
        from inspect_ai.log import read_eval_log
    except ImportError:
        raise UserError(
            f"{path}: reading a log of Inspect needs the extra `inspect`: `pip install "
            "'.[inspect]'` in the checkout"
        ) from None
    if not path.is_file():
        raise UserError(f"{path}: no such file or directory")
    try:
        return read_eval_log(path, format="eval" if path.suffix == ENDING else "json", **options)
    # What Inspect raises for a broken file is not documented, and differs with what is broken.
    except Exception as error:
        raise UserError(f"{path}: not a log that Inspect can read ({_first_line(error)})") from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _bytes(value: Any) -> bytes:
    return _json(value).encode()

"""Logged samples in the forms that the Hugging Face hub reads.

A `model-index` stands in the front matter of a model's card
(https://github.com/huggingface/hub-docs/blob/main/modelcard.md). Entries of `.eval_results/*.yaml`
feed leaderboards (https://huggingface.co/docs/hub/eval-results) and need a data set of the hub.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reports.logs.results_file import object_of, results_beside
from reports.logs.sample_files import has_samples, logs_below
from reports.logs.samples import Side
from reports.logs.scorers import metric_in
from reports.rendering.numerals import counted
from reports.rendering.units import Unit, unit_of
from reports.statistics.intervals import Interval, mean_score
from reports.statistics.scale import scale_of
from reports.statistics.weights import task_design


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What lm-eval's results file says of a task; None where it does not, or there is none.

    `dataset` is an id on the hub or a builder's name, `config` one of its configurations, `split`
    the one that was asked, `shots` the number of worked examples in the prompt.
    """

    dataset: str | None = None
    config: str | None = None
    split: str | None = None
    shots: int | None = None


@dataclass(frozen=True, slots=True)
class TaskScore:
    """A system's mean score on one task, over items and training seeds; `metric` as the hub names
    it, `unit` how the score is written, `scorer` None where nothing tells it.
    """

    task: str
    facts: TaskFacts
    metric: str
    unit: Unit
    interval: Interval
    items: int
    seeds: int
    scorer: str | None

    @property
    def notes(self) -> str:
        """What the figure alone does not tell."""
        low, high = self.unit.level(self.interval.lower), self.unit.level(self.interval.upper)
        seeds = f", mean of {self.seeds} training seeds" if self.seeds > 1 else ""
        shots = None if self.facts.shots is None else f"{self.facts.shots}-shot"
        told = f"95% interval {low} to {high}", f"{counted(self.items, 'item')}{seeds}"
        return "; ".join((*told, *filter(None, (self.scorer, shots))))

    @property
    def value(self) -> float:
        """The score as leaderboards show it: shares in percent, others in their own units."""
        return round(self.unit.factor * self.interval.value, self.unit.decimals + 1)


def task_scores(side: Side, facts: Mapping[str, TaskFacts]) -> list[TaskScore]:
    """The score on each task of a side."""
    scale, scores = scale_of([side.correct]), []
    for suite, task in side.items.tasks:
        chosen, design = task_design(side.items, suite, task)
        known = facts.get(task, TaskFacts())
        scorer = side.scorers.get(task)
        scores.append(
            TaskScore(
                task=task,
                facts=known,
                metric="accuracy" if scale.kind == "binary" else metric_in(scorer or "score"),
                unit=unit_of(scale),
                interval=mean_score(side.correct[:, chosen], design, scale),
                items=design.items,
                seeds=len(side.seeds),
                scorer=scorer,
            )
        )
    return scores


def facts_of_tasks(path: Path) -> dict[str, TaskFacts]:
    """By task, what the results files of lm-eval below `path` say; nothing where none lie there."""
    if not has_samples(path):
        return {}
    logs, _ = logs_below(path)
    return {log.task: _facts(results_beside(log.path, log.date), log.task) for log in logs}


def model_index(name: str, scores: list[TaskScore]) -> str:
    """The YAML block for the front matter of a model's README.md."""
    results = [
        {
            "task": {"type": "text-generation"},
            "dataset": _dropped(
                type=score.facts.dataset or score.task,
                name=score.task,
                config=score.facts.config,
                split=score.facts.split,
            ),
            "metrics": [
                {
                    "type": score.metric,
                    "value": score.value,
                    "name": f"{score.metric} ({score.notes})",
                }
            ],
        }
        for score in scores
    ]
    return _yaml({"model-index": [{"name": name, "results": results}]})


def eval_results(scores: list[TaskScore]) -> tuple[str, list[str]]:
    """Entries for a file of `.eval_results/`, and the tasks that have no data set on the hub."""
    entries = [
        {
            "dataset": {"id": score.facts.dataset, "task_id": score.facts.config or "default"},
            "value": score.value,
            "notes": score.notes,
        }
        for score in scores
        if _on_the_hub(score)
    ]
    return _yaml(entries), [score.task for score in scores if not _on_the_hub(score)]


def _on_the_hub(score: TaskScore) -> bool:
    """Whether its data set has an owner and a name there: builders such as `json` have none."""
    return score.facts.dataset is not None and score.facts.dataset.count("/") == 1


def _facts(results: dict[str, Any], task: str) -> TaskFacts:
    config = object_of(object_of(results.get("configs")).get(task))
    shots = object_of(results.get("n-shot")).get(task)
    split = config.get("test_split") or config.get("validation_split")
    return TaskFacts(
        dataset=_text(config.get("dataset_path")),
        config=_text(config.get("dataset_name")),
        split=_text(split),
        shots=shots if isinstance(shots, int) else None,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _dropped(**fields: str | None) -> dict[str, str]:
    return {key: value for key, value in fields.items() if value is not None}


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)

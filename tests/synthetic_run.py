"""Writes run directories in the layout that evaluation leaves behind, with outcomes drawn here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from reports.logs.plan import register
from reports.run_report.build import build_report
from reports.run_report.write import write_files
from tasks.sample import Sample

DATE = "2026-01-02T03-04-05.000006"
SUITES = {"embedded_ind": "ind", "embedded_longer": "ood", "embedded_decued": "ood"}
TASKS = ("counting", "navigate")
CUE = "\nTherefore, the answer is "


@dataclass(frozen=True)
class SyntheticSystem:
    """A system whose answers are right with `ability` plus a seed effect, by role.

    With probability `cut` a response is cut off before it answers, and its answer is forced.
    """

    method: str
    seeds: Sequence[int | None]
    ability: Mapping[str, float]
    student: str = "tiny"
    suites: Iterable[str] = tuple(SUITES)
    trained: bool = True
    ingredients: Collection[str] | None = None
    cut: float = 0.0


SYSTEMS = (
    SyntheticSystem("untrained", [None], {"ind": 0.1, "ood": 0.1}, trained=False),
    SyntheticSystem("std_cot", [0, 1, 2], {"ind": 0.8, "ood": 0.45}),
    SyntheticSystem("cascod", [0, 1, 2], {"ind": 0.82, "ood": 0.62}),
    SyntheticSystem("weighted_std_cot", [0, 1, 2], {"ind": 0.8, "ood": 0.5}),
)


def write_run(
    directory: Path,
    systems: Sequence[SyntheticSystem] = SYSTEMS,
    *,
    items_per_task: int = 40,
    primary: Mapping[str, Any] | None = None,
    family: Sequence[Mapping[str, Any]] = (),
    rationale: str = "First 2, then 3, so 5 in all.",
    rng: np.random.Generator | None = None,
) -> Path:
    """Write the whole run directory and return it."""
    rng = rng or np.random.default_rng(7)
    difficulty = {
        (suite, task, i): rng.uniform(-0.25, 0.25)
        for suite in SUITES
        for task in TASKS
        for i in range(items_per_task)
    }
    for system in systems:
        for seed in system.seeds:
            drift = rng.normal(0, 0.02)
            samples = [
                sample(
                    suite,
                    task,
                    i,
                    correct=bool(rng.random() < system.ability[SUITES[suite]] + hardness + drift),
                    rationale=rationale,
                    forced=bool(system.cut and rng.random() < system.cut),
                )
                for (suite, task, i), hardness in difficulty.items()
                if suite in system.suites
            ]
            write_cell(directory, system, seed, samples)
    experiment: dict[str, Any] = {
        "name": "synthetic",
        "suites": [{"name": suite} for suite in SUITES],
        "methods": [{"name": name} for name in dict.fromkeys(s.method for s in systems)],
    }
    experiment["primary"] = dict(
        primary or {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}
    )
    experiment["family"] = [dict(comparison) for comparison in family]
    (directory / "experiment.yaml").write_text(yaml.safe_dump(experiment))
    register(directory, experiment)
    (directory / "provenance.json").write_text(json.dumps({"versions": {"python": "3.11"}}))
    return directory


def sample(
    suite: str,
    task: str,
    index: int,
    *,
    correct: bool,
    rationale: str = "Because.",
    forced: bool = False,
) -> Sample:
    """One sample; gold answers are (A) for two items of three.

    A `forced` answer is the only one: as written there is none.
    """
    gold = "(A)" if index % 3 else "(B)"
    wrong = "(C)" if index % 5 else None
    parsed = gold if correct else wrong
    return Sample(
        id=f"{suite}/{task}/{index:04d}",
        task=task,
        suite=suite,
        role=SUITES[suite],  # type: ignore[arg-type]
        cluster=f"{suite}/{task}/{index:04d}",
        prompt_sent=f"Q: item {index}\nA:",
        rationale=rationale,
        parsed=parsed,
        gold=gold,
        parse_ok=correct or wrong is not None,
        correct=correct,
        rationale_truncated=forced or (index % 17 == 0 and not correct),
        answer_truncated=False,
        prompt_tokens=20,
        rationale_tokens=12,
        answer_tokens=2,
        answer_forced=forced,
        parsed_as_written=None if forced else parsed,
        correct_as_written=correct and not forced,
        raw=rationale if forced else f"{rationale}{CUE}{parsed}",
    )


def write_cell(
    directory: Path,
    system: SyntheticSystem,
    seed: int | None,
    samples: Sequence[Sample],
    date: str = DATE,
) -> Path:
    """Write one seed's evaluation and costs; returns its eval folder."""
    cell = directory / "cells" / system.student / system.method / f"seed{seed}"
    evaluation = cell / "eval"
    evaluation.mkdir(parents=True, exist_ok=True)
    for suite in dict.fromkeys(sample.suite for sample in samples):
        rows = [lm_eval_row(sample) for sample in samples if sample.suite == suite]
        path = evaluation / f"samples_cascod_{suite}_{date}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    info = {
        "student": system.student,
        "method": system.method,
        "ingredients": None if system.ingredients is None else sorted(system.ingredients),
        "seed": seed,
        "checkpoint_fingerprint": f"{system.student}-{system.method}-{seed}",
        "data_fingerprint": "d0",
        "protocol": {"suffix": ""},
        "generation": {"max_new_tokens": 64},
    }
    (evaluation / "run.json").write_text(json.dumps(info))
    steps = 100 if system.method == "cascod" else 90
    training = {"tokens": 1e6, "target_tokens": 4e5, "flops": steps * 1e10, "seconds": steps}
    inference = {"prompt_tokens": 9000, "generated_tokens": 4200, "flops": 1e12, "seconds": 12.5}
    costs = {
        "training": training | {"steps": steps} if system.trained else None,
        "inference": inference | {"items": len(samples)},
    }
    (cell / "costs.json").write_text(json.dumps(costs))
    return evaluation


def lm_eval_row(sample: Sample) -> dict[str, Any]:
    """The sample as it stands in a samples file."""
    said = f"{sample.rationale}{CUE}{sample.parsed}"
    return {
        "doc_id": 0,
        "doc": {"question": f"What is item {sample.id}?"},
        "doc_hash": f"hash of {sample.id}",
        "target": sample.gold,
        "resps": [[said]],
        "filter": "none",
    } | sample.to_row()


def write_report(run: Path) -> Path:
    """The report of a run, in its folder."""
    return write_files(build_report(run), run / "report")

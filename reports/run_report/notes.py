"""What a reader should know before trusting a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from reports.logs.plan import Registration
from reports.logs.run_data import RunData
from reports.logs.run_files import OVERLAP
from reports.logs.system import System
from reports.rendering.numerals import counted
from tasks.files import read_json

FEW_SEEDS = 3


def standing_notes(registration: Registration) -> Iterator[str]:
    """How the comparisons stand to the plan, where it was not kept."""
    if registration.standing == "unregistered":
        yield (
            "no plan was registered before training (no plan.json): every comparison is exploratory"
        )
    for change in registration.changes:
        yield (
            f"the plan was changed after training started on {registration.registered}: {change}; "
            "every comparison is exploratory"
        )
    for foreign in registration.foreign:
        yield f"{foreign}: not all cells rest on the same data, so every comparison is exploratory"
    for kind, names in asdict(registration.added).items():
        if names:
            yield (
                f"{kind} {', '.join(map(str, names))} came after the plan was registered on "
                f"{registration.registered}: confirmatory comparisons leave them out, and what "
                "holds them is exploratory"
            )


def leaks(run_dir: Path) -> Iterator[str]:
    """Suites whose questions were trained on, as they were found before training."""
    for found in read_json(run_dir / OVERLAP, needed=False).get("suites", []):
        first = ", ".join(f"{item} is {record}" for item, record in found["first"])
        let_through = "; --allow-overlap let them through" if found["refused"] else ""
        yield (
            f"{found['suite']} ({found['role'].upper()}): {found['identical'] + found['near']} of "
            f"{found['items']} items are training questions, {found['identical']} identical and "
            f"{found['near']} nearly (first: {first}){let_through}"
        )


def cautions(run: RunData, claimed: list[str]) -> Iterator[str]:
    """What a reader should know before trusting a figure; `claimed`: students with a verdict."""
    if len(claimed) > 1:
        yield f"{len(claimed)} verdicts, one a student: their p values are not corrected for number"
    for failed in run.failed:
        yield f"{failed.sentence}; it is left out of every figure"
    for system in run.systems:
        seeds = len(system.seeds)
        if system.trained and seeds < FEW_SEEDS:
            yield (
                f"{system.name} has {counted(seeds, 'training seed')}: its spread over seeds is "
                "poorly known"
            )
    for suite in run.experiment.get("suites") or []:
        if isinstance(suite, dict) and suite.get("limit"):
            most = suite["limit"]
            yield f"{suite.get('name')} is a random subset, at most {most} items a task"
    for student in dict.fromkeys(s.student for s in run.systems if _bounded_by_text(s)):
        yield (
            f"{student}: its server takes no token ids, so prompts, rationales and answers were "
            "joined as text; tokens at their boundaries may not be those that were trained on"
        )
    for field, name in (("generation", "decoding settings"), ("data_fingerprint", "training data")):
        for student in dict.fromkeys(system.student for system in run.systems):
            settings = {
                repr(seed.info.get(field))
                for system in run.systems
                if system.student == student and system.trained
                for seed in system.runs
            }
            if len(settings) > 1:
                yield f"{student}: {name} differ between runs; the methods were not treated alike"


def _bounded_by_text(system: System) -> bool:
    generations = [run.info.get("generation") or {} for run in system.runs]
    return any(generation.get("boundaries") == "text" for generation in generations)

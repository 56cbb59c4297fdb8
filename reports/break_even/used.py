"""What was used: of a collection's files the teacher, of a run directory the students."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports.break_even.money import StudentUse, TeacherUse
from reports.logs.run_data import RunData
from reports.logs.system import System
from reports.run_report.costs import cost_rows
from reports.run_report.report_content import CostRow
from reports.statistics.weights import design_of, suites_of
from tasks.errors import UserError
from tasks.files import read_json
from tasks.records.record import read_records

# What `cascod collect` leaves (docs/collecting.md).
COLLECTED, RECORDS, CUT = "collect_report.json", "records.jsonl", "cut.jsonl"


def teacher_use(directory: Path) -> tuple[TeacherUse, dict[str, float] | None]:
    """What the teacher took, and the prices of tokens that the collection was given, if any.

    UserError where nothing was collected there, or no reply says its tokens.
    """
    told: dict[str, Any] = read_json(directory / COLLECTED, needed=False)
    if not told:
        raise UserError(f"{directory}: no {COLLECTED}; give the directory of `cascod collect`")
    first = [
        chain["tokens"]
        for name in (RECORDS, CUT)
        if _holds_records(directory / name)
        for record in read_records(directory / name)
        if (chain := record.meta.get("chain", {})).get("purpose") == "first" and chain["tokens"]
    ]
    if not first:
        raise UserError(f"{directory / RECORDS}: no chain says how many tokens it took")
    spent, counts = told["spent"]["tokens"], told["rounds"]["first"]["counts"]
    answered = counts["asked"] - counts["unanswered"]
    use = TeacherUse(
        model=told["model"],
        questions=told["questions"],
        read=spent["prompt"],
        written=spent["completion"],
        read_per_answer=sum(tokens["prompt"] for tokens in first) / len(first),
        written_per_answer=sum(tokens["completion"] for tokens in first) / len(first),
        right=counts["right"] / answered if answered else 0.0,
    )
    return use, told.get("prices")


def _holds_records(file: Path) -> bool:
    """Whether anything is in it: nothing need have been cut."""
    return file.exists() and file.stat().st_size > 0


def student_uses(run: RunData) -> list[StudentUse]:
    """What each trained system took; those without recorded times are left out."""
    uses = []
    for row in cost_rows(run, baseline=None):
        system = run.system(row.student, row.method)
        if system is not None and system.trained:
            uses += _use(run, system, row)
    return uses


def _use(run: RunData, system: System, row: CostRow) -> list[StudentUse]:
    if row.training_seconds is None or row.inference_seconds_per_item is None:
        return []
    accuracies = (_accuracy(run, system, role) for role in ("ind", "ood"))
    seconds = (row.training_seconds, row.inference_seconds_per_item)
    return [StudentUse(row.student, row.method, *seconds, *accuracies)]


def _accuracy(run: RunData, system: System, role: str) -> float | None:
    if not suites_of(run.items, role):
        return None
    chosen, design = design_of(run.items, role)
    part = system.at(chosen)
    return None if part is None else float(part.correct.mean(axis=0) @ design.weight)

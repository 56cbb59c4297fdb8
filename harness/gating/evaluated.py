"""An evaluation that asks in a plan's order and stops as soon as the gate has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.gating.planned import look_once, told_of_look
from tasks.errors import UserError

if TYPE_CHECKING:
    from harness.evaluation.evaluate import EvaluationResult
    from harness.evaluation.evaluation_suites import EvaluationSuite, LoadedSuites
    from harness.evaluation.student import Student
    from reports.items import ItemKey

SHOWN = 3


def evaluate_by_plan(
    plan_file: Path,
    student: Student,
    suites: Sequence[EvaluationSuite],
    *,
    out_dir: Path,
    task_metadata: Mapping[str, Any],
    **how: Any,
) -> tuple[EvaluationResult, int]:
    """Ask the items of look after look until one decides; the last result and the exit status.

    `how` is what else `evaluate` takes. Looks that were taken before are asked again from what is
    stored and get the same answer. UserError where the plan is about several seeds, or about items
    that the suites lack.
    """
    from harness.evaluation.evaluate import evaluate_loaded, load_zero_shot
    from harness.evaluation.growing_student import GrowingStudent
    from reports.gating.look import items_of_look
    from reports.gating.look_plan import read_plan, reading_for
    from reports.logs.open_side import Reading, open_as

    plan = read_plan(plan_file)
    if max(look.seeds for look in plan.looks) > 1:
        raise UserError(
            f"{plan_file}: plans looks at several training seeds; evaluate each checkpoint, then "
            "look with cascod gate --plan"
        )
    reading = reading_for(plan, plan_file, Reading())
    baseline = open_as(Path(plan.baseline), reading)
    loaded = load_zero_shot(suites, task_metadata)
    growing = GrowingStudent(student)
    for number in range(1, len(plan.looks) + 1):
        places = _places(loaded, items_of_look(plan, number, baseline), plan_file)
        evaluated = evaluate_loaded(
            growing, loaded.asking(places), out_dir=out_dir, task_metadata=task_metadata, **how
        )
        candidate = open_as(out_dir, reading)
        result = look_once(plan_file, number, baseline, candidate)
        if result.decision.outcome != "INCONCLUSIVE" or number == len(plan.looks):
            break
        print(f"look {number}/{len(plan.looks)}: INCONCLUSIVE, going on")
    return evaluated, told_of_look(result, [baseline, candidate])


def _places(
    loaded: LoadedSuites, wanted: Sequence[ItemKey], plan_file: Path
) -> dict[str, list[int]]:
    """Of each task the places of the wanted docs."""
    known = {
        (loaded.suite_of[name].name, name, str(item)): place
        for name, task in loaded.tasks.items()
        for place, item in enumerate(task.eval_docs["id"])
    }
    if missing := [key for key in wanted if key.name not in known]:
        few = ", ".join(f"{key.task} {key.id}" for key in missing[:SHOWN])
        raise UserError(
            f"{plan_file}: {len(missing):,} of its items are not in these suites ({few}); evaluate "
            "on the suites that its baseline was asked"
        )
    places: dict[str, list[int]] = {}
    for key in wanted:
        places.setdefault(key.task, []).append(known[key.name])
    return {task: sorted(chosen) for task, chosen in places.items()}

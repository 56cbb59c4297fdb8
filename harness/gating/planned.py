"""A gate that looks as planned: writing the plan, and taking a look."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from harness.gating.printed import (
    print_decision_table,
    print_sentences,
    print_sides,
    status_of,
)
from tasks.errors import UserError
from tasks.files import locked, write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from pathlib import Path

    from reports.gating.look import LookResult
    from reports.logs.open_side import Reading
    from reports.logs.samples import Side


def gate_planned(sides: list[Side], args: argparse.Namespace) -> int:
    """Write the plan of --plan-new, list the items of a look, or take it."""
    from reports.gating.look_plan import read_plan

    if args.plan_new is not None:
        return _write_plan(sides[0], args)
    number, told = args.look
    if told != (planned := len(read_plan(args.plan).looks)):
        raise UserError(f"{args.plan}: has {planned} looks, not {told}")
    if args.candidate is None:
        return _list_items(sides[0], args)
    result = look_once(args.plan, number, sides[0], sides[1])
    return told_of_look(result, sides, args.junit, args.md, args.inconclusive)


def reading_as_planned(path: Path, given: Reading) -> Reading:
    """How both sides of a look are read: as the plan says; UserError where `given` contradicts."""
    from reports.gating.look_plan import read_plan, reading_for

    return reading_for(read_plan(path), path, given)


def look_once(path: Path, number: int, baseline: Side, candidate: Side) -> LookResult:
    """Take a look and note it in the plan's file, before anyone hears of it."""
    from reports.gating.look import take_look
    from reports.gating.look_plan import read_plan, write_plan

    with locked(path):
        result = take_look(read_plan(path), number, baseline, candidate)
        if not result.again:
            write_plan(result.plan, path)
    return result


def told_of_look(
    result: LookResult,
    sides: list[Side],
    junit_file: Path | None = None,
    markdown_file: Path | None = None,
    inconclusive: str | None = None,
) -> int:
    """Write the files, print the look, and return the exit status."""
    from reports.comparing.gate_cautions import gate_cautions
    from reports.comparing.gate_summary import junit
    from reports.gating.look import decided
    from reports.gating.look_markdown import look_markdown
    from reports.gating.told import explain_look, look_line

    decisions = [result.decision]
    beside = gate_cautions(
        sides,
        replace(result.joined, names=("the baseline", "the candidate")),
        decisions,
        lambda joined: [decided(joined, result.plan, result.level)],
        result.plan.answers,
    )
    said = explain_look(result)
    if junit_file is not None:
        fails = inconclusive == "fail"
        write_whole(junit_file, junit(decisions, beside, open_fails=fails, told=lambda _: said))
    if markdown_file is not None:
        write_whole(markdown_file, look_markdown(result, sides, beside))
    # The decision stands, whether or not somebody reads on.
    with suppress(BrokenPipeError):
        print_sides(sides, result.joined, result.plan.claim, [look_line(result)])
        print_decision_table(decisions)
        print(result.decision.outcome)
        print_sentences([*beside, said])
    return status_of(result.decision.outcome, inconclusive)


def _write_plan(baseline: Side, args: argparse.Namespace) -> int:
    from reports.gating.look_plan import Look, even_looks, new_plan, read_plan, write_plan
    from reports.gating.told import plan_lines
    from reports.logs.open_side import Reading

    seeds = args.seeds or (len(baseline.seeds),)
    make = partial(even_looks, items=len(baseline.items), seeds=seeds)
    if args.looks is None:
        looks = make(len(seeds))
    elif len(args.looks) == 1 and len(seeds) == 1:
        looks = make(args.looks[0])
    elif len(seeds) in (1, len(args.looks)):
        each = seeds * len(args.looks) if len(seeds) == 1 else seeds
        looks = list(map(Look, args.looks, each))
    else:
        raise UserError(f"--looks names {len(args.looks)} looks, --seeds {len(seeds)}")
    plan = new_plan(
        baseline,
        margin=args.margin,
        looks=looks,
        claim=args.claim,
        answers=args.answers,
        order=args.order,
        reading=Reading(args.metric, args.filter, args.cluster),
    )
    with locked(args.plan_new):
        if args.plan_new.exists() and read_plan(args.plan_new).taken:
            raise UserError(
                f"{args.plan_new}: a plan that looks were taken by; another candidate needs a file "
                "of its own"
            )
        write_plan(plan, args.plan_new)
    for line in plan_lines(plan, baseline):
        print(line)
    print(f"written to {visible(str(args.plan_new))}")
    return 0


def _list_items(baseline: Side, args: argparse.Namespace) -> int:
    """The look's items as lm-eval's --samples takes them: places in each task."""
    from reports.gating.look import items_of_look
    from reports.gating.look_plan import read_plan

    by_task: dict[str, list[int | str]] = {}
    for key in items_of_look(read_plan(args.plan), args.look[0], baseline):
        by_task.setdefault(key.task, []).append(int(key.id) if key.id.isdecimal() else key.id)
    print(json.dumps(by_task))
    return 0

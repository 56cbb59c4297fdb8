"""The arguments of gates that look more than once, and which of them go together."""

from __future__ import annotations

import argparse
from argparse import ArgumentTypeError
from pathlib import Path

from harness.arguments import positive
from tasks.errors import UserError


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Looks at more and more items or seeds of one candidate."""
    group = parser.add_argument_group("several looks at one candidate")
    group.add_argument(
        "--plan-new",
        metavar="PLAN",
        type=Path,
        help="write a plan of looks at candidates against BASELINE (with --margin)",
    )
    group.add_argument(
        "--looks",
        type=counts,
        metavar="N|ITEMS,...",
        help="of a new plan: how many looks at equal steps of the items, or at how many items",
    )
    group.add_argument(
        "--seeds",
        type=counts,
        metavar="K|K,...",
        help="of a new plan: the candidate's training seeds, or those at each look "
        "(default: as many as the baseline has)",
    )
    group.add_argument(
        "--order",
        default="",
        metavar="TEXT",
        help="of a new plan: seed of the order in which items are asked (default: that of --limit)",
    )
    group.add_argument("--plan", metavar="PLAN", type=Path, help="look as planned; with --look")
    group.add_argument(
        "--look",
        type=look,
        metavar="K/N",
        help="which look, e.g. 2/4; without CANDIDATE it lists the look's items for lm-eval's "
        "--samples",
    )


def add_history_arguments(parser: argparse.ArgumentParser) -> None:
    """A gate that remembers every checkpoint."""
    group = parser.add_argument_group("night after night")
    group.add_argument(
        "--history",
        metavar="FILE",
        type=Path,
        help="hold the one side given against the last checkpoint and all anchors of this file, "
        "and add it; the first one begins the file and is its first anchor",
    )
    group.add_argument(
        "--anchor",
        action="store_true",
        help="make this checkpoint an anchor (a release): later ones are held against it, too",
    )
    group.add_argument(
        "--commit", default="", metavar="TEXT", help="what to note of it, e.g. a commit"
    )


def look(text: str) -> tuple[int, int]:
    """ "2/4": a look's number and how many there are."""
    number, slash, total = text.partition("/")
    if not slash:
        raise ArgumentTypeError(f"{text[:40]!r} is not a look such as 2/4")
    return positive(number), positive(total)


def counts(text: str) -> tuple[int, ...]:
    """Whole numbers of at least 1, parted by commas."""
    return tuple(positive(part) for part in text.split(","))


def refuse_mixed(args: argparse.Namespace) -> None:
    """UserError for arguments that do not go together, and for those that are missing."""
    modes = [name for name in ("plan_new", "plan", "history") if getattr(args, name) is not None]
    if len(modes) > 1:
        first, second = (f"--{name.replace('_', '-')}" for name in modes[:2])
        raise UserError(f"{first} and {second} are two kinds of gate; give one of them")
    for names, mode in BELONGING.items():
        for name in names:
            if getattr(args, name) and mode not in modes:
                raise UserError(f"--{name} has no meaning without --{mode.replace('_', '-')}")
    if modes and args.higher_is_better == "no":
        raise UserError(
            f"--higher-is-better no does not go with --{modes[0].replace('_', '-')}, which takes "
            "scores within 0 to 1 where more is better; gate 1 - score"
        )
    NEEDED[modes[0] if modes else "once"](args)


def _once(args: argparse.Namespace) -> None:
    if args.candidate is None and args.save is None:
        raise UserError("nothing to do: give a CANDIDATE to gate, or --save FILE to keep BASELINE")
    if args.candidate is not None and args.margin is None and args.per_task is None:
        raise UserError("give --margin (e.g. --margin 0.02), --per-task or both")


def _plan_new(args: argparse.Namespace) -> None:
    if args.candidate is not None:
        raise UserError("a plan is made of BASELINE, before any candidate is looked at")
    if args.margin is None:
        raise UserError("a plan needs --margin, e.g. --margin 0.02")
    if args.looks is None and (args.seeds is None or len(args.seeds) < 2):
        raise UserError("a plan needs --looks, e.g. --looks 4, or --seeds 3,5,8")
    _refuse(args, ("per_task", "save", "junit", "md", "inconclusive"), "a new plan")


def _plan(args: argparse.Namespace) -> None:
    if args.look is None:
        raise UserError("say which look of the plan this is, e.g. --look 1/4")
    _refuse(
        args,
        ("margin", "per_task", "claim", "save", "intersect"),
        "a look that is planned",
    )
    if args.candidate is None:
        _refuse(args, ("junit", "md", "inconclusive"), "a list of a look's items")


def _history(args: argparse.Namespace) -> None:
    if args.candidate is not None:
        raise UserError("with --history give one side, the candidate: the file has the others")
    _refuse(args, ("per_task", "save", "intersect", "claim"), "a history")


def _refuse(args: argparse.Namespace, names: tuple[str, ...], where: str) -> None:
    for name in names:
        if getattr(args, name):
            raise UserError(f"--{name.replace('_', '-')} has no meaning for {where}; leave it out")


BELONGING = {
    ("looks", "seeds", "order"): "plan_new",
    ("look",): "plan",
    ("anchor", "commit"): "history",
}
NEEDED = {"once": _once, "plan_new": _plan_new, "plan": _plan, "history": _history}

"""`cascod gate`: is a candidate no worse than a baseline, but for a margin?"""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import margin
from harness.gating.arguments import add_history_arguments, add_plan_arguments, refuse_mixed
from harness.gating.printed import LOG_WIDTH as LOG_WIDTH
from harness.gating.printed import saved

NAME = "gate"
HELP = "pass or fail a candidate against a baseline: is it no worse, but for a margin?"
EPILOG = """\
PASS (exit 0): the one-sided 95% lower bound of candidate - baseline lies above -margin.
FAIL (exit 1): the upper bound lies below -margin.
INCONCLUSIVE (exit 3): neither; it says what would decide. Wrong usage or input: exit 2.

Several looks at one candidate: --plan-new writes a plan, --plan PLAN --look 1/4 follows it.
Night after night: `cascod gate CANDIDATE --history FILE --margin 0.02` (docs/gating.md).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    place = (
        "directory of lm-eval samples or of Inspect logs (all below it are runs of one system), or "
        "one .eval log"
    )
    parser.add_argument(
        "baseline", metavar="BASELINE", type=Path, help=f"{place}, or --save's file"
    )
    parser.add_argument("candidate", metavar="CANDIDATE", type=Path, nargs="?", help=place)
    parser.add_argument(
        "--margin",
        type=margin,
        help="the loss of accuracy that is still accepted over all items, e.g. 0.02 for 2 points",
    )
    parser.add_argument(
        "--per-task",
        type=margin,
        metavar="MARGIN",
        help="every task must pass too, each with this margin",
    )
    parser.add_argument(
        "--claim",
        choices=("checkpoint", "method"),
        help="checkpoint: these very weights; method: training seeds are random too (default where "
        "both sides have two seeds or more)",
    )
    parser.add_argument(
        "--inconclusive",
        choices=("ok", "fail"),
        help="treat an inconclusive result as a pass or a failure",
    )
    parser.add_argument(
        "--answers",
        choices=("forced", "as_written"),
        default="forced",
        help="how responses of ours count that were cut off before they answered: by the answer "
        "that was then forced (default), or as they were written",
    )
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write a JUnit XML file")
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=Path,
        help="write BASELINE as a compact file for later gates (with CANDIDATE: after gating)",
    )
    add_plan_arguments(parser)
    add_history_arguments(parser)
    add_sample_arguments(parser)


def add_sample_arguments(parser: argparse.ArgumentParser) -> None:
    """How samples are read and joined."""
    parser.add_argument("--metric", help="the metric (or scorer), where samples hold several")
    parser.add_argument("--filter", help="the filter, where samples of lm-eval hold several")
    parser.add_argument(
        "--intersect", action="store_true", help="leave out items that not all sides were asked"
    )


def run(args: argparse.Namespace) -> int:
    """Decide, print why, and return PASS, FAIL or INCONCLUSIVE as the exit status."""
    from reports.logs.joined import join
    from reports.logs.open_side import open_side

    refuse_mixed(args)
    paths = [args.baseline] + ([args.candidate] if args.candidate else [])
    sides = [open_side(path, metric=args.metric, filter_name=args.filter) for path in paths]
    if args.history is not None:
        from harness.gating.night import gate_night

        return gate_night(sides[0], args)
    if args.plan_new is not None or args.plan is not None:
        from harness.gating.planned import gate_planned

        return gate_planned(sides, args)
    joined = join(sides, intersect=args.intersect) if args.candidate is not None else None
    if args.save is not None:
        from reports.logs.baseline_file import save_baseline

        save_baseline(sides[0], args.save)
    if joined is None:
        print(saved(sides[0], args.save))
        return 0
    from harness.gating.once import gate_once

    return gate_once(sides, joined, args)

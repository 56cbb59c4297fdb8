"""`cascod gate`: is a candidate no worse than a baseline, but for a margin?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import margin
from harness.gating.arguments import add_history_arguments, add_plan_arguments, refuse_mixed
from harness.gating.printed import save
from tasks.errors import UserError

if TYPE_CHECKING:
    from reports.logs.joined import Joined
    from reports.logs.open_side import Reading
    from reports.logs.samples import Side

NAME = "gate"
HELP = "pass or fail a candidate against a baseline: is it no worse, but for a margin?"
EPILOG = """\
PASS (exit 0): the one-sided 95% lower bound of candidate - baseline lies above
-margin.
FAIL (exit 1): the upper bound lies below -margin.
INCONCLUSIVE (exit 3): neither; it says what would decide.
Wrong usage or input: exit 2.

Several looks at one candidate: --plan-new writes a plan, --plan PLAN --look 1/4
follows it. Night after night: `cascod gate CANDIDATE --history FILE --margin
0.02` (docs/gating.md).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    place = (
        "directory of lm-eval samples or of Inspect logs (all below it are runs of one system), "
        "one log of Inspect, or a system of a table, scores.csv#name"
    )
    parser.add_argument(
        "baseline", metavar="BASELINE", type=Path, help=f"{place}, or --save's file"
    )
    parser.add_argument("candidate", metavar="CANDIDATE", type=Path, nargs="?", help=place)
    parser.add_argument(
        "--margin",
        type=margin,
        help="the loss that is still accepted over all items, e.g. 0.02 for 2 points of accuracy; "
        "in the metric's own units where scores leave [0, 1]",
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
        "--md", metavar="FILE", type=Path, help="write a summary in Markdown, for a pull request"
    )
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
    parser.add_argument(
        "--metric", help="the metric (or scorer, or column of scores), where there are several"
    )
    parser.add_argument("--filter", help="the filter, where samples of lm-eval hold several")
    parser.add_argument(
        "--cluster",
        metavar="KEY",
        help="what items that belong together share: a field of their docs or metadata (dotted), a "
        "column of a table, or a file of item to cluster",
    )
    parser.add_argument(
        "--higher-is-better",
        choices=("yes", "no"),
        default="yes",
        help="no: the metric counts what is bad, and a gain is a lower score",
    )
    parser.add_argument(
        "--intersect", action="store_true", help="leave out items that not all sides were asked"
    )


def joined_as_told(sides: Sequence[Side], args: argparse.Namespace) -> Joined:
    """The sides joined, with scores turned round where lower is better."""
    from reports.logs.joined import join

    joined = join(sides, intersect=args.intersect)
    return joined.lower_is_better() if args.higher_is_better == "no" else joined


def opened(paths: Sequence[Path], args: argparse.Namespace) -> list[Side]:
    """The sides at these paths, read as the sample arguments say."""
    from reports.logs.open_side import open_as

    return [open_as(path, reading_of(args)) for path in paths]


def reading_of(args: argparse.Namespace) -> Reading:
    """What the sample arguments say of how samples are read."""
    from reports.logs.open_side import Reading

    return Reading(args.metric, args.filter, args.cluster)


def run(args: argparse.Namespace) -> int:
    """Decide, print why, and return PASS, FAIL or INCONCLUSIVE as the exit status."""
    refuse_mixed(args)
    paths = [args.baseline, *filter(None, [args.candidate])]
    if args.plan is not None:
        return _gate_again(_opened_as_planned(paths, args), args)
    baseline, *candidates = opened(paths, args)
    if args.history is not None or args.plan_new is not None:
        return _gate_again([baseline], args)
    if not candidates:
        print(save(baseline, args.save))
        return 0
    from harness.gating.once import gate_once

    [candidate] = candidates
    return gate_once(baseline, candidate, joined_as_told((baseline, candidate), args), args)


def _opened_as_planned(paths: Sequence[Path], args: argparse.Namespace) -> list[Side]:
    from harness.gating.planned import reading_as_planned
    from reports.logs.open_side import open_as

    reading = reading_as_planned(args.plan, reading_of(args))
    return [open_as(path, reading) for path in paths]


def _gate_again(sides: list[Side], args: argparse.Namespace) -> int:
    """A gate that looks more than once, whose margin is one of shares."""
    from reports.comparing.gate import refuse_margin
    from reports.statistics.scale import scale_of

    scale = scale_of([side.correct for side in sides])
    if args.margin is not None:
        refuse_margin(args.margin, scale)
    if not scale.bounded:
        raise UserError(
            f"{args.baseline}: holds scores beyond 0 to 1, which planned looks and histories do "
            "not take; divide them by their range"
        )
    if args.history is not None:
        from harness.gating.night import gate_night

        return gate_night(sides[0], args)
    from harness.gating.planned import gate_planned

    return gate_planned(sides, args)

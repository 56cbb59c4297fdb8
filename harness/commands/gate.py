"""`cascod gate`: is a candidate no worse than a baseline, but for a margin?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import margin
from tasks.errors import UserError
from tasks.files import write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.comparing.gated import Gated
    from reports.logs.joined import Joined
    from reports.logs.samples import Side

NAME = "gate"
HELP = "pass or fail a candidate against a baseline: is it no worse, but for a margin?"
EPILOG = """\
PASS (exit 0): the one-sided 95% lower bound of candidate - baseline lies above
-margin.
FAIL (exit 1): the upper bound lies below -margin.
INCONCLUSIVE (exit 3): neither; it says what would decide.
Wrong usage or input: exit 2.
"""
EXPLAINED = 5
STATUS = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


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
    from reports.logs.open_side import open_side

    return [
        open_side(path, metric=args.metric, filter_name=args.filter, cluster=args.cluster)
        for path in paths
    ]


def run(args: argparse.Namespace) -> int:
    """Decide, print why, and return PASS, FAIL or INCONCLUSIVE as the exit status."""
    if args.candidate is None and args.save is None:
        raise UserError("nothing to do: give a CANDIDATE to gate, or --save FILE to keep BASELINE")
    if args.candidate is not None and args.margin is None and args.per_task is None:
        raise UserError("give --margin (e.g. --margin 0.02), --per-task or both")
    from reports.comparing.gated import Margins, gate_sides

    baseline, *candidate = opened([args.baseline, *filter(None, [args.candidate])], args)
    if not candidate:
        print(_saved(baseline, args.save))
        return 0
    gated = gate_sides(
        (baseline, candidate[0]),
        joined_as_told((baseline, candidate[0]), args),
        Margins(args.margin, args.per_task),
        claim=args.claim,
        answers=args.answers,
    )
    written = [_saved(baseline, args.save)] if args.save is not None else []
    _write(gated, args)
    # The decision stands, whether or not somebody reads on.
    with suppress(BrokenPipeError):
        _print_sides(gated)
        _print_too_small(gated.too_small)
        _print_decisions(gated)
        for line in written:
            print(line)
    if gated.outcome == "INCONCLUSIVE" and args.inconclusive is not None:
        return 0 if args.inconclusive == "ok" else 1
    return STATUS[gated.outcome]


def _saved(baseline: Side, file: Path) -> str:
    """The baseline kept in a file; a line that says so."""
    from reports.logs.baseline_file import save_baseline

    save_baseline(baseline, file)
    return f"baseline of {len(baseline.items):,} items written to {visible(str(file))}"


def _write(gated: Gated, args: argparse.Namespace) -> None:
    from reports.comparing.gate_markdown import gate_markdown
    from reports.comparing.gate_summary import junit

    if args.junit is not None:
        write_whole(args.junit, junit(gated, open_fails=args.inconclusive == "fail"))
    if args.md is not None:
        write_whole(args.md, gate_markdown(gated))


def _print_too_small(tasks: Sequence[str]) -> None:
    if tasks:
        more = f" and {len(tasks) - EXPLAINED} more" if len(tasks) > EXPLAINED else ""
        print(
            f"too small: {visible(', '.join(tasks[:EXPLAINED]))}{more}; there even an equal "
            "candidate would pass less than half of the time\n"
        )


def _print_sides(gated: Gated) -> None:
    from reports.comparing.gate_summary import CLAIMS

    joined = gated.joined
    roles = zip(("baseline", "candidate"), gated.sides, joined.left_out, strict=True)
    for role, side, left_out in roles:
        seeds = f"{len(side.seeds)} seed{'s' if len(side.seeds) > 1 else ''}"
        without = f", {left_out:,} items left out" if left_out else ""
        print(f"{role:<10} {visible(side.name)}: {seeds}{without}")
        for note in side.notes:
            print(f"           note: {visible(note)}")
    tasks, clusters = (len(set(column)) for column in (joined.items.task, joined.items.cluster))
    plural = "s" if tasks > 1 else ""
    print(f"{'items':<10} {len(joined.items):,} in {tasks} task{plural}, {clusters:,} clusters")
    print(f"{'claim':<10} {gated.claim}: {CLAIMS[gated.claim]}\n")


def _print_decisions(gated: Gated) -> None:
    """The table, then why: first what a difference may come from beside the systems."""
    from reports.comparing.gate_summary import decision_table, explain, telling
    from reports.rendering.terminal import print_table, wide_terminal

    print_table(decision_table(gated.decisions), wide_terminal())
    print(gated.outcome)
    for caution in gated.cautions:
        print(f"- {visible(caution)}")
    explained = telling(gated)
    for decision in explained[:EXPLAINED]:
        print(f"- {explain(decision)}")
    if len(explained) > EXPLAINED:
        print(f"- and {len(explained) - EXPLAINED} more; --junit FILE explains each")

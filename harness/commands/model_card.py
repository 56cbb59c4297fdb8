"""`cascod model-card`: logged samples as the results block of a model card."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tasks.errors import UserError
from tasks.visible import visible

NAME = "model-card"
HELP = "print the results of an evaluation as a block for a Hugging Face model card"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "results",
        metavar="DIR",
        type=Path,
        help="a directory of lm-eval samples or of Inspect logs, one log of Inspect, a system of a "
        "table (scores.csv#name), or a baseline file",
    )
    parser.add_argument(
        "--name", help="the model's name (default: that of the directory, or of the system)"
    )
    parser.add_argument(
        "--eval-results",
        action="store_true",
        help="entries for a file in the model's .eval_results/, which the hub's leaderboards read, "
        "in place of a model-index for its README.md",
    )
    parser.add_argument("--metric", help="the metric, where samples hold several")
    parser.add_argument("--filter", help="the filter, where samples hold several")
    parser.add_argument(
        "--cluster",
        metavar="KEY",
        help="what items that belong together share: a field of their docs (dotted), or a file of "
        "item to cluster",
    )


def run(args: argparse.Namespace) -> int:
    """Print YAML; on stderr, what was left out."""
    from reports.logs.open_side import open_side, system_name
    from reports.model_card import eval_results, facts_of_tasks, model_index, task_scores

    path: Path = args.results
    side = open_side(path, metric=args.metric, filter_name=args.filter, cluster=args.cluster)
    scores = task_scores(side, facts_of_tasks(path))
    if not args.eval_results:
        print(model_index(args.name or system_name(path, side), scores), end="")
        return 0
    entries, left_out = eval_results(scores)
    if len(left_out) == len(scores):
        raise UserError(
            f"{path}: no task's data set is on the hub, as far as the results tell "
            f"({', '.join(left_out[:3])}); without --eval-results all go into a model-index"
        )
    print(entries, end="")
    for task in left_out:
        print(f"left out, no data set of the hub: {visible(task)}", file=sys.stderr)
    return 0

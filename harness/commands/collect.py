"""`cascod collect`: a teacher's chains of thought for questions of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import (
    add_column_arguments,
    add_sampling_arguments,
    add_server_arguments,
    add_spending_arguments,
    add_terms_arguments,
    positive,
)
from tasks.errors import UserError

NAME = "collect"
HELP = "collect a teacher's chains of thought from an OpenAI-compatible server"
NOT_FINISHED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "questions",
        help="records (docs/formats.md), or questions and answers in a CSV, TSV, XLSX, Parquet, "
        "JSON or JSONL file or a data set of the hub (owner/name)",
    )
    add_column_arguments(parser, split="train")
    parser.add_argument("--out", type=Path, required=True, help="directory to collect into")
    parser.add_argument(
        "--quality",
        action="store_true",
        help="score the rationales as `cascod quality` does, under meta.quality of the records",
    )

    teacher = parser.add_argument_group("the teacher")
    teacher.add_argument("--model", required=True, help="the model, as its server names it")
    add_server_arguments(teacher)
    teacher.add_argument("--teacher", help="the teacher's name in records (default: the model)")

    asking = parser.add_argument_group("what is asked")
    asking.add_argument(
        "--samples", type=positive, default=1, help="chains a question (default: 1)"
    )
    asking.add_argument(
        "--rectify",
        action="store_true",
        help="ask again where the answer was wrong, and tell the right one",
    )
    asking.add_argument(
        "--contrast",
        action="store_true",
        help="ask for a wrong chain beside each right one that has none",
    )
    asking.add_argument("--prompt", type=Path, help="file with {question}, {description}")
    asking.add_argument("--rectify-prompt", type=Path, help="file with {question}, {answer}")
    asking.add_argument(
        "--contrast-prompt", type=Path, help="file with {question}, {rationale}, {answer}"
    )
    asking.add_argument("--system", type=Path, help="file with a system message")
    asking.add_argument("--examples", type=Path, help="records with rationales, shown beforehand")

    add_sampling_arguments(parser.add_argument_group("how it is written"))
    add_spending_arguments(parser.add_argument_group("what it may take"))
    add_terms_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Collect, write records and a report; 3 where the budget or the server left something out."""
    from harness.collecting.ordered import key_from, ordered
    from harness.collecting.progress import Progress

    order = ordered(args)
    key = key_from(args, order.teacher)
    try:
        from harness.collecting.collect import collect
    except ModuleNotFoundError as error:
        raise UserError(
            f"collect needs {error.name}: `pip install '.[collect]'` in the checkout"
        ) from None
    from harness.collecting.outcome import write_collection
    from harness.collecting.told import tell

    collection = collect(order, key, args.out, Progress())
    write_collection(args.out, order, collection, with_quality=args.quality)
    tell(collection, args.out)
    if collection.ended:
        raise collection.ended
    return NOT_FINISHED if collection.over_budget or collection.unanswered else 0

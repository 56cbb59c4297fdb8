"""`cascod collect`: a teacher's chains of thought for questions of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import (
    add_column_arguments,
    add_terms_arguments,
    count,
    non_negative,
    positive,
)
from tasks.errors import UserError

NAME = "collect"
HELP = "collect a teacher's chains of thought from an OpenAI-compatible server"
NOT_FINISHED = 3
OPENAI_KEY = "OPENAI_API_KEY"


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
    teacher.add_argument(
        "--base-url",
        metavar="URL",
        help="the server, e.g. http://127.0.0.1:8000/v1 (default: OpenAI's)",
    )
    teacher.add_argument(
        "--api-key-env",
        metavar="NAME",
        help=f"the environment variable that holds the key (default: {OPENAI_KEY} for OpenAI, no "
        "key for other servers)",
    )
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

    sampling = parser.add_argument_group("how it is written")
    sampling.add_argument(
        "--max-tokens",
        type=positive,
        default=1024,
        help="of a chain, thoughts included (default: 1024)",
    )
    sampling.add_argument("--temperature", type=non_negative, help="default: the server's")
    sampling.add_argument("--top-p", type=non_negative, help="default: the server's")
    sampling.add_argument(
        "--extra",
        metavar="JSON",
        help="further fields of a request, e.g. "
        """'{"reasoning_effort": "low"}'""",
    )

    spending = parser.add_argument_group("what it may take")
    spending.add_argument("--budget-tokens", type=positive, help="tokens, read and written")
    spending.add_argument(
        "--budget", type=non_negative, help="money, in the currency of the prices"
    )
    spending.add_argument("--price-in", type=non_negative, help="of a million tokens read")
    spending.add_argument("--price-out", type=non_negative, help="of a million tokens written")
    spending.add_argument(
        "--concurrency", type=positive, default=32, help="most requests at once (default: 32)"
    )
    spending.add_argument(
        "--timeout", type=positive, default=600, help="seconds for a reply (default: 600)"
    )
    spending.add_argument(
        "--retries", type=count, default=6, help="how often what failed is asked again (default: 6)"
    )
    add_terms_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Collect, write records and a report; 3 where the budget or the server left something out."""
    from harness.api_key import read_key
    from harness.collecting.ordered import ordered
    from harness.collecting.progress import Progress

    order = ordered(args)
    variable = args.api_key_env or (None if args.base_url else OPENAI_KEY)
    key = read_key(variable, order.teacher.base_url)
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

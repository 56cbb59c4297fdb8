"""`cascod collect`: a teacher's chains of thought for questions of one's own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.arguments import (
    add_terms_arguments,
    count,
    non_negative,
    positive,
    terms_from,
)
from tasks.errors import UserError

if TYPE_CHECKING:
    from harness.collecting.budget import Limits
    from harness.collecting.order import Order
    from harness.collecting.prompts import Prompt, Purpose
    from harness.collecting.teacher import Teacher

NAME = "collect"
HELP = "collect a teacher's chains of thought from an OpenAI-compatible server"
NOT_FINISHED = 3
OPENAI_KEY = "OPENAI_API_KEY"
# These are told by options of their own.
TAKEN_FIELDS = (
    *("model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p"),
    *("n", "stream"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "questions", type=Path, help="records with question and answer, JSONL (docs/formats.md)"
    )
    parser.add_argument("--out", type=Path, required=True, help="directory to collect into")

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
    from harness.collecting.progress import Progress

    order = _order(args)
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
    write_collection(args.out, order, collection)
    tell(collection, args.out)
    if collection.ended:
        raise collection.ended
    return NOT_FINISHED if collection.over_budget or collection.unanswered else 0


def _order(args: argparse.Namespace) -> Order:
    from harness.collecting.order import Order
    from tasks.records.record import read_records

    teacher = _teacher(args)
    if args.samples > 1 and args.temperature == 0:
        raise UserError(
            "--samples: at temperature 0 all chains of a question are one; give --temperature 0.7"
        )
    return Order(
        questions=read_records(args.questions),
        teacher=teacher,
        teacher_name=args.teacher or teacher.model,
        prompts=_prompts(args),
        samples=args.samples,
        limits=_limits(args),
        concurrency=args.concurrency,
        timeout=args.timeout,
        retries=args.retries,
        terms=terms_from(args),
    )


def _teacher(args: argparse.Namespace) -> Teacher:
    from harness.collecting.teacher import OPENAI, Sampling, Teacher, server_url

    sampling = Sampling(args.max_tokens, args.temperature, args.top_p, _extra(args.extra))
    url = server_url(args.base_url) if args.base_url else OPENAI
    return Teacher(args.model, url, sampling)


def _extra(text: str | None) -> dict[str, Any]:
    try:
        fields = json.loads(text or "{}")
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise UserError("--extra: expected a JSON object of fields")
    if taken := [name for name in TAKEN_FIELDS if name in fields]:
        raise UserError(f"--extra: {taken[0]} is not for this option; see cascod collect --help")
    return fields


def _prompts(args: argparse.Namespace) -> dict[Purpose, Prompt]:
    from harness.collecting.prompts import check_examples, read_prompt, read_system
    from tasks.records.record import read_records

    examples = read_records(args.examples) if args.examples else []
    check_examples(args.examples, examples)
    chosen: dict[Purpose, Path | None] = {"first": args.prompt}
    if args.rectify or args.rectify_prompt:
        chosen["hinted"] = args.rectify_prompt
    if args.contrast or args.contrast_prompt:
        chosen["contrasted"] = args.contrast_prompt
    system = read_system(args.system)
    return {
        purpose: read_prompt(purpose, path, system=system, examples=examples)
        for purpose, path in chosen.items()
    }


def _limits(args: argparse.Namespace) -> Limits:
    from harness.collecting.budget import Limits, Prices

    prices = None
    if (args.price_in is None) != (args.price_out is None):
        raise UserError("give both prices, --price-in and --price-out, or none")
    if args.price_in is not None:
        prices = Prices(args.price_in, args.price_out)
    elif args.budget is not None:
        raise UserError("--budget needs prices: --price-in and --price-out, for a million tokens")
    return Limits(args.budget_tokens, args.budget, prices)

"""The arguments of `cascod collect` as an order."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from harness.api_key import OPENAI_KEY, ApiKey, read_key
from harness.arguments import terms_from
from harness.collecting.budget import Limits, Prices
from harness.collecting.order import Order
from harness.collecting.prompts import Prompt, Purpose, check_examples, read_prompt, read_system
from harness.collecting.teacher import OPENAI, Sampling, Teacher, server_url
from tasks.errors import UserError
from tasks.records.record import read_records
from tasks.tables.read_questions import read_questions

# These are told by options of their own.
TAKEN_FIELDS = (
    *("model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p"),
    *("n", "stream"),
)


def ordered(args: argparse.Namespace) -> Order:
    """The order that these arguments are; UserError where one of them will not do."""
    teacher = teacher_from(args, args.model)
    if args.samples > 1 and args.temperature == 0:
        raise UserError(
            "--samples: at temperature 0 all chains of a question are one; give --temperature 0.7"
        )
    return Order(
        questions=read_questions(
            args.questions,
            args.map,
            description=args.description,
            config=args.config,
            split=args.split,
        ),
        teacher=teacher,
        teacher_name=args.teacher or teacher.model,
        prompts=_prompts(args),
        samples=args.samples,
        limits=limits_from(args),
        concurrency=args.concurrency,
        timeout=args.timeout,
        retries=args.retries,
        terms=terms_from(args),
    )


def teacher_from(args: argparse.Namespace, model: str) -> Teacher:
    """The model of a server that is asked; UserError as for `ordered`."""
    sampling = Sampling(args.max_tokens, args.temperature, args.top_p, _extra(args.extra))
    url = server_url(args.base_url) if args.base_url else OPENAI
    return Teacher(model, url, sampling)


def key_from(args: argparse.Namespace, teacher: Teacher) -> ApiKey:
    """The key of the server: OpenAI's alone has a variable by default; errors as for `read_key`."""
    variable = args.api_key_env or (None if args.base_url else OPENAI_KEY)
    return read_key(variable, teacher.base_url)


def limits_from(args: argparse.Namespace) -> Limits:
    """The budget; UserError where prices for it are missing."""
    prices = None
    if (args.price_in is None) != (args.price_out is None):
        raise UserError("give both prices, --price-in and --price-out, or none")
    if args.price_in is not None:
        prices = Prices(args.price_in, args.price_out)
    elif args.budget is not None:
        raise UserError("--budget needs prices: --price-in and --price-out, for a million tokens")
    return Limits(args.budget_tokens, args.budget, prices)


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

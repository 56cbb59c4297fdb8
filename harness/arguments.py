"""Arguments of the command line, checked as they are read: others exit with argparse's status 2."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.api_key import OPENAI_KEY

if TYPE_CHECKING:
    from argparse import _ActionsContainer

    from tasks.records.provenance import Terms

LARGEST_SEED = 2**32 - 1  # what NumPy takes


def add_action(actions: Any, name: str, told: str) -> ArgumentParser:
    """An action of a command, told in the command's help and in its own."""
    action: ArgumentParser = actions.add_parser(name, help=told, description=told)
    return action


def positive(text: str) -> int:
    """A whole number of at least 1."""
    return _whole(text, least=1)


def count(text: str) -> int:
    """A whole number of at least 0."""
    return _whole(text, least=0)


def seed(text: str) -> int:
    """A seed of random numbers: 0 to 2^32 - 1."""
    value = _whole(text, least=0)
    if value > LARGEST_SEED:
        raise ArgumentTypeError(f"{text} is above {LARGEST_SEED}")
    return value


def share(text: str) -> float:
    """A number between 0 and 1, both excluded."""
    value = _number(text)
    if not 0 < value < 1:
        raise ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def score(text: str) -> float:
    """A number from 0 to 1, both included."""
    value = _number(text)
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return value


def margin(text: str) -> float:
    """A loss above 0; whether it may be 1 or more depends on the scores."""
    value = _number(text)
    if not (value > 0 and math.isfinite(value)):
        raise ArgumentTypeError(f"{text[:40]!r} is not above 0; 0.02 means 2 percentage points")
    return value


def non_negative(text: str) -> float:
    """A finite number of at least 0."""
    value = _number(text)
    if not (value >= 0 and math.isfinite(value)):
        raise ArgumentTypeError(f"{text[:40]!r} is not a number of at least 0")
    return value


def day(text: str) -> str:
    """A day in the form 2027-01-31."""
    from tasks.records.provenance import is_day

    if not is_day(text):
        raise ArgumentTypeError(f"{text[:40]!r} is not a day such as 2027-01-31")
    return text


def directory(text: str) -> Path:
    """A directory that is there."""
    if not (path := Path(text)).is_dir():
        raise ArgumentTypeError(f"{text}: no such directory")
    return path


def add_terms_arguments(parser: ArgumentParser, *, written: bool = False) -> None:
    """Declare on which terms records may be used, for a command that writes some.

    With `written` also when the chains were written, where nothing else tells it.
    """
    terms = parser.add_argument_group("on which terms (kept in meta.provenance of each record)")
    terms.add_argument("--licence", metavar="NAME", help="e.g. cc-by-4.0, or terms of your own")
    terms.add_argument("--access", metavar="WHO", help="who may see the records")
    terms.add_argument(
        "--keep-until",
        metavar="DAY",
        type=day,
        help="the last day on which they may be kept and trained on, e.g. 2027-01-31",
    )
    if written:
        terms.add_argument(
            "--written", metavar="DAY", type=day, help="when the teacher wrote the chains"
        )


def terms_from(args: Namespace) -> Terms:
    """The terms that were given."""
    from tasks.records.provenance import Terms

    names = Terms.__dataclass_fields__
    return Terms(**{name: getattr(args, name, None) or "" for name in names})


def add_server_arguments(parser: _ActionsContainer) -> None:
    """Declare where a model is asked, and with which key."""
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help="the server, e.g. http://127.0.0.1:8000/v1 (default: OpenAI's)",
    )
    parser.add_argument(
        "--api-key-env",
        metavar="NAME",
        help=f"the environment variable that holds the key (default: {OPENAI_KEY} for OpenAI, no "
        "key for other servers)",
    )


def add_sampling_arguments(parser: _ActionsContainer) -> None:
    """Declare how a server's model writes."""
    parser.add_argument(
        "--max-tokens",
        type=positive,
        default=1024,
        help="of a reply, thoughts included (default: 1024)",
    )
    parser.add_argument("--temperature", type=non_negative, help="default: the server's")
    parser.add_argument("--top-p", type=non_negative, help="default: the server's")
    parser.add_argument(
        "--extra",
        metavar="JSON",
        help="further fields of a request, e.g. "
        """'{"reasoning_effort": "low"}'""",
    )


def add_spending_arguments(parser: _ActionsContainer) -> None:
    """Declare what asking a server's model may take."""
    parser.add_argument("--budget-tokens", type=positive, help="tokens, read and written")
    parser.add_argument("--budget", type=non_negative, help="money, in the currency of the prices")
    parser.add_argument("--price-in", type=non_negative, help="of a million tokens read")
    parser.add_argument("--price-out", type=non_negative, help="of a million tokens written")
    parser.add_argument(
        "--concurrency", type=positive, default=32, help="most requests at once (default: 32)"
    )
    parser.add_argument(
        "--timeout", type=positive, default=600, help="seconds for a reply (default: 600)"
    )
    parser.add_argument(
        "--retries", type=count, default=6, help="how often what failed is asked again (default: 6)"
    )


def add_column_arguments(parser: ArgumentParser, *, split: str) -> None:
    """What a table of questions may need to be told beside its name; of a hub data set `split` is
    read if no other is named.
    """
    parser.add_argument(
        "--map",
        default="",
        metavar="PART=COLUMN,...",
        help="which column holds what, where its name does not tell: "
        "question=frage,answer=loesung,options=A..D,passage=text",
    )
    parser.add_argument("--description", help="one line that tells the task")
    parser.add_argument("--config", help="of a hub data set: its configuration")
    parser.add_argument(
        "--split", default=split, help=f"of a hub data set: its split (default: {split})"
    )


def _whole(text: str, *, least: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least:
        raise ArgumentTypeError(f"{text[:40]!r} is not a whole number of at least {least}")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text[:40]!r} is not a number") from None

"""Arguments of the command line, checked as they are read: others exit with argparse's status 2."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

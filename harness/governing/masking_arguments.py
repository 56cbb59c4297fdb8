"""Arguments of the commands that find or mask personal data."""

from __future__ import annotations

import argparse

from tasks.personal_data.finding import Finder


def add_names_argument(parser: argparse.ArgumentParser) -> None:
    """Declare `--names`."""
    parser.add_argument(
        "--names",
        metavar="MODEL",
        help="also names of people and places, by this installed spaCy model, e.g. en_core_web_lg "
        "(extra `pii`)",
    )


def add_redact_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `--redact` and `--names`."""
    parser.add_argument(
        "--redact",
        action="store_true",
        help="mask e-mail and IPv4 addresses, telephone, card and account numbers (IBAN)",
    )
    add_names_argument(parser)


def finders_from(args: argparse.Namespace) -> tuple[Finder, ...]:
    """The finders of what has no form; UserError where they are not installed."""
    if args.names is None:
        return ()
    from tasks.personal_data.names import name_finder

    return (name_finder(args.names),)

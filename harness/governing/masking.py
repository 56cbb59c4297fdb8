"""Personal data found or masked because a command was told to."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from reports.comparing.compared import Compared
    from reports.run_report.report_content import Report
    from tasks.personal_data.finding import Finder

    T = TypeVar("T", Report, Compared)


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


def is_to_redact(args: argparse.Namespace) -> bool:
    """Whether `--redact`, or `--names` that says what else, was given."""
    return args.redact or args.names is not None


def report_folder(args: argparse.Namespace) -> str:
    """The folder of a run that its report goes into: a masked one does not replace the other."""
    from reports.logs.run_files import REDACTED, REPORT

    return REDACTED if is_to_redact(args) else REPORT


def redacted_as_asked(report: T, args: argparse.Namespace) -> T:
    """The report as it is or, where that was asked, masked, with a note on what was."""
    from reports.rendering.redacting import redacted, told
    from tasks.personal_data.masking import Masking

    if not is_to_redact(args):
        return report
    masking = Masking(finders_from(args))
    masked: T = redacted(report, masking)
    return replace(masked, notes=(*masked.notes, told(masking)))

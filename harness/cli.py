"""The `cascod` command: one subcommand a module of `harness.commands`."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import harness.commands
from tasks.errors import UserError

EPILOG = "start with: cascod run demo"


def build_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands; their modules import nothing heavy at the top."""
    parser = argparse.ArgumentParser(
        prog="cascod",
        description="Evaluation-first benchmark harness for chain-of-thought distillation.",
        epilog=EPILOG,
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in pkgutil.iter_modules(harness.commands.__path__):
        command = importlib.import_module(f"{harness.commands.__name__}.{module.name}")
        subparser = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 2 for anything the user can mend."""
    args = build_parser().parse_args(arguments)
    # Compiled extensions of several libraries warn on every start; nothing a user could act on.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        status: int = args.run(args)
        return status
    except UserError as error:
        print(f"cascod: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("cascod: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; pointing stdout elsewhere keeps Python quiet at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ModuleNotFoundError as error:
        print(
            f"cascod: {error.name} is not installed; this command needs "
            "`pip install 'cascod-bench[train]'`",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())

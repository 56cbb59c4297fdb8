"""The `cascod` command: one subcommand a module of `harness.commands`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import harness.commands

EPILOG = "start with: cascod run demo"
INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
READER_GONE = 141  # what a shell reports of a program that SIGPIPE ended
# Generic names: another file or package may bear them, and be found first.
SIBLINGS = ("tasks", "reports", "trainers")

# The commands that train or decode with several threads.
THREADED = ("bench", "evaluate", "lm-eval", "run", "sweep")


def in_the_way() -> tuple[str, str] | None:
    """The first sibling package that would not be the one beside `harness`, and what stands for it.

    Nothing is imported: a stranger's code must not run in order to be found out.
    """
    house = Path(__file__).resolve().parents[1]
    for name in SIBLINGS:
        spec = importlib.util.find_spec(name)
        # A folder without __init__.py has places, no origin.
        places = [] if spec is None else [spec.origin, *(spec.submodule_search_locations or ())]
        found = next((place for place in places if place), None)
        if found and not Path(found).resolve().is_relative_to(house / name):
            return name, found
    return None


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
        subparser.set_defaults(run=command.run, command=command.NAME)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    The exit status is 2 for anything the user can mend, 70 for an error of this program, whose
    traceback goes into a file: 1 is a gate's FAIL and nothing else.
    """
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        print("cascod: stopped; the same command goes on from here", file=sys.stderr)
        return 130


def _main(arguments: Sequence[str] | None) -> int:
    if stranger := in_the_way():
        name, path = stranger
        print(
            f"cascod: {path} is found in place of cascod's own package {name!r}; rename it, start "
            "from another directory, or install cascod in an environment of its own",
            file=sys.stderr,
        )
        return 2
    # Only now is it sure whose `tasks` this is.
    from harness.crash_log import write_crash_log
    from harness.shared_cores import wait_as_cores_allow
    from tasks.errors import UserError
    from tasks.visible import visible

    _open_closed_streams()
    args = build_parser().parse_args(arguments)
    # Compiled extensions of several libraries warn on every start; nothing a user could act on.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    status: int = READER_GONE
    try:
        if args.command in THREADED:
            wait_as_cores_allow()
        status = args.run(args)
        sys.stdout.flush()
        return status
    except UserError as error:
        print(f"cascod: {visible(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone; pointing stdout elsewhere keeps Python quiet at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status
    except ModuleNotFoundError as error:
        print(
            f"cascod: {error.name} is not installed; this command needs the extra `train`: "
            "`pip install '.[train]'` in the checkout",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        print(f"cascod: {visible(_refusal(error))}", file=sys.stderr)
        return 2
    except Exception as error:
        log = write_crash_log(error, sys.argv[1:] if arguments is None else arguments)
        print(
            f"cascod: unexpected {type(error).__name__}, a fault of this program; "
            f"traceback: {visible(str(log))}",
            file=sys.stderr,
        )
        return INTERNAL_ERROR


def _open_closed_streams() -> None:
    """Output that a shell closed (`>&-`) goes nowhere; Python has none to write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  as long as the process


def _refusal(error: OSError) -> str:
    """What the system refused, of a file or folder where it names one."""
    where = f"{error.filename}: " if error.filename is not None else ""
    return f"{where}{(error.strerror or str(error) or type(error).__name__).lower()}"


if __name__ == "__main__":
    sys.exit(main())

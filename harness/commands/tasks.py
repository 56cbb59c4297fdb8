"""`cascod tasks`: the suites there are, and where lm-eval finds them."""

from __future__ import annotations

import argparse
from pathlib import Path

from tasks.suites import SUITES, Suite, include_path

NAME = "tasks"
HELP = "list the suites; --path prints the directory for lm-eval's --include_path"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--path", action="store_true", help="print only the directory for lm-eval's --include_path"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="local benchmark data, to count its items (default: $CASCOD_DATA)",
    )


def run(args: argparse.Namespace) -> int:
    """Print the include path, or a table of the suites with the items that the local data hold."""
    if args.path:
        print(include_path())
        return 0
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from reports.rendering.terminal import Terminal

    counts = _local_items(args.data)
    table = Table(
        title="Suites (as lm-eval tasks: cascod_<suite>)", title_justify="left", box=SIMPLE_HEAD
    )
    for heading in ("suite", "role"):
        table.add_column(heading, no_wrap=True)
    table.add_column("items", justify="right", no_wrap=True)
    table.add_column("what it asks")
    for suite in SUITES:
        table.add_row(suite.name, suite.role.upper(), _items(suite, counts), suite.summary)
    Terminal().print(table)
    return 0


def _items(suite: Suite, counts: dict[str, int] | None) -> str:
    if not suite.needs_data:
        return "generated"
    if counts is None:
        return "from the hub"
    return str(counts[suite.name]) if suite.name in counts else "not in the data"


def _local_items(data: Path | None) -> dict[str, int] | None:
    """Items by suite in the local data directory, None where none is named."""
    from tasks.benchmarks.catalogue import BENCHMARKS
    from tasks.data_source import local_data_dir

    source = local_data_dir(data)
    if source is None:
        return None
    return {
        name: len(benchmark.everything(source))
        for name, benchmark in BENCHMARKS.items()
        if (source / benchmark.folder).is_dir()
    }

"""Published accuracies, shown beside a run's own and never mixed with them."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from reports.run_report.report_content import PublishedRow
from tasks.errors import UserError

COLUMNS = ("source", "student", "method", "benchmark", "accuracy", "sd", "runs")


def read_published(directory: Path) -> list[PublishedRow]:
    """Every row of the CSV files in `directory`; accuracies in percent there, fractions here.

    The suite is the benchmark's name without a "_test" at its end; a column `items` is optional.
    """
    if not directory.is_dir():
        raise UserError(f"{directory}: no such directory of published figures")
    files = sorted(directory.glob("*.csv"))
    if not files:
        raise UserError(f"{directory}: no CSV files with the columns {','.join(COLUMNS)}")
    return [row for path in files for row in _read_file(path)]


def matching(
    published: list[PublishedRow], suites: Collection[str], methods: Collection[str]
) -> tuple[PublishedRow, ...]:
    """The rows of suites and methods that a run has; a "cascod_" before a suite's name is
    ignored.
    """
    own = {suite_key(suite): suite for suite in suites}
    return tuple(row for row in published if row.suite in own and row.method in methods)


def suite_key(suite: str) -> str:
    """The name by which our suites and published benchmarks match."""
    return suite.removeprefix("cascod_").removesuffix("_test")


def _read_file(path: Path) -> list[PublishedRow]:
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
                raise UserError(f"{path}: no column {missing[0]!r}; expected {','.join(COLUMNS)}")
            for row in reader:
                rows.append(
                    PublishedRow(
                        source=row["source"],
                        student=row["student"],
                        method=row["method"],
                        suite=suite_key(row["benchmark"]),
                        value=_share(row["accuracy"]),
                        sd=_share(row["sd"]) if row["sd"] else None,
                        runs=_count(row["runs"]) if row["runs"] else None,
                        items=_count(row["items"]) if row.get("items") else None,
                    )
                )
    except (ValueError, csv.Error) as error:
        raise UserError(
            f"{path}: row {len(rows) + 2} is not a published figure ({error})"
        ) from None
    return rows


def _share(percent: str) -> float:
    if not 0 <= (share := float(percent) / 100) <= 1:
        raise ValueError(f"{percent!r} is no percentage")
    return share


def _count(number: str) -> int:
    if (count := int(number)) < 1:
        raise ValueError(f"{number!r} counts nothing")
    return count

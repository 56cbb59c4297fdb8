"""A comparison as tables, and in words."""

from __future__ import annotations

from collections.abc import Iterator

from reports.comparing.compared import CheckpointPair, Compared
from reports.comparing.differences import Difference, Level
from reports.comparing.unfinished import depends_in
from reports.rendering.numerals import (
    p_value,
    percent,
    points,
    share,
    signed_interval,
    signed_points,
)
from reports.rendering.tables import Entry, Table

TITLES: dict[Level, str] = {
    "whole": "All items",
    "role": "In-domain and out-of-domain",
    "suite": "By suite",
    "task": "By task",
}


def difference_tables(compared: Compared) -> Iterator[Table]:
    """One table a level; figures in percent and percentage points."""
    several = len(compared.systems) > 2
    for level, title in TITLES.items():
        rows = [row for row in compared.differences if row.level == level]
        if not rows:
            continue
        # A single test needs no adjustment; where there are several its name heads the column.
        adjusted = {"holm": "p (Holm)", "benjamini-hochberg": "q (BH)"}[rows[0].adjustment]
        columns = (
            *(("system",) if several else ()),
            "on",
            "items",
            "accuracy",
            "constant",
            "difference",
            "95% interval",
            "p",
            *((adjusted,) if len(rows) > 1 else ()),
        )
        cells = tuple(
            (
                *((Entry(row.treatment),) if several else ()),
                *_cells(row, with_adjusted=len(rows) > 1),
            )
            for row in rows
        )
        baseline = compared.systems[0].name
        heading = f"{title}: difference to {baseline}, in percentage points"
        yield Table(heading, columns, cells, 2 if several else 1)


def pair_table(compared: Compared) -> Table | None:
    """Two checkpoints item by item; None where a side has several seeds."""
    if not compared.pairs:
        return None
    columns = (
        "system",
        "both right",
        "gained",
        "lost",
        "both wrong",
        "McNemar mid-p",
        "Tango 95%",
        "P(better)",
    )
    rows = tuple(_pair_cells(pair) for pair in compared.pairs)
    return Table("Two checkpoints, items taken as independent", columns, rows, 1)


def summary(compared: Compared) -> Iterator[str]:
    """One sentence a system: what the whole comparison shows."""
    for row in compared.differences:
        if row.level == "whole":
            yield _sentence(row)


def _sentence(row: Difference) -> str:
    pair = f"{row.treatment} − {row.baseline}"
    contrast = row.contrast
    if contrast.identical:
        return f"{pair}: the same response to every item."
    scope = (
        "a claim about methods: items and training seeds are random"
        if contrast.claim == "method"
        else "a claim about these checkpoints only, not about other training seeds"
    )
    found = (
        f"{signed_points(contrast.value)} points (95% interval {signed_interval(contrast)}, p "
        f"{p_value(contrast.p)})"
    )
    if depends_in(row):
        pair += " depends on unfinished answers"
    if contrast.lower <= 0 <= contrast.upper:
        power = (
            ""
            if contrast.detectable is None
            else (
                f"; a true difference of {points(contrast.detectable)} points would be found with "
                "80% probability"
            )
        )
        return (
            f"{pair}: {found}: no difference shown, which is no evidence of equality{power}; "
            f"{scope}."
        )
    word = "better" if contrast.value > 0 else "worse"
    return f"{pair}: {found}: {word}; {scope}."


def _cells(row: Difference, *, with_adjusted: bool) -> tuple[Entry, ...]:
    accuracy = f"{percent(row.baseline_accuracy)} → {percent(row.treatment_accuracy)}"
    if row.on.startswith("gap"):
        accuracy = (
            f"{signed_points(row.baseline_accuracy)} → {signed_points(row.treatment_accuracy)}"
        )
    shown = "identical" if row.contrast.identical else signed_interval(row.contrast)
    return (
        Entry(row.on),
        Entry(f"{row.contrast.items:,}"),
        Entry(accuracy),
        Entry(share(row.constant_accuracy)),
        Entry(signed_points(row.contrast.value)),
        Entry(shown),
        Entry(p_value(row.contrast.p).removeprefix("= ")),
        *((Entry(p_value(row.p_adjusted).removeprefix("= ")),) if with_adjusted else ()),
    )


def _pair_cells(pair: CheckpointPair) -> tuple[Entry, ...]:
    counts = (pair.both_right, pair.treatment_only, pair.baseline_only, pair.both_wrong)
    return (
        Entry(pair.treatment),
        *(Entry(f"{count:,}") for count in counts),
        Entry(p_value(pair.mid_p).removeprefix("= ")),
        Entry(signed_interval(pair.difference)),
        Entry(percent(pair.belief.better) + "%"),
    )

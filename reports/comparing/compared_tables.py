"""A comparison as tables, and in words."""

from __future__ import annotations

from collections.abc import Iterator

from reports.comparing.checkpoint_pairs import CheckpointPair
from reports.comparing.compared import Compared
from reports.comparing.differences import Difference, Level
from reports.comparing.unfinished import depends_in
from reports.rendering.numerals import p_value, percent, share, signed_interval
from reports.rendering.tables import Entry, Table
from reports.rendering.units import Unit, unit_of

TITLES: dict[Level, str] = {
    "whole": "All items",
    "role": "In-domain and out-of-domain",
    "suite": "By suite",
    "task": "By task",
}


def difference_tables(compared: Compared) -> Iterator[Table]:
    """One table a level; shares in percent and percentage points, other scores in their units."""
    several, unit = len(compared.systems) > 2, unit_of(compared.scale)
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
            unit.level_name,
            *(("constant",) if unit.scale.kind == "binary" else ()),
            "difference",
            "95% interval",
            "p",
            *((adjusted,) if len(rows) > 1 else ()),
        )
        cells = tuple(
            (
                *((Entry(row.treatment),) if several else ()),
                *_cells(row, unit, with_adjusted=len(rows) > 1),
            )
            for row in rows
        )
        baseline = compared.systems[0].name
        heading = f"{title}: difference to {baseline}, in {unit.in_words}"
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
            yield _sentence(row, unit_of(compared.scale))


def _sentence(row: Difference, unit: Unit) -> str:
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
        f"{unit.signed(contrast.value)}{unit.word} (95% interval {unit.interval(contrast)}, p "
        f"{p_value(contrast.p)})"
    )
    if depends_in(row):
        pair += " depends on unfinished answers"
    if contrast.lower <= 0 <= contrast.upper:
        return (
            f"{pair}: {found}: no difference shown, which is no evidence of equality"
            f"{_power(contrast.detectable, unit)}; {scope}."
        )
    word = "better" if contrast.value > 0 else "worse"
    return f"{pair}: {found}: {word}; {scope}."


def _power(detectable: float | None, unit: Unit) -> str:
    if detectable is None:
        return ""
    if detectable >= unit.scale.span:
        return "; hardly any difference would be found with this data"
    return f"; a true difference of {unit.amount(detectable)} would be found with 80% probability"


def _cells(row: Difference, unit: Unit, *, with_adjusted: bool) -> tuple[Entry, ...]:
    told = unit.signed if row.on.startswith("gap") else unit.level
    accuracy = f"{told(row.baseline_accuracy)} → {told(row.treatment_accuracy)}"
    shown = "identical" if row.contrast.identical else unit.interval(row.contrast)
    return (
        Entry(row.on),
        Entry(f"{row.contrast.items:,}"),
        Entry(accuracy),
        *((Entry(share(row.constant_accuracy)),) if unit.scale.kind == "binary" else ()),
        Entry(unit.signed(row.contrast.value)),
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

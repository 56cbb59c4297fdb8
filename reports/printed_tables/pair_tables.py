"""Printed tables, and the pairs of methods in them, as tables of ours."""

from __future__ import annotations

from collections.abc import Sequence

from reports.printed_tables.printed_pairs import Own, PrintedPair, PrintedTable, Says
from reports.rendering.numerals import p_value, points, signed_interval, signed_points
from reports.rendering.tables import NOT_ASKED, Entry, Table, Tone

SAID: dict[Says, tuple[str, Tone]] = {
    "holds": ("beyond chance on these items", "good"),
    "depends": ("depends on which items", "plain"),
    "cannot": ("within chance", "bad"),
}


def summary_table(tables: Sequence[PrintedTable]) -> Table:
    """One row a paper, student and benchmark: what its pairs of methods say."""
    rows = tuple(
        (
            *(Entry(text) for text in (table.paper, table.student, table.suite)),
            *(
                Entry(str(number))
                for number in (
                    table.items,
                    table.methods,
                    len(table.pairs),
                    table.count("holds"),
                    table.hold_together,
                    table.count("depends"),
                    table.count("cannot"),
                )
            ),
        )
        for table in tables
    )
    columns = (
        *("paper", "student", "benchmark", "items", "methods", "pairs"),
        *("beyond chance", "so by Holm", "depends", "within chance"),
    )
    return Table("Pairs of methods at the 5% level, one checkpoint each", columns, rows, 3)


def pairs_table(tables: Sequence[PrintedTable], method: str) -> Table:
    """Every pair that `method` is one of; differences are its own figure less the other's."""
    rows = tuple(
        _row(pair, method)
        for table in tables
        for pair in table.pairs
        if method in (pair.better, pair.other)
    )
    columns = (
        *("paper", "student", "benchmark", f"{method} against", "it is", "difference"),
        *("p from", "p to", "undone by SD", "p over runs", "here"),
    )
    return Table(f"{method} against each other method, points", columns, rows, 5)


def _row(pair: PrintedPair, method: str) -> tuple[Entry, ...]:
    other = pair.other if pair.better == method else pair.better
    sign = 1 if pair.better == method else -1
    word, tone = SAID[pair.says]
    return (
        *(Entry(text) for text in (pair.paper, pair.student, pair.suite, other)),
        Entry(word, tone=tone),
        Entry(signed_points(sign * pair.difference)),
        *(Entry(_p(p)) for p in (pair.p.smallest, pair.p.largest)),
        Entry(points(pair.undoing_spread)),
        Entry(NOT_ASKED if pair.over_runs is None else _p(pair.over_runs)),
        Entry("; ".join(_own(own, sign) for own in pair.own) or NOT_ASKED),
    )


def _p(p: float) -> str:
    return p_value(p).removeprefix("= ")


def _own(own: Own, sign: int) -> str:
    """Our contrast, of the method that the table is about less the other."""
    found = own.contrast if sign == 1 else own.contrast.turned()
    return (
        f"{own.student}: {signed_points(found.value)} ({signed_interval(found)}), "
        f"p {p_value(found.p)}"
    )

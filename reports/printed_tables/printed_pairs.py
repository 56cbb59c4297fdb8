"""Each pair of methods of a printed table, with what its figures allow to be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Literal

from reports.run_report.published import suite_key
from reports.run_report.report_content import ComparisonRow, PublishedRow
from reports.statistics.contrast import Contrast
from reports.statistics.levels import LEVEL
from reports.statistics.multiplicity import holm
from reports.statistics.printed_accuracies import PRange, p_range, undoing_spread, welch_p

# Items of the benchmarks as this project's suites have them. A paper may have asked others (BB-sub
# is a random draw), so a file's own column `items` goes before.
ITEMS = {
    "bbh": 1304,
    "bb_sub": 5286,
    "agieval_en": 2546,
    "arc_easy": 2376,
    "arc_challenge": 1172,
}
TABLE_MARK = " Table "

Says = Literal["holds", "depends", "cannot"]


@dataclass(frozen=True, slots=True)
class Own:
    """This project's contrast of the same two methods on the same suite."""

    student: str
    contrast: Contrast
    seeds: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PrintedPair:
    """The better of two methods less the other, on one benchmark of one paper and student.

    `p` is about these checkpoints on these items. `undoing_spread` is the standard deviation over
    seeds that would undo the difference, `over_runs` Welch's p value where the paper prints its
    own spread.
    """

    paper: str
    student: str
    suite: str
    better: str
    other: str
    items: int
    difference: float
    p: PRange
    undoing_spread: float
    over_runs: float | None
    own: tuple[Own, ...]

    @property
    def says(self) -> Says:
        """Whether the better one is beyond chance whatever items the two share, or can never be."""
        if self.p.largest < LEVEL:
            return "holds"
        return "depends" if self.p.smallest < LEVEL else "cannot"


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One paper's figures for one student on one benchmark: its methods and all their pairs."""

    paper: str
    student: str
    suite: str
    items: int
    methods: int
    pairs: tuple[PrintedPair, ...]

    def count(self, says: Says) -> int:
        """How many of the pairs say so."""
        return sum(pair.says == says for pair in self.pairs)

    @property
    def hold_together(self) -> int:
        """How many pairs hold whatever the overlap when all of this table are told at once
        (Holm).
        """
        adjusted = holm([pair.p.largest for pair in self.pairs])
        return sum(p < LEVEL for p in adjusted)


def printed_tables(
    published: Sequence[PublishedRow], own: Iterable[ComparisonRow] = ()
) -> list[PrintedTable]:
    """The published figures by paper, student and benchmark, tables of one paper together.

    Benchmarks whose number of items is not known are left out, and so are those with one method.
    """
    ours = list(own)
    rows = [row for row in published if row.items or row.suite in ITEMS]
    rows.sort(key=_place)
    tables = []
    for (paper, student, suite), group in groupby(rows, key=_place):
        methods = list({row.method: row for row in reversed(list(group))}.values())[::-1]
        items = methods[0].items or ITEMS[suite]
        pairs = tuple(_pair(one, other, items, ours) for one, other in combinations(methods, 2))
        if pairs:
            tables.append(PrintedTable(paper, student, suite, items, len(methods), pairs))
    return tables


def _place(row: PublishedRow) -> tuple[str, str, str]:
    return row.source.partition(TABLE_MARK)[0], row.student, row.suite


def _pair(
    one: PublishedRow, two: PublishedRow, items: int, ours: Sequence[ComparisonRow]
) -> PrintedPair:
    better, other = (one, two) if one.value >= two.value else (two, one)
    difference = better.value - other.value
    runs = (better.runs or 1, other.runs or 1)
    sds = (better.sd, other.sd)
    known = sds[0] is not None and sds[1] is not None and min(runs) > 1
    return PrintedPair(
        paper=better.source.partition(TABLE_MARK)[0],
        student=better.student,
        suite=better.suite,
        better=better.method,
        other=other.method,
        items=items,
        difference=difference,
        p=p_range(better.value, other.value, items),
        undoing_spread=undoing_spread(difference, runs),
        over_runs=welch_p(difference, (sds[0] or 0.0, sds[1] or 0.0), runs) if known else None,
        own=tuple(_own(better, other, ours)),
    )


def _own(better: PublishedRow, other: PublishedRow, ours: Sequence[ComparisonRow]) -> Iterable[Own]:
    """Our contrasts of the two, turned so that the paper's better method stands first."""
    for row in ours:
        if suite_key(row.on) != better.suite:
            continue
        if (row.treatment, row.baseline) == (better.method, other.method):
            yield Own(row.student, row.contrast, row.seeds)
        elif (row.treatment, row.baseline) == (other.method, better.method):
            yield Own(row.student, row.contrast.turned(), row.seeds[::-1])

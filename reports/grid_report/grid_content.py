"""What a grid's report says, as plain data: written to grid.json by `rendering.as_json`.

Differences and accuracies are fractions, intervals at 95%.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reports.grid_report.surface import Corner, Surface, in_a_sentence, surface
from reports.sweep_report.sweep_content import Scale, SweepReport, Value
from tasks.errors import UserError

SCHEMA = "cascod-grid/1"


@dataclass(frozen=True, slots=True)
class GridReport:
    """The plan's difference on every estimand over the grid; the plan's own estimand comes first.

    `outer` are labels of the outer key's values, each a sweep of its own; `findings` a sentence a
    surface.
    """

    name: str
    outer_key: str
    inner_key: str
    scale: Scale
    outer: tuple[str, ...]
    inner: tuple[Value, ...]
    students: tuple[str, ...]
    pair: tuple[str, str]
    surfaces: tuple[Surface, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    schema: str = field(default=SCHEMA)


def grid_report(
    outer_key: str, sweeps: Mapping[str, SweepReport], notes: tuple[str, ...] = ()
) -> GridReport:
    """The report of sweeps by their value of the outer key; UserError where nothing is compared."""
    reports = list(sweeps.values())
    first = reports[0]
    if first.pair is None:
        raise UserError("the experiment names no primary comparison, so there is no surface")
    rows = dict.fromkeys(row.on for report in reports for row in report.differences)
    if not rows:
        raise UserError("no corner has both sides of the primary comparison")
    ranked = sorted(rows, key=lambda on: on != first.on)
    surfaces = tuple(surface(on, _corners(sweeps, on)) for on in ranked)
    inner = {value.label: value for report in reports for value in report.values}
    return GridReport(
        name=first.name,
        outer_key=outer_key,
        inner_key=first.key,
        scale=first.scale,
        outer=tuple(sweeps),
        inner=tuple(sorted(inner.values(), key=lambda value: value.x)),
        students=tuple(dict.fromkeys(name for report in reports for name in report.students)),
        pair=first.pair,
        surfaces=surfaces,
        findings=tuple(in_a_sentence(each, *first.pair) for each in surfaces),
        notes=(*notes, *(f"{at}: {note}" for at, r in sweeps.items() for note in r.notes)),
    )


def _corners(sweeps: Mapping[str, SweepReport], on: str) -> Iterator[Corner]:
    for outer, report in sweeps.items():
        at = {(row.student, row.method, row.at): row for row in report.accuracies if row.on == on}
        for row in report.differences:
            if row.on == on:
                sides = [at[row.student, m, row.at] for m in (row.treatment, row.baseline)]
                yield Corner(
                    student=row.student,
                    outer=outer,
                    inner=row.at,
                    seeds=min(side.seeds for side in sides),
                    baseline=sides[1].accuracy.value,
                    contrast=row.contrast,
                    reading=row.reading,
                )

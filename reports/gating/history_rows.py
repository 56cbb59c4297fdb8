"""A history build by build: how far each lies from the first."""

from __future__ import annotations

from dataclasses import dataclass

from reports.gating.history import Build, History, on_common_items
from reports.gating.night import design_on
from reports.rendering.numerals import percent, points, signed_points
from reports.rendering.tables import Entry, Table, Tone
from reports.statistics.contrast import Contrast, compare

PLOT = 21  # characters
OUTCOMES: dict[str, Tone] = {"PASS": "good", "FAIL": "bad", "INCONCLUSIVE": "strong"}
SHORT = 8  # characters of a commit


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A build: its accuracy on the items that it shares with the first, and the contrast to that
    one with its 95% interval, None for the first itself.
    """

    build: Build
    accuracy: float
    change: Contrast | None


def rows_of(history: History) -> list[Row]:
    """One row a build."""
    return [_row(history.builds[0], build) for build in history.builds]


def _row(first: Build, build: Build) -> Row:
    common = on_common_items([first, build])
    design = design_on(common.items)
    then, now = common.correct
    return Row(
        build=build,
        accuracy=float(now.mean(axis=0) @ design.weight),
        change=None if build is first else compare(now, then, design),
    )


def summary(history: History) -> str:
    """What the history is, and how its last build fared."""
    last = history.builds[-1]
    anchors = ", ".join(str(build.number) for build in history.anchors)
    outcome = f"{last.outcome}: {last.told}" if last.outcome else last.told
    return (
        f"{len(history.builds)} builds, margin {points(history.margin)} points, anchors: build "
        f"{anchors}. Build {last.number}: {outcome}"
    )


def history_table(rows: list[Row], *, drawn: bool) -> Table:
    """A row a build; `drawn` adds a line of characters with the interval and the zero."""
    columns = ("build", "date", "commit", "score", "since 1", *(("",) if drawn else ()), "outcome")
    reach = _reach(rows)
    body = tuple(
        (
            Entry(f"{row.build.number}{' *' if row.build.anchor else ''}"),
            Entry(row.build.date[:10]),
            Entry(row.build.commit[:SHORT]),
            Entry(percent(row.accuracy)),
            Entry(signed_points(row.change.value) if row.change else ""),
            *((Entry(_drawn(row, reach)),) if drawn else ()),
            Entry(row.build.outcome or "", tone=OUTCOMES.get(row.build.outcome or "", "plain")),
        )
        for row in rows
    )
    title = "Score in percent, change since build 1 in points with its 95% interval; * anchor"
    return Table(title, columns, body, 3)


def _reach(rows: list[Row]) -> float:
    """How far the line of characters reaches to either side."""
    ends = [abs(end) for row in rows if row.change for end in (row.change.lower, row.change.upper)]
    return max(ends, default=0.0) or 1.0


def _drawn(row: Row, reach: float) -> str:
    """Zero as a bar, the interval as a line, the value as a dot on it."""
    middle = PLOT // 2

    def at(value: float) -> int:
        return middle + round(value / reach * middle)

    line = [" "] * PLOT
    if row.change is not None:
        line[at(row.change.lower) : at(row.change.upper) + 1] = "─" * (
            at(row.change.upper) - at(row.change.lower) + 1
        )
    line[middle] = "│"
    if row.change is not None:
        line[at(row.change.value)] = "●"
    return "".join(line)

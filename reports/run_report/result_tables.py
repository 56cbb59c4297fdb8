"""Tables of results: accuracies, averages, comparisons, majority-class checks."""

from __future__ import annotations

from reports.rendering.numerals import p_value, percent, signed_interval, signed_points
from reports.rendering.tables import NOT_ASKED, Entry, Table
from reports.run_report.accuracy_cell import accuracy_cell, accuracy_pair, interval
from reports.run_report.attribution import EffectKind, EffectRow
from reports.run_report.report_content import ComparisonRow, Report
from reports.statistics.answers import IN_WORDS
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.statistics.levels import LEVEL
from reports.statistics.weights import GAP, ROLES

ESTIMANDS = {"ind": "IND", "ood": "OOD", GAP: "gap"}


def accuracy_table(report: Report) -> Table:
    """Systems down, suites across; two columns a suite where answers were forced."""
    forced = {row.suite for row in report.accuracies if row.forced}
    columns: list[str] = []
    for suite in report.suites:
        name = f"{suite.suite} ({suite.role.upper()})"
        columns += both_ways(name) if suite.suite in forced else [name]
    cells = {
        (r.student, r.method, r.suite): accuracy_pair(r)
        if r.suite in forced
        else (accuracy_cell(r),)
        for r in report.accuracies
    }
    rows = tuple(
        (
            *_system_cells(system.student, system.method, len(system.seeds)),
            *(
                cell
                for suite in report.suites
                for cell in cells.get(
                    (system.student, system.method, suite.suite),
                    [Entry(NOT_ASKED)] * (2 if suite.suite in forced else 1),
                )
            ),
        )
        for system in report.systems
    )
    return Table("Accuracy in percent", ("student", "method", "seeds", *columns), rows, 2)


def accuracy_list(report: Report) -> Table:
    """The same figures as `accuracy_table`, one row a suite and system.

    Beside them stands what a constant answer scores, the commonest gold of each task.
    """
    forced = report.forced
    seeds = {(system.student, system.method): len(system.seeds) for system in report.systems}
    rows = tuple(
        (
            Entry(row.student),
            Entry(f"{row.suite} ({row.role.upper()})"),
            Entry(row.method),
            Entry(str(seeds[row.student, row.method] or NOT_ASKED)),
            Entry(percent(row.accuracy.value)),
            Entry(interval(row.accuracy)),
            *((Entry(percent(row.as_written.value)), Entry(interval(row.as_written))) * forced),
            Entry(percent(row.majority)),
            Entry(percent(row.unparsed)),
            Entry(percent(row.truncated)),
            *((Entry(percent(row.forced)),) * forced),
        )
        for row in report.accuracies
    )
    measured = (
        *("forced answers" if forced else "accuracy", "95%"),
        *(("as written", "95%") * forced),
        *("constant", "unparsed", "cut off"),
        *(("forced",) * forced),
    )
    columns = ("student", "suite", "method", "seeds", *measured)
    return Table("Accuracy in percent", columns, rows, 3)


def macro_table(report: Report) -> Table:
    """Systems down; IND average, OOD average and gap across, each twice where answers were
    forced.
    """
    kinds = [on for on in ESTIMANDS if any(row.on == on for row in report.macros)]
    names = {"ind": "IND average", "ood": "OOD average", GAP: "gap (IND − OOD)"}
    times = 2 if report.forced else 1
    cells = {
        (r.student, r.method, r.on): [
            _macro_cell(r.on, found) for found in (r.average, r.as_written)[:times]
        ]
        for r in report.macros
    }
    rows = tuple(
        (
            *_system_cells(system.student, system.method, len(system.seeds)),
            *(
                cell
                for on in kinds
                for cell in cells.get(
                    (system.student, system.method, on), [Entry(NOT_ASKED)] * times
                )
            ),
        )
        for system in report.systems
    )
    averages = [
        column
        for on in kinds
        for column in (both_ways(names[on]) if report.forced else [names[on]])
    ]
    columns = ("student", "method", "seeds", *averages)
    return Table("Averages over suites in percent, gap in percentage points", columns, rows, 2)


def comparison_table(report: Report) -> Table:
    """One row a contrast, the primary ones first, then the other confirmatory ones.

    Where answers were forced it says how they are counted, and the difference the other way.
    """
    rows = sorted(report.comparisons, key=lambda row: (not row.primary, row.kind))
    columns = (
        *("student", "comparison", "on", "claim"),
        *(("answers",) * report.forced),
        *("points", "95% interval", "p", "adjusted p"),
        *(("counted the other way",) * report.forced),
    )
    cells = tuple(_comparison_cells(row, forced=report.forced) for row in rows)
    title = "Differences to the baseline, in percentage points"
    return Table(title, columns, cells, 5 if report.forced else 4)


def noise_table(report: Report) -> Table:
    """One row a pair of runs and role."""
    rows = tuple(
        (
            Entry(row.student),
            Entry(row.method),
            Entry(row.pair),
            Entry(ESTIMANDS[row.on]),
            Entry(signed_points(row.difference)),
            Entry(percent(row.outcomes_changed)),
            Entry(percent(row.responses_changed)),
        )
        for row in report.noise
    )
    columns = ("student", "method", "runs", "on", "points", "% outcomes changed", "% texts changed")
    return Table("The same cell against itself", columns, rows, 4)


def effects_tables(report: Report) -> list[Table]:
    """One table a kind of effect; in- and out-of-domain across."""
    titles: dict[EffectKind, str] = {
        "alone": "Each ingredient, everything else equal, in percentage points",
        "together": "How much more two do together than each by itself, in percentage points",
        "step": "From Std-CoT to CasCoD one change at a time, in percentage points",
    }
    found = {(row.student, row.kind, row.name, row.on): row for row in report.effects}
    roles = [on for on in ROLES if any(row.on == on for row in report.effects)]
    tables = []
    for kind, title in titles.items():
        lines = dict.fromkeys(
            (r.student, r.name, r.pairs) for r in report.effects if r.kind == kind
        )
        rows = tuple(
            (
                Entry(student),
                Entry(name),
                *(_effect_cell(found.get((student, kind, name, on))) for on in roles),
                Entry(str(pairs)),
            )
            for student, name, pairs in lines
        )
        columns = ("student", "ingredient", *(ESTIMANDS[on] for on in roles), "pairs")
        tables.append(Table(title, columns, rows, 2))
    return [table for table in tables if table.rows]


def majority_table(report: Report) -> Table:
    """Systems down; how many IND tasks are above the majority-class rate, and which are not."""
    rows = tuple(
        (
            Entry(row.student),
            Entry(row.method),
            Entry(
                f"{row.tasks - len(row.not_above)} of {row.tasks}",
                tone="bad" if row.not_above else "good",
            ),
            Entry(", ".join(row.not_above) or "none"),
        )
        for row in report.majority
    )
    columns = ("student", "method", "IND tasks above", "not above")
    return Table("Tasks whose whole interval lies above the majority-class rate", columns, rows, 4)


def task_tables(report: Report) -> list[Table]:
    """One table a suite of several tasks: tasks down, systems across."""
    tables = []
    for suite in report.suites:
        own = [row for row in report.tasks if row.suite == suite.suite]
        systems = list(dict.fromkeys((row.student, row.method) for row in own))
        several = len({student for student, _ in systems}) > 1
        names = tuple(f"{s} / {m}" if several else m for s, m in systems)
        cells = {(row.task, row.student, row.method): row for row in own}
        rows = []
        for task in dict.fromkeys(row.task for row in own):
            first = next(row for row in own if row.task == task)
            rows.append(
                (
                    Entry(str(task)),
                    Entry(str(first.items)),
                    Entry(percent(first.majority)),
                    *(accuracy_cell(cells[task, *system], marked=True) for system in systems),
                )
            )
        title = f"{suite.suite} ({suite.role.upper()}), percent"
        tables.append(Table(title, ("task", "items", "majority", *names), tuple(rows), 1))
    return tables


def both_ways(name: str) -> list[str]:
    """The headings of a figure that stands with forced answers and, beside it, as written."""
    return [f"{name}, {IN_WORDS[answers]}" for answers in IN_WORDS]


def comparison_label(row: ComparisonRow) -> str:
    """The estimand of a contrast as a short label."""
    return ESTIMANDS.get(row.on, row.on)


def _system_cells(student: str, method: str, seeds: int) -> tuple[Entry, Entry, Entry]:
    return Entry(student), Entry(method), Entry(str(seeds) if seeds else NOT_ASKED)


def _effect_cell(row: EffectRow | None) -> Entry:
    if row is None:
        return Entry(NOT_ASKED)
    return Entry(
        signed_points(row.contrast.value),
        f"{signed_interval(row.contrast)} · adjusted p {p_value(row.p_adjusted)}",
        "strong" if row.p_adjusted < LEVEL else "plain",
    )


def _macro_cell(on: str, found: Interval | Contrast) -> Entry:
    write = signed_points if on == GAP else percent
    joint = " to " if on == GAP else "–"
    return Entry(write(found.value), f"{write(found.lower)}{joint}{write(found.upper)}")


def _comparison_cells(row: ComparisonRow, *, forced: bool) -> tuple[Entry, ...]:
    kind = f"primary, {row.kind}" if row.primary else row.kind
    answers = (Entry(row.answers.replace("_", " ")),) * forced
    other = (_other_way(row),) * forced
    names = Entry(f"{row.treatment} − {row.baseline}", kind, "strong" if row.primary else "plain")
    start = (Entry(row.student), names, Entry(comparison_label(row)))
    contrast = row.contrast
    if contrast.identical:
        same = (Entry("0.0"), Entry("identical responses"), *[Entry("–")] * 2)
        return (*start, Entry("–"), *answers, *same, *other)
    p_values = [Entry(p_value(p).removeprefix("= ")) for p in (contrast.p, row.p_adjusted)]
    figures = Entry(signed_points(contrast.value)), Entry(signed_interval(contrast))
    return (*start, Entry(contrast.claim), *answers, *figures, *p_values, *other)


def _other_way(row: ComparisonRow) -> Entry:
    """The difference counted the other way, marked where the two do not agree."""
    found = row.otherwise.contrast
    if not row.unfinished.forced:
        return Entry("the same")
    adjusted = f"adjusted p {p_value(row.otherwise.p_adjusted)}"
    small = f"{signed_interval(found)} · {adjusted}{' · does not agree' if row.depends else ''}"
    return Entry(signed_points(found.value), small, "bad" if row.depends else "plain")

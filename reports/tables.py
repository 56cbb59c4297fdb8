"""The report's tables as text cells, the same for terminal, Markdown and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.content import AccuracyRow, ComparisonRow, MacroRow, Report
from reports.numerals import count, duration, p_value, percent, ratio, signed_points
from reports.published import suite_key
from reports.weights import GAP

Tone = Literal["plain", "good", "bad", "strong"]

NOT_ASKED = "–"
ESTIMANDS = {"ind": "IND", "ood": "OOD", GAP: "gap"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or word, with what belongs under it in smaller type."""

    text: str
    small: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns from `numeric_from` on hold figures; every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric_from: int


def accuracy_table(report: Report) -> Table:
    """Systems down, suites across."""
    columns = tuple(f"{row.suite} ({row.role.upper()})" for row in report.suites)
    cells = {(r.student, r.method, r.suite): _accuracy_cell(r) for r in report.accuracies}
    rows = tuple(
        (
            *_system_cells(system.student, system.method, len(system.seeds)),
            *(
                cells.get((system.student, system.method, suite.suite), Cell(NOT_ASKED))
                for suite in report.suites
            ),
        )
        for system in report.systems
    )
    return Table("Accuracy in percent", ("student", "method", "seeds", *columns), rows, 2)


def accuracy_list(report: Report) -> Table:
    """The same figures as `accuracy_table`, one row a suite and system."""
    seeds = {(system.student, system.method): len(system.seeds) for system in report.systems}
    rows = tuple(
        (
            Cell(row.student),
            Cell(f"{row.suite} ({row.role.upper()})"),
            Cell(row.method),
            Cell(str(seeds[row.student, row.method] or NOT_ASKED)),
            Cell(percent(row.value)),
            Cell(f"{percent(row.lower)}–{percent(row.upper)}"),
            Cell(percent(row.unparsed)),
            Cell(percent(row.truncated)),
        )
        for row in report.accuracies
    )
    columns = ("student", "suite", "method", "seeds", "accuracy", "95%", "unparsed", "cut off")
    return Table("Accuracy in percent", columns, rows, 3)


def macro_table(report: Report) -> Table:
    """Systems down; IND average, OOD average and gap across."""
    kinds = [on for on in ESTIMANDS if any(row.on == on for row in report.macros)]
    names = {"ind": "IND average", "ood": "OOD average", GAP: "gap (IND − OOD)"}
    cells = {(r.student, r.method, r.on): _macro_cell(r) for r in report.macros}
    rows = tuple(
        (
            *_system_cells(system.student, system.method, len(system.seeds)),
            *(cells.get((system.student, system.method, on), Cell(NOT_ASKED)) for on in kinds),
        )
        for system in report.systems
    )
    columns = ("student", "method", "seeds", *(names[on] for on in kinds))
    return Table("Averages over suites in percent, gap in percentage points", columns, rows, 2)


def comparison_table(report: Report) -> Table:
    """One row a contrast, the primary ones first."""
    rows = sorted(report.comparisons, key=lambda row: not row.primary)
    columns = ("student", "comparison", "on", "claim", "points", "95% interval", "p")
    title = "Differences to the baseline, in percentage points"
    return Table(title, columns, tuple(_comparison_cells(row) for row in rows), 4)


def majority_table(report: Report) -> Table:
    """Systems down; how many IND tasks are above the majority-class rate, and which are not."""
    rows = tuple(
        (
            Cell(row.student),
            Cell(row.method),
            Cell(
                f"{row.tasks - len(row.not_above)} of {row.tasks}",
                tone="bad" if row.not_above else "good",
            ),
            Cell(", ".join(row.not_above) or "none"),
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
                    Cell(str(task)),
                    Cell(str(first.items)),
                    Cell(percent(first.majority)),
                    *(_accuracy_cell(cells[task, *system], marked=True) for system in systems),
                )
            )
        title = f"{suite.suite} ({suite.role.upper()}), percent"
        tables.append(Table(title, ("task", "items", "majority", *names), tuple(rows), 1))
    return tables


def cost_table(report: Report) -> Table:
    """Systems down; training per seed, asking per item, and ratios to the baseline."""
    columns = (
        *("student", "method", "training tokens", "target tokens", "training FLOPs"),
        *("training time", "generated tokens/item", "FLOPs/item", "time/item"),
        *("training FLOPs ÷ baseline", "training time ÷ baseline", "generated tokens ÷ baseline"),
    )
    rows = tuple(
        tuple(
            Cell(text)
            for text in (
                row.student,
                row.method,
                count(row.training_tokens),
                count(row.training_target_tokens),
                count(row.training_flops),
                duration(row.training_seconds),
                count(row.generated_tokens_per_item),
                count(row.inference_flops_per_item),
                duration(row.inference_seconds_per_item),
                ratio(row.relative_training_flops),
                ratio(row.relative_training_seconds),
                ratio(row.relative_generated_tokens),
            )
        )
        for row in report.costs
    )
    return Table("Costs, means over seeds", columns, rows, 2)


def published_table(report: Report) -> Table:
    """Suites and methods down; this run's students, then each published source, across."""
    students = list(dict.fromkeys(system.student for system in report.systems))
    sources = list(dict.fromkeys((row.source, row.student) for row in report.published))
    ours = {(suite_key(r.suite), r.method, r.student): r for r in report.accuracies}
    theirs = {(r.suite, r.method, r.source, r.student): r for r in report.published}
    rows = []
    for suite, method in dict.fromkeys((row.suite, row.method) for row in report.published):
        cells = [Cell(suite), Cell(method)]
        for student in students:
            own = ours.get((suite, method, student))
            cells.append(_accuracy_cell(own) if own else Cell(NOT_ASKED))
        for source in sources:
            row = theirs.get((suite, method, *source))
            spread = f"± {percent(row.sd)} over {row.runs} runs" if row and row.sd else ""
            cells.append(Cell(percent(row.value), spread) if row else Cell(NOT_ASKED))
        rows.append(tuple(cells))
    columns = (
        *("suite", "method", *(f"this run: {student}" for student in students)),
        *(f"published: {student}, {source}" for source, student in sources),
    )
    return Table("This run and published figures, percent", columns, tuple(rows), 2)


def suite_table(report: Report) -> Table:
    """The suites as evaluated."""
    rows = tuple(
        (Cell(s.suite), Cell(s.role.upper()), *map(_number, (s.tasks, s.items, s.clusters)))
        for s in report.suites
    )
    return Table("Suites", ("suite", "role", "tasks", "items", "clusters"), rows, 2)


def evaluation_table(report: Report) -> Table:
    """Every checkpoint that was evaluated, and its accuracy where it shows the spread of seeds."""
    rows = []
    for info in report.evaluations:
        weights, data = info.get("checkpoint_fingerprint"), info.get("data_fingerprint")
        seed = "–" if info["seed"] is None else str(info["seed"])
        marks = (str(weights or "–")[:12], str(data or "–")[:12])
        rows.append(tuple(map(Cell, (info["student"], info["method"], seed, *marks))))
    columns = ("student", "method", "seed", "checkpoint", "training data")
    return Table("Evaluated checkpoints", columns, tuple(rows), 5)


def comparison_label(row: ComparisonRow) -> str:
    """The estimand of a contrast as a short label."""
    return ESTIMANDS.get(row.on, row.on)


def of_student(table: Table, student: str) -> Table:
    """One student's rows of a table that starts with the student, without that column."""
    rows = tuple(row[1:] for row in table.rows if row[0].text == student)
    return Table(table.title, table.columns[1:], rows, table.numeric_from - 1)


def without_constant_student(table: Table) -> Table:
    """A table that starts with the student, without that column where there is only one."""
    students = {row[0].text for row in table.rows}
    return of_student(table, students.pop()) if len(students) == 1 else table


def _number(value: int) -> Cell:
    return Cell(f"{value:,}")


def _system_cells(student: str, method: str, seeds: int) -> tuple[Cell, Cell, Cell]:
    return Cell(student), Cell(method), Cell(str(seeds) if seeds else NOT_ASKED)


def _accuracy_cell(row: AccuracyRow, *, marked: bool = False) -> Cell:
    """The accuracy; under it the interval, answers without a parse and outputs cut off."""
    faults = [f"{percent(row.lower)}–{percent(row.upper)}", f"unparsed {percent(row.unparsed)}"]
    faults.append(f"cut off {percent(row.truncated)}")
    below = marked and not row.above_majority
    return Cell(percent(row.value), " · ".join(faults), "bad" if below else "plain")


def _macro_cell(row: MacroRow) -> Cell:
    write = signed_points if row.on == GAP else percent
    joint = " to " if row.on == GAP else "–"
    return Cell(write(row.value), f"{write(row.lower)}{joint}{write(row.upper)}")


def _comparison_cells(row: ComparisonRow) -> tuple[Cell, ...]:
    kind = "primary" if row.primary else "exploratory"
    names = Cell(f"{row.treatment} − {row.baseline}", kind, "strong" if row.primary else "plain")
    start = (Cell(row.student), names, Cell(comparison_label(row)))
    if row.identical:
        return (*start, Cell("–"), Cell("0.0"), Cell("identical responses"), Cell("–"))
    interval = f"{signed_points(row.lower)} to {signed_points(row.upper)}"
    p = p_value(row.p).removeprefix("= ")
    return (*start, Cell(row.claim), Cell(signed_points(row.value)), Cell(interval), Cell(p))

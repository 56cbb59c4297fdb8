"""Tables of the reasoning space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.reasoning.measures import Measure
from reports.reasoning_report.reasoning_space import MeasureContrast, Part, ReasoningSpace
from reports.rendering.numerals import measured, p_value, percent, signed_measured
from reports.rendering.tables import NOT_ASKED, Entry, Table
from reports.statistics.levels import LEVEL
from reports.statistics.weights import ROLES


def sampled_table(space: ReasoningSpace) -> Table:
    """Accuracies of sampled replies, a row a suite and system, each with its 95% interval.

    Where students were sampled unequally often, k is the number in the row.
    """
    counts = {row.samples for row in space.sampled}
    alike = len(counts) == 1
    k = str(space.samples) if alike else "k"
    rows = tuple(
        (
            Entry(row.student),
            Entry(f"{row.suite} ({row.role.upper()})"),
            Entry(row.method),
            Entry(str(row.questions)),
            *([] if alike else [Entry(str(row.samples))]),
            *(
                entry
                for found in (row.pass_1, row.majority_k, row.pass_k)
                for entry in (
                    Entry(percent(found.value)),
                    Entry(f"{percent(found.lower)}–{percent(found.upper)}"),
                )
            ),
        )
        for row in space.sampled
    )
    accuracies = (name for each in ("pass@1", f"maj@{k}", f"pass@{k}") for name in (each, "95%"))
    columns = ("student", "suite", "method", "questions", *([] if alike else ["k"]), *accuracies)
    return Table(f"Accuracy in percent of {k} sampled replies a question", columns, rows, 3)


def findings_table(space: ReasoningSpace, part: Part) -> Table:
    """Questions down, in-domain and out-of-domain answers across."""
    measure_of = {row.measure for row in space.contrasts if row.part == part}
    asked = {f.question: f.measure for f in space.findings if f.measure in measure_of}
    students = dict.fromkeys(finding.student for finding in space.findings)
    roles = [on for on in ROLES if any(finding.on == on for finding in space.findings)]
    cells = {
        (f.student, f.question, f.on): Entry(f.said, f.figures, "strong" if f.shown else "plain")
        for f in space.findings
    }
    rows = tuple(
        (
            Entry(student),
            Entry(question),
            *(cells.get((student, question, on), Entry(NOT_ASKED)) for on in roles),
        )
        for student in students
        for question in asked
    )
    return Table(
        f"{TITLES[part]}, at a glance",
        ("student", "question", *(ROLES[on] for on in roles)),
        rows,
        4,
    )


def findings_tables(space: ReasoningSpace) -> list[Table]:
    """What was found in each part, where something was."""
    return [table for part in TITLES if (table := findings_table(space, part)).rows]


def measure_tables(space: ReasoningSpace, part: Part) -> Iterator[Table]:
    """For each role: measures down; systems, then differences to the baseline across."""
    for on in ROLES:
        rows = [row for row in space.rows if (row.part, row.on) == (part, on)]
        contrasts = [row for row in space.contrasts if (row.part, row.on) == (part, on)]
        if not rows:
            continue
        methods = list(dict.fromkeys(row.method for row in rows))
        pairs = list(dict.fromkeys((row.treatment, row.baseline) for row in contrasts))
        values = {(row.student, row.measure, row.method): row for row in rows}
        differences = {(r.student, r.measure, r.treatment, r.baseline): r for r in contrasts}
        lines = []
        for student in dict.fromkeys(row.student for row in rows):
            for measure in space.measures:
                if not any((student, measure.name, method) in values for method in methods):
                    continue
                cells = [Entry(student), Entry(measure.title)]
                for method in methods:
                    row = values.get((student, measure.name, method))
                    cells.append(
                        Entry(
                            measured(row.mean.value, measure.high),
                            f"{measured(row.mean.lower, measure.high)} to "
                            f"{measured(row.mean.upper, measure.high)}",
                        )
                        if row
                        else Entry(NOT_ASKED)
                    )
                for pair in pairs:
                    found = differences.get((student, measure.name, *pair))
                    cells.append(_difference(found, measure) if found else Entry(NOT_ASKED))
                asked = next(r.questions for r in rows if r.measure == measure.name)
                lines.append((*cells, Entry(str(asked))))
        columns = ("student", "measure", *methods, *(f"{a} − {b}" for a, b in pairs), "questions")
        yield Table(f"{TITLES[part]}, {ROLES[on]}", columns, tuple(lines), 2)


def reading_table(measures: Sequence[Measure]) -> Table:
    """How to read each measure."""
    rows = tuple((Entry(measure.title), Entry(measure.reading)) for measure in measures)
    return Table("How to read the measures", ("measure", "range, meaning, weakness"), rows, 2)


TITLES: dict[Part, str] = {"space": "Sampled rationales", "preset": "Answers with other rationales"}


def _difference(row: MeasureContrast, measure: Measure) -> Entry:
    value, lower, upper = (
        signed_measured(figure, measure.high)
        for figure in (row.contrast.value, row.contrast.lower, row.contrast.upper)
    )
    return Entry(
        value,
        f"{lower} to {upper} · adjusted p {p_value(row.p_adjusted)}",
        "strong" if row.p_adjusted < LEVEL else "plain",
    )

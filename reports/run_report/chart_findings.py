"""What each chart shows, in one or two sentences from the figures drawn: its label and its caption.

"Highest" speaks of estimates; that a difference is shown is only said where an interval or an
adjusted p value says it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from reports.reasoning_report.reasoning_space import Part, ReasoningSpace
from reports.rendering.numerals import MINUS, count, percent, signed_interval, signed_points
from reports.run_report.charts import charted_comparisons, charted_costs, students_of
from reports.run_report.reasoning_charts import PRESET, SPACE
from reports.run_report.report_content import AccuracyRow, MacroRow, Report
from reports.run_report.result_tables import comparison_label
from reports.statistics.levels import LEVEL
from reports.statistics.weights import GAP, ROLES


def accuracy_finding(report: Report) -> str:
    """Who is highest in how many suites, and whether intervals set anyone apart."""
    return (
        f"{_by_student(report, _accuracies)} Bars: 95% intervals. Dotted: majority class, what "
        "always giving a task's commonest answer would score."
    )


def averages_finding(report: Report) -> str:
    """The highest averages, and for how many methods something is lost out-of-domain."""
    return f"{_by_student(report, _averages)} Dashed: nothing lost out-of-domain."


def comparisons_finding(report: Report) -> str:
    """The primary differences, and how many of all are shown after adjustment."""
    rows = charted_comparisons(report)
    several = len({row.student for row in rows}) > 1
    primary = [
        f"{row.student + ': ' if several else ''}{row.treatment} {MINUS} {row.baseline}, "
        f"{comparison_label(row)}: {signed_points(row.contrast.value)} points "
        f"({signed_interval(row.contrast)})"
        for row in rows
        if row.primary
    ]
    shown = sum(row.p_adjusted < LEVEL for row in rows)
    first = f"Primary (filled): {'; '.join(primary)}. " if primary else ""
    return (
        f"{first}After adjustment {shown} of {len(rows)} differences are shown (p < {LEVEL:g}). "
        "Bars: 95% intervals, not adjusted."
    )


def effects_finding(report: Report) -> str:
    """The largest effect of one ingredient alone, and how many are shown after adjustment."""
    rows = [row for row in report.effects if row.student == report.effects[0].student]
    alone = [row for row in rows if row.kind == "alone"]
    charted = [row for row in rows if row.kind in ("alone", "step")]
    first = ""
    if alone:
        top = max(alone, key=lambda row: abs(row.contrast.value))
        first = (
            f"Largest alone: {top.name}, {signed_points(top.contrast.value)} points "
            f"{ROLES[top.on]} ({signed_interval(top.contrast)}). "
        )
    shown = sum(row.p_adjusted < LEVEL for row in charted)
    return (
        f"{first}After adjustment {shown} of {len(charted)} effects are shown (p < {LEVEL:g}). "
        "Bars: 95% intervals."
    )


def tasks_finding(report: Report) -> str:
    """The lowest and highest figure, and how many are not clearly above the majority class."""
    return f"{_by_student(report, _tasks)} The higher the accuracy, the stronger the colour."


def costs_finding(report: Report) -> str:
    """What the dearest and the cheapest training cost, and what they reach."""
    return f"{_by_student(report, _costs)} Bars: 95% intervals."


def space_finding(report: Report) -> str:
    """The questions about how wide the space is, answered."""
    return _answers(report.reasoning, "space", SPACE) if report.reasoning else ""


def preset_finding(report: Report) -> str:
    """The questions about when the answer is fixed, answered."""
    return _answers(report.reasoning, "preset", PRESET) if report.reasoning else ""


def _by_student(report: Report, said: Callable[[Report, str], str]) -> str:
    students = students_of(report)
    several = len(students) > 1
    return " ".join(f"{s + ': ' if several else ''}{said(report, s)}".strip() for s in students)


def _accuracies(report: Report, student: str) -> str:
    rows = [row for row in report.accuracies if row.student == student]
    suites = [[r for r in rows if r.suite == s] for s in dict.fromkeys(r.suite for r in rows)]
    above = sum(row.above_majority for row in rows)
    methods = {row.method for row in rows}
    first = (
        _leaders(rows, suites, len(methods))
        if len(methods) > 1
        else f"{rows[0].method} {_range(rows)}."
    )
    return f"{first} {above} of {len(rows)} intervals lie above the majority class."


def _leaders(rows: list[AccuracyRow], suites: list[list[AccuracyRow]], methods: int) -> str:
    """Who is highest most often, alone: a tie has no first."""
    firsts = Counter(method for suite in suites if (method := _first(suite)))
    most = max(firsts.values(), default=0)
    leaders = [
        f"{method} {_range([row for row in rows if row.method == method])}"
        for method, times in firsts.items()
        if times == most
    ]
    of = f"of {methods} methods in {most} of {len(suites)} suites"
    told = f"{' and '.join(leaders)}{', each' if len(leaders) > 1 else ','} highest {of}"
    return (
        f"{told if leaders else 'No method is alone highest in any suite'}; the highest interval "
        f"lies above all others in {sum(map(_apart, suites))} of {len(suites)} suites."
    )


def _first(suite: list[AccuracyRow]) -> str | None:
    best = max(row.accuracy.value for row in suite)
    names = [row.method for row in suite if row.accuracy.value == best]
    return names[0] if len(names) == 1 else None


def _apart(suite: list[AccuracyRow]) -> bool:
    """Whether the highest interval overlaps with no other."""
    top, *others = sorted(suite, key=lambda row: -row.accuracy.value)
    return bool(others) and top.accuracy.lower > max(row.accuracy.upper for row in others)


def _range(rows: list[AccuracyRow]) -> str:
    values = [row.accuracy.value for row in rows]
    low, high = percent(min(values)), percent(max(values))
    return f"{low}%" if low == high else f"{low} to {high}%"


def _averages(report: Report, student: str) -> str:
    rows = [row for row in report.macros if row.student == student]
    gaps = [row for row in rows if row.on == GAP]
    told = [_highest([row for row in rows if row.on == on]) for on in ("ood", "ind")]
    lost = sum(row.average.lower > 0 for row in gaps)
    return (
        f"{' '.join(filter(None, told))} The gap's interval lies above 0 for {lost} of {len(gaps)} "
        "methods."
    )


def _highest(rows: list[MacroRow]) -> str:
    if not rows:
        return ""
    top = max(rows, key=lambda row: row.average.value)
    return (
        f"Highest {top.on.upper()} average: {top.method}, {percent(top.average.value)}% "
        f"({percent(top.average.lower)} to {percent(top.average.upper)})."
    )


def _tasks(report: Report, student: str) -> str:
    rows = [row for row in report.tasks if row.student == student]
    low, high = (pick(rows, key=lambda row: row.accuracy.value) for pick in (min, max))
    ends = " to ".join(
        f"{percent(row.accuracy.value)}% ({row.method}, {row.suite} / {row.task})"
        for row in (low, high)
    )
    below = sum(not row.above_majority for row in rows)
    return (
        f"Accuracies from {ends}; {below} of {len(rows)} (*) are not clearly above the majority "
        "class."
    )


def _costs(report: Report, student: str) -> str:
    points = [point for point in charted_costs(report) if point[1].student == student]
    if not points:
        return "No costs."
    (most, dearest), (least, cheapest) = max(points, key=_flops), min(points, key=_flops)
    on = f"{dearest.on.upper()} average"
    told = (
        f"Most training: {dearest.method}, {count(most)}FLOPs a seed, {on} "
        f"{percent(dearest.average.value)}%"
    )
    if dearest is cheapest:
        return f"{told}."
    return (
        f"{told}; least: {cheapest.method}, {count(least)}FLOPs, "
        f"{percent(cheapest.average.value)}%."
    )


def _flops(point: tuple[float, MacroRow]) -> float:
    return point[0]


def _answers(space: ReasoningSpace, part: Part, measures: Collection[str]) -> str:
    contrasts = [row for row in space.contrasts if row.part == part and row.measure in measures]
    shown = sum(row.p_adjusted < LEVEL for row in contrasts)
    several = len({row.student for row in space.rows}) > 1
    told = []
    asked = [finding for finding in space.findings if finding.measure in measures]
    for student, question in dict.fromkeys((each.student, each.question) for each in asked):
        answers = [
            f"{ROLES[each.on]}: {each.said}"
            for each in asked
            if (each.student, each.question) == (student, question)
        ]
        told.append(f"{student + ': ' if several else ''}{question} {'; '.join(answers)}.".strip())
    if contrasts:
        told.append(
            f"After adjustment {shown} of {len(contrasts)} differences to the baseline in these "
            f"measures are shown (p < {LEVEL:g})."
        )
    return " ".join([*told, "Bars: 95% intervals."])

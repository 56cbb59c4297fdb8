"""Tables around the results: costs, published figures, and where the results come from."""

from __future__ import annotations

from reports.rendering.numerals import (
    count,
    duration,
    percent,
    ratio,
    signed_interval,
    signed_points,
)
from reports.rendering.tables import NOT_ASKED, Entry, Table
from reports.run_report.accuracy_cell import accuracy_cell
from reports.run_report.published import suite_key
from reports.run_report.report_content import AccuracyRow, PublishedRow, Report


def cost_table(report: Report) -> Table:
    """Systems down; training per seed, asking per item, and ratios to the baseline."""
    columns = (
        *("student", "method", "training tokens", "target tokens", "training FLOPs"),
        *("training time", "generated tokens/item", "FLOPs/item", "time/item"),
        *("training FLOPs ÷ baseline", "training time ÷ baseline", "generated tokens ÷ baseline"),
    )
    rows = tuple(
        tuple(
            Entry(text)
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
    """Suites and methods down; this run's students, then each published source, across.

    Under a suite's methods stands the difference of the primary pair, where a column has both.
    """
    students = list(dict.fromkeys(system.student for system in report.systems if system.seeds))
    sources = list(dict.fromkeys((row.source, row.student) for row in report.published))
    ours = {(r.student, suite_key(r.suite), r.method): r for r in report.accuracies}
    theirs = {(r.source, r.student, r.suite, r.method): r for r in report.published}
    pair = next(((r.treatment, r.baseline) for r in report.comparisons if r.primary), None)
    rows = []
    for suite in dict.fromkeys(row.suite for row in report.published):
        for method in dict.fromkeys(row.method for row in report.published if row.suite == suite):
            own = [_own_cell(ours.get((student, suite, method))) for student in students]
            found = [_published_cell(theirs.get((*source, suite, method))) for source in sources]
            rows.append((Entry(suite), Entry(method), *own, *found))
        if pair:
            label = Entry(f"{pair[0]} − {pair[1]}", tone="strong")
            own = [_own_difference(report, student, suite) for student in students]
            found = [
                _difference(*(theirs.get((*source, suite, method)) for method in pair))
                for source in sources
            ]
            rows.append((Entry(suite), label, *own, *found))
    columns = (
        *("suite", "method", *(f"this run: {student}" for student in students)),
        *(f"published: {student}, {source}" for source, student in sources),
    )
    return Table("This run and published figures, percent", columns, tuple(rows), 2)


def suite_table(report: Report) -> Table:
    """The suites as evaluated."""
    rows = tuple(
        (Entry(s.suite), Entry(s.role.upper()), *map(_number, (s.tasks, s.items, s.clusters)))
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
        rows.append(tuple(map(Entry, (info["student"], info["method"], seed, *marks))))
    columns = ("student", "method", "seed", "checkpoint", "training data")
    return Table("Evaluated checkpoints", columns, tuple(rows), 5)


def asking_table(report: Report) -> Table:
    """How each method asked its student: prompt, stages, decoding settings."""
    rows = {}
    for info in report.evaluations:
        protocol, generation = info.get("protocol") or {}, info.get("generation") or {}
        settings = ", ".join(f"{name} {value}" for name, value in generation.items())
        weight = protocol.get("answer_weight")
        cells = (
            info["student"],
            info["method"],
            protocol.get("layout", "plain") + (", thinking" if protocol.get("thinking") else ""),
            repr(protocol.get("suffix", "")),
            f"until EOS, then {protocol.get('cue')!r}" if protocol.get("cascade") else "one stage",
            NOT_ASKED if weight is None else str(weight),
            settings or NOT_ASKED,
            str(info.get("rule", NOT_ASKED)),
        )
        rows[cells] = tuple(map(Entry, cells))
    columns = (
        "student",
        "method",
        "layout",
        "prompt ends with",
        "stages",
        "answer weight",
        "decoding",
        "scoring",
    )
    return Table("How students were asked", columns, tuple(rows.values()), 8)


def _number(value: int) -> Entry:
    return Entry(f"{value:,}")


def _own_cell(row: AccuracyRow | None) -> Entry:
    return accuracy_cell(row) if row else Entry(NOT_ASKED)


def _published_cell(row: PublishedRow | None) -> Entry:
    if row is None:
        return Entry(NOT_ASKED)
    return Entry(percent(row.value), f"± {percent(row.sd)} over {row.runs} runs" if row.sd else "")


def _own_difference(report: Report, student: str, suite: str) -> Entry:
    """The primary pair's difference on a suite; the first comparison of it is that pair's."""
    for row in report.comparisons:
        if row.student == student and suite_key(row.on) == suite:
            return Entry(signed_points(row.contrast.value), signed_interval(row.contrast))
    return Entry(NOT_ASKED)


def _difference(treatment: PublishedRow | None, baseline: PublishedRow | None) -> Entry:
    if treatment is None or baseline is None:
        return Entry(NOT_ASKED)
    return Entry(signed_points(treatment.value - baseline.value))

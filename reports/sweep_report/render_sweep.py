"""A sweep's report as JSON, Markdown, HTML and on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rich.console import Console

from reports.rendering.figures import Drawing
from reports.rendering.markdown import escape, fenced, markdown_table
from reports.rendering.pages import environment
from reports.rendering.tables import Table, without_constant_student
from reports.rendering.terminal import plain, print_table
from reports.sweep_report.sweep_content import SweepReport
from reports.sweep_report.sweep_tables import accuracy_table, difference_table, tables

READING = (
    "Every value of the key is a run of its own; its folder holds a whole report. Bands and "
    "intervals are at 95% and treat items (by cluster) and training seeds as random. A change "
    "along the values is one contrast over the items that all values share, in which seeds of "
    "different values count as independent; a linear trend is the least squares slope times the "
    "way from the first to the last value. None of these changes was registered before training: "
    "they are exploratory, and q adjusts their p values for their number (Benjamini and Hochberg)."
)
NO_PAIR = "The experiment names no primary comparison, so nothing is compared along the values."


def render_markdown(report: SweepReport, drawn: Mapping[str, Drawing]) -> str:
    """The whole report; `drawn` are the charts in figures/ by name."""
    return "\n".join(_lines(report, drawn)) + "\n"


def render_html(
    report: SweepReport, titles: Mapping[str, str], drawn: Mapping[str, Drawing]
) -> str:
    """One page that needs nothing else, with titles and charts by name."""
    return (
        environment("reports.sweep_report")
        .get_template("sweep.html.j2")
        .render(
            report=report,
            findings=report.findings or (() if report.pair else (NO_PAIR,)),
            reading=READING,
            scale=_scale(report),
            charts=[(titles[name], drawing) for name, drawing in drawn.items()],
            tables=list(tables(report)),
            experiment=json.dumps(report.experiment, indent=2, ensure_ascii=False, default=str),
        )
    )


def print_sweep(report: SweepReport, console: Console) -> None:
    """Findings, differences and accuracies; changes method by method stand in the files."""
    console.rule(plain(f"{report.name} over {report.key}"))
    for finding in report.findings or (() if report.pair else (NO_PAIR,)):
        console.print(f"- {plain(finding)}", highlight=False)
    shown: list[Table] = [difference_table(report)] if report.differences else []
    for table in (*shown, accuracy_table(report)):
        print_table(without_constant_student(table), console)
    for note in report.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)


def _lines(report: SweepReport, drawn: Mapping[str, Drawing]) -> Iterator[str]:
    yield f"# {escape(report.name)} over {escape(report.key)}\n"
    yield from (
        f"- {escape(each)}" for each in report.findings or (() if report.pair else (NO_PAIR,))
    )
    yield from (f"- {escape(note)}" for note in report.notes)
    yield f"\n{READING}{_scale(report)}\n"
    yield from (
        f"![{escape(drawing.finding)}](figures/{name}.svg)\n" for name, drawing in drawn.items()
    )
    for table in tables(report):
        yield from markdown_table(table)
    yield "## Experiment\n"
    yield fenced(json.dumps(report.experiment, indent=2, ensure_ascii=False, default=str))


def _scale(report: SweepReport) -> str:
    return " Trends are in the logarithm of the value." if report.scale == "log" else ""

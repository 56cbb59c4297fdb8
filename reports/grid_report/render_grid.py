"""A grid's report as Markdown, HTML and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from reports.grid_report.grid_content import GridReport
from reports.grid_report.surface_tables import surface_table
from reports.rendering.figures import Drawing
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.pages import environment
from reports.rendering.terminal import plain, print_table
from reports.sweep_report.sweep_summary import on_label

CHART = "surface"
READING = (
    "Every corner is one student at one value of each key, trained and asked in a run of its own. "
    "Bands and intervals are at 95%, one a corner and not adjusted; they treat items (by cluster) "
    "and training seeds as random. In bold: what remains after Holm's adjustment for all corners "
    "of the table. Only the plan's estimand was fixed before training; the other tables are "
    "exploratory."
)


def render_markdown(report: GridReport, drawing: Drawing | None) -> str:
    """The whole report, its chart in figures/."""
    return "\n".join(_lines(report, drawing)) + "\n"


def render_html(report: GridReport, drawing: Drawing | None) -> str:
    """One page that needs nothing else."""
    return (
        environment("reports.grid_report")
        .get_template("grid_page.html.j2")
        .render(
            report=report,
            reading=READING,
            drawing=drawing,
            title=f"{' − '.join(report.pair)} on {on_label(report.surfaces[0].on)}",
            tables=[surface_table(report, surface) for surface in report.surfaces],
        )
    )


def print_grid(report: GridReport, console: Console) -> None:
    """What the surfaces say, and the first of them as a table."""
    console.rule(plain(f"{report.name} over {report.outer_key} and {report.inner_key}"))
    for finding in report.findings:
        console.print(f"- {plain(finding)}", highlight=False)
    print_table(surface_table(report, report.surfaces[0]), console)
    for note in report.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)


def _lines(report: GridReport, drawing: Drawing | None) -> Iterator[str]:
    yield f"# {escape(f'{report.name} over {report.outer_key} and {report.inner_key}')}\n"
    yield from (f"- {escape(each)}" for each in (*report.findings, *report.notes))
    yield f"\n{READING}\n"
    if drawing:
        yield f"![{escape(drawing.finding)}](figures/{CHART}.svg)\n"
    for surface in report.surfaces:
        yield from markdown_table(surface_table(report, surface))

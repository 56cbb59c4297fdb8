"""A grid's directory in, its report out: JSON, Markdown, HTML and a chart."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from reports.grid_report.grid_content import GridReport, grid_report
from reports.grid_report.grid_file import read_grid_file
from reports.grid_report.render_grid import CHART, print_grid, render_html, render_markdown
from reports.grid_report.surface_chart import surface_chart
from reports.logs.run_files import REPORT
from reports.rendering.as_json import to_json
from reports.rendering.figures import draw
from reports.rendering.report_folder import write_folder
from reports.rendering.terminal import plain
from reports.sweep_report.build import build_sweep_report
from reports.sweep_report.sweep_content import SweepReport
from tasks.errors import UserError


def build_grid_report(directory: Path) -> GridReport:
    """The content of a grid's report, of those sweeps that have one.

    UserError where none has.
    """
    grid = read_grid_file(directory)
    sweeps: dict[str, SweepReport] = {}
    lacking = []
    for name in grid.sweeps:
        try:
            sweeps[name.partition("=")[2]] = build_sweep_report(directory / name)
        except UserError as error:
            lacking.append(f"left out: {error}")
    if not sweeps:
        raise UserError(f"{directory}: no sweep of this grid can be reported; {lacking[0]}")
    return grid_report(grid.key, sweeps, tuple(lacking))


def report_grid(directory: Path, console: Console) -> None:
    """Build, write and print the report of a grid's directory."""
    report = build_grid_report(directory)
    files: dict[str, str | bytes] = {"grid.json": to_json(report)}
    planned, finding = report.surfaces[0], report.findings[0]
    drawing = draw(CHART, partial(surface_chart, report, planned), lambda: finding)
    if drawing:
        files[f"figures/{CHART}.svg"] = drawing.svg
        files[f"figures/{CHART}.pdf"] = drawing.pdf
    files["grid.md"] = render_markdown(report, drawing)
    files["grid.html"] = render_html(report, drawing)
    written = write_folder(files, directory / REPORT)
    print_grid(report, console)
    console.print(f"report: {plain(str(written / 'grid.html'))}", highlight=False)

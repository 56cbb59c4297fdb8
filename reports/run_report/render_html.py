"""The report as one HTML file that needs nothing else: style and charts inline, all text escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from reports.rendering.as_json import plain
from reports.rendering.figures import inline
from reports.rendering.pages import environment
from reports.rendering.tables import without_constant_student
from reports.run_report.context_tables import asking_table, evaluation_table, suite_table
from reports.run_report.report_content import Report
from reports.run_report.sections import sections


def render_html(report: Report, drawings: Mapping[str, str]) -> str:
    """The whole report; `drawings` maps chart names to SVG documents."""
    return (
        environment("reports.run_report")
        .get_template("report.html.j2")
        .render(
            report=report,
            sections=list(sections(report)),
            charts={name: Markup(inline(svg)) for name, svg in drawings.items()},
            origins=[
                suite_table(report),
                without_constant_student(asking_table(report)),
                without_constant_student(evaluation_table(report)),
            ],
            item_data=_embedded(plain(report.items)),
            experiment=_pretty(report.experiment),
            provenance=_pretty(report.provenance),
        )
    )


def _embedded(content: object) -> Markup:
    """JSON inside a script element: no character of it can end the element or open another."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _pretty(content: Mapping[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str)

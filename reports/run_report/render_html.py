"""The report as one HTML file that needs nothing else: style and charts inline, all text
escaped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reports.rendering.as_json import plain
from reports.rendering.figures import Drawing
from reports.rendering.pages import environment
from reports.rendering.tables import without_constant_student
from reports.run_report.context_tables import asking_table, evaluation_table, suite_table
from reports.run_report.report_content import Report
from reports.run_report.sections import sections
from tasks.visible import visible_lines


def render_html(report: Report, drawings: Mapping[str, Drawing]) -> str:
    """The whole report with its charts by name."""
    return (
        environment("reports.run_report")
        .get_template("report.html.j2")
        .render(
            report=report,
            sections=list(sections(report)),
            charts=drawings,
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
    text = json.dumps(_visible(content), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _visible(content: Any) -> Any:
    """The same content with what hides in its texts spelt out."""
    if isinstance(content, str):
        return visible_lines(content)
    if isinstance(content, dict):
        return {name: _visible(value) for name, value in content.items()}
    return [_visible(value) for value in content] if isinstance(content, list | tuple) else content


def _pretty(content: Mapping[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str)

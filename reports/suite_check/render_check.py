"""A suite's check as a page."""

from __future__ import annotations

from reports.rendering.pages import environment
from reports.suite_check.check import SuiteCheck, in_words
from reports.suite_check.check_tables import assumptions, sections
from reports.suite_check.leaks import KINDS

MOST_LEAKS = 200


def check_html(found: SuiteCheck) -> str:
    """One self-contained page; all text escaped."""
    return (
        environment("reports.suite_check")
        .get_template("check.html.j2")
        .render(
            found=found,
            sentences=in_words(found),
            sections=sections(found),
            leaks=(found.leaks or ())[:MOST_LEAKS],
            kinds=KINDS,
            assumptions=assumptions(found),
        )
    )

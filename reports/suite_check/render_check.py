"""A suite's check as a page."""

from __future__ import annotations

from reports.rendering.pages import environment
from reports.suite_check.check import SuiteCheck, in_words
from reports.suite_check.check_tables import (
    answer_tables,
    assumptions,
    fault_table,
    leak_table,
    shown_table,
    word_table,
)
from reports.suite_check.leaks import KINDS

MOST_LEAKS = 200


def check_html(found: SuiteCheck) -> str:
    """One self-contained page; all text escaped."""
    sections = [
        ("golds", "Golds", [*fault_table(found)]),
        ("domain", "Domain", [*word_table(found)]),
        ("answers", "Answers", [*answer_tables(found)]),
        ("size", "What it can show", [*shown_table(found)]),
    ]
    return (
        environment("reports.suite_check")
        .get_template("check.html.j2")
        .render(
            found=found,
            sentences=in_words(found),
            leaks=[*leak_table(found)],
            shown_leaks=(found.leaks or ())[:MOST_LEAKS],
            kinds=KINDS,
            sections=[section for section in sections if section[2]],
            assumptions=assumptions(found),
        )
    )

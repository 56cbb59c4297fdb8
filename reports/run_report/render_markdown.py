"""The report as Markdown, charts linked as files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from reports.rendering.figures import Drawing
from reports.rendering.markdown import escape, fenced, markdown_table
from reports.rendering.tables import without_constant_student
from reports.run_report.browsed_items import Answer
from reports.run_report.context_tables import asking_table, evaluation_table, suite_table
from reports.run_report.report_content import Report
from reports.run_report.sections import sections

EXAMPLES = 6


def render_markdown(report: Report, drawn: Mapping[str, Drawing]) -> str:
    """The whole report; `drawn` are the charts that lie in figures/ by name."""
    return "\n".join(_lines(report, drawn)) + "\n"


def _lines(report: Report, drawn: Mapping[str, Drawing]) -> Iterator[str]:
    yield f"# {escape(report.name)}"
    for verdict in report.verdicts:
        yield f"\n## Verdict: {escape(verdict.student)}\n"
        yield f"**{escape(verdict.headline)}**\n"
        yield from (f"- {escape(reason)}" for reason in verdict.reasons)
    if not report.verdicts:
        yield "\nNo primary comparison was fixed for this run, so it supports no claim.\n"
    for section in sections(report):
        yield f"\n## {section.title}\n\n{section.reading}\n"
        if drawing := drawn.get(section.figure or ""):
            yield f"![{escape(drawing.finding)}](figures/{section.figure}.svg)\n"
        for table in section.tables:
            yield from markdown_table(table)
    if report.items:
        yield "\n## Items\n\nChosen by rule and not by eye; report.html has more of them.\n"
    for browsed in report.items:
        for example in browsed.items[:EXAMPLES]:
            yield f"### {escape(example.task)}: {escape(example.id)}\n"
            yield fenced(f"{example.prompt}\n\nGold answer: {example.gold}")
            for answer in example.answers:
                yield f"\n**{escape(answer.method)}**, {_judged(answer)}\n"
                yield fenced(answer.rationale)
                if error := answer.first_error:
                    yield f"\n{escape(error.in_words)}\n"
    yield "\n## Provenance\n"
    yield from markdown_table(suite_table(report))
    yield from markdown_table(without_constant_student(evaluation_table(report)))
    yield from markdown_table(without_constant_student(asking_table(report)))
    yield from (f"- {escape(note)}" for note in report.notes)
    for title, content in (("Experiment", report.experiment), ("Environment", report.provenance)):
        yield f"\n### {title}\n"
        yield fenced(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def _judged(answer: Answer) -> str:
    """The answer as read, and of a forced one what had been read without it."""
    right = f"{_right(answer.correct)}: {escape(str(answer.parsed))}"
    if not answer.forced:
        return right
    written = f"{_right(answer.correct_as_written)}: {escape(str(answer.parsed_as_written))}"
    return f"forced answer {right}; as written {written}"


def _right(correct: bool) -> str:
    return "right" if correct else "wrong"

"""A comparison as Markdown, LaTeX and HTML."""

from __future__ import annotations

from collections.abc import Iterator

from reports.comparing.compared import Compared
from reports.comparing.compared_tables import difference_tables, pair_table, summary
from reports.comparing.flips import Flip
from reports.reasoning.error_kinds import READING, error_table
from reports.rendering.latex import latex_table
from reports.rendering.markdown import escape, fenced, markdown_table
from reports.rendering.pages import environment
from reports.rendering.tables import Table


def tables(compared: Compared) -> list[Table]:
    """All tables of a comparison, in reading order."""
    pairs = pair_table(compared)
    return [*difference_tables(compared), *([pairs] if pairs else [])]


def compared_latex(compared: Compared) -> str:
    """The tables alone."""
    return "% needs \\usepackage{booktabs}\n" + "\n".join(map(latex_table, tables(compared)))


def compared_markdown(compared: Compared) -> str:
    """Summary, tables and flipped items."""
    return "\n".join(_markdown(compared)) + "\n"


def compared_html(compared: Compared) -> str:
    """One self-contained page; all text escaped."""
    return (
        environment("reports.comparing")
        .get_template("compare.html.j2")
        .render(
            compared=compared,
            summary=list(summary(compared)),
            tables=tables(compared),
            errors=errors_by_kind(compared),
            reading=READING,
        )
    )


def errors_by_kind(compared: Compared) -> Table | None:
    """Kinds of first errors by system; None where no step was found wrong."""
    if not any(any(counts.kinds.values()) for counts in compared.first_errors):
        return None
    return error_table("First errors", compared.first_errors)


def flip_heading(flip: Flip) -> str:
    """What changed, in words."""
    change = "wrong → right" if flip.gained else "right → wrong"
    return f"{flip.task} {flip.id}: {change} in {flip.treatment}"


def _markdown(compared: Compared) -> Iterator[str]:
    names = ", ".join(system.name for system in compared.systems[1:])
    yield f"# {escape(names)} against {escape(compared.systems[0].name)}\n"
    yield from (f"- {escape(sentence)}" for sentence in summary(compared))
    yield from (f"- {escape(note)}" for note in compared.notes)
    for table in tables(compared):
        yield from markdown_table(table)
    if errors := errors_by_kind(compared):
        yield f"## Where outputs go wrong\n\n{READING}\n"
        yield from markdown_table(errors)
    if compared.flips:
        yield "## Flipped items\n"
    for flip in compared.flips:
        yield f"### {escape(flip_heading(flip))}\n"
        if not flip.kept:
            continue
        yield fenced(f"{flip.prompt}\n\nGold answer: {flip.gold}")
        for said in flip.said:
            yield f"\n**{escape(said.system)}** (right in {100 * said.right:.0f}% of its seeds)\n"
            yield fenced(said.text)
            if said.first_error:
                yield f"\n{escape(said.first_error.in_words)}"

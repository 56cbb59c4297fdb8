"""A ranking as Markdown, LaTeX and HTML."""

from __future__ import annotations

from reports.ranking.ranked import Ranked
from reports.ranking.ranked_tables import leaderboard, pair_table, summary
from reports.rendering.latex import latex_table
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.pages import environment


def ranked_markdown(ranked: Ranked) -> str:
    """The leaderboard, what it says, and notes."""
    said = (f"- {escape(each)}" for each in (*summary(ranked), *ranked.notes))
    return "\n".join((*markdown_table(leaderboard(ranked)), *said)) + "\n"


def ranked_latex(ranked: Ranked) -> str:
    """The leaderboard alone."""
    return "% needs \\usepackage{booktabs}\n" + latex_table(leaderboard(ranked))


def ranked_html(ranked: Ranked) -> str:
    """One self-contained page; all text escaped."""
    return (
        environment("reports.ranking")
        .get_template("rank.html.j2")
        .render(
            ranked=ranked,
            summary=list(summary(ranked)),
            leaderboard=leaderboard(ranked),
            pairs=pair_table(ranked),
        )
    )

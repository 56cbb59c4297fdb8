"""Tables as LaTeX (booktabs)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.rendering.tables import Entry, Table
from tasks.visible import visible_lines

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "−": "$-$",
    "–": "--",
    "×": r"$\times$",
    "÷": r"$\div$",
    "→": r"$\to$",
    "⚠": "",
    "<": "$<$",
    ">": "$>$",
    "|": r"\textbar{}",
    "·": r"$\cdot$",
    "α": r"$\alpha$",
    "ρ": r"$\rho$",
}

_SPECIAL = re.compile("|".join(map(re.escape, ESCAPES)))


def latex_table(table: Table) -> str:
    """A table environment; needs the booktabs package."""
    return "\n".join(_lines(table)) + "\n"


def latex_text(text: str) -> str:
    """Text with everything that LaTeX would act on made plain, on one line."""
    return _SPECIAL.sub(lambda found: ESCAPES[found[0]], " ".join(visible_lines(text).split()))


def _lines(table: Table) -> Iterator[str]:
    alignment = "l" * table.numeric_from + "r" * (len(table.columns) - table.numeric_from)
    yield r"\begin{table}"
    yield r"\centering"
    yield rf"\caption{{{latex_text(table.title)}}}"
    yield rf"\begin{{tabular}}{{{alignment}}}"
    yield r"\toprule"
    yield " & ".join(map(latex_text, table.columns)) + r" \\"
    yield r"\midrule"
    for row in table.rows:
        yield " & ".join(map(_cell, row)) + r" \\"
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield r"\end{table}"


def _cell(cell: Entry) -> str:
    text = latex_text(cell.text)
    if cell.tone == "strong":
        text = rf"\textbf{{{text}}}"
    return rf"{text} {{\scriptsize {latex_text(cell.small)}}}" if cell.small else text

"""Tables and texts as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.rendering.tables import Entry, Table
from tasks.visible import visible_lines


def markdown_table(table: Table) -> Iterator[str]:
    """The table as lines, under its title."""
    yield f"\n**{escape(table.title)}**\n"
    yield "| " + " | ".join(map(escape, table.columns)) + " |"
    rules = ["---" if i < table.numeric_from else "--:" for i in range(len(table.columns))]
    yield "| " + " | ".join(rules) + " |"
    for row in table.rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"
    yield ""


def _cell(cell: Entry) -> str:
    text = escape(cell.text)
    if cell.tone in ("strong", "bad"):
        text = f"**{text}**" if cell.tone == "strong" else f"{text} ⚠"
    return f"{text}<br><small>{escape(cell.small)}</small>" if cell.small else text


def escape(text: str) -> str:
    """The text with what Markdown or HTML would act on made plain."""
    plain = visible_lines(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]|#]|(?<!\w)_|_(?!\w))", r"\\\1", " ".join(plain.split()))


def fenced(text: str) -> str:
    """A code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{visible_lines(text)}\n{fence}"

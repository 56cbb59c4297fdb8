"""Who judged how much, and how far reviewers agree, as tables."""

from __future__ import annotations

import numpy as np
from rich.console import Console

from harness.reviewing.findings import Findings, counted
from reports.rendering.tables import NOT_ASKED, Entry, Table
from reports.rendering.terminal import print_table
from reports.statistics.reader_agreement import agreement


def print_agreement(findings: Findings, console: Console) -> None:
    """Two tables: what each reviewer said, and how far they agree."""
    print_table(_reviewers_table(findings), console)
    twice = sum(len(found) > 1 for found in findings.blind.values())
    if not twice:
        print("no chain was judged by two; --team NAME,NAME and --overlap SHARE see to that")
        return
    print_table(_agreement_table(findings), console)


def _reviewers_table(findings: Findings) -> Table:
    everything = [each for found in findings.first.values() for each in found]
    rows = []
    for reviewer in sorted({each.reviewer for each in everything}):
        mine = [each.judged for each in everything if each.reviewer == reviewer]
        right = sum(each.verdict == "right" for each in mine)
        located = sum(each.first_wrong_step is not None for each in mine)
        changed = sum(each.gold_seen for each in mine)
        figures = (len(mine), right, len(mine) - right, located, changed)
        rows.append((Entry(reviewer), *(Entry(str(figure)) for figure in figures)))
    columns = ("reviewer", "judged", "right", "wrong", "step named", "after the gold was shown")
    return Table("Judgements", columns, tuple(rows), 1)


def _agreement_table(findings: Findings) -> Table:
    rows = []
    for name, steps in (("verdict", False), ("verdict and first wrong step", True)):
        found = agreement(counted(findings.blind, steps=steps), np.random.default_rng(0))
        alpha = NOT_ASKED if found.alpha is None else f"{found.alpha:.2f}"
        interval = "{:.2f} to {:.2f}".format(*found.interval) if found.interval else NOT_ASKED
        figures = (str(found.items), f"{100 * found.unanimous:.0f}", alpha, interval)
        rows.append((Entry(name), *map(Entry, figures)))
    columns = ("of", "judged twice", "the same %", "Krippendorff's alpha", "95% interval")
    return Table("Agreement before a gold answer was shown", columns, tuple(rows), 1)

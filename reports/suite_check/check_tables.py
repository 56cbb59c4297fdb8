"""Tables of a suite's check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reports.rendering.numerals import p_value, percent
from reports.rendering.tables import Entry, Table
from reports.suite_check.check import SuiteCheck
from reports.suite_check.leaks import KINDS

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `anchor` is its place."""

    anchor: str
    title: str
    tables: tuple[Table, ...]


def sections(found: SuiteCheck) -> list[Section]:
    """All tables in reading order, by section."""
    parts = (
        ("golds", "Golds", fault_table),
        ("leaks", "Leaks", leak_table),
        ("domain", "Domain", word_table),
        ("answers", "Answers", answer_tables),
        ("size", "What it can show", shown_table),
    )
    made = [Section(anchor, title, tuple(tables(found))) for anchor, title, tables in parts]
    return [section for section in made if section.tables]


def leak_table(found: SuiteCheck) -> Iterator[Table]:
    """How many items leak, by kind."""
    if found.leaks is None:
        return
    kinds = Counter[str](leak.kind for leak in found.leaks)
    rows = tuple(
        (
            Entry(kind, what),
            Entry(str(kinds[kind]), tone="bad" if kinds[kind] else "plain"),
            Entry(percent(kinds[kind] / found.items)),
        )
        for kind, what in KINDS.items()
    )
    title = f"Items that stand among {found.trained:,} training questions, by the gravest kind"
    yield Table(title, ("kind", "items", "%"), rows, 1)


def word_table(found: SuiteCheck) -> Iterator[Table]:
    """The words that tell the two sides apart, the strongest first."""
    if not found.apart:
        return
    sides = (("the suite", found.apart.suite_words), ("training", found.apart.training_words))
    rows = tuple((Entry(side), Entry(", ".join(words))) for side, words in sides)
    yield Table("Words that tell a question's side", ("side", "words"), rows, 2)


def answer_tables(found: SuiteCheck) -> Iterator[Table]:
    """Where the right answers stand, and what shortcuts score."""
    for balance in found.balances:
        rows = tuple(
            (
                Entry(each.label),
                Entry(str(each.items)),
                Entry(percent(each.share)),
                Entry(percent(each.expected)),
            )
            for each in balance.positions
        )
        title = f"Right answers among {balance.kind}, in percent (p {p_value(balance.p)} if even)"
        yield Table(title, ("answer", "items", "share", "if even"), rows, 1)
    rows = tuple(
        (
            Entry(each.name),
            Entry(str(each.items)),
            Entry(
                percent(each.accuracy.value),
                f"{percent(each.accuracy.lower)} to {percent(each.accuracy.upper)}",
                "bad" if each.works else "plain",
            ),
            Entry(percent(each.guessing)),
        )
        for each in found.shortcuts
    )
    yield Table(
        "Shortcuts: what they score, in percent", ("by", "items", "score", "guessing"), rows, 1
    )


def fault_table(found: SuiteCheck) -> Iterator[Table]:
    """Faulty items, the first of them."""
    if not found.faults:
        return
    rows = tuple((Entry(each.item), Entry(each.what)) for each in found.faults[:MOST_FAULTS])
    more = f", {len(rows)} of {len(found.faults)}" if len(rows) < len(found.faults) else ""
    yield Table(f"Faulty items{more}", ("item", "what"), rows, 2)


def shown_table(found: SuiteCheck) -> Iterator[Table]:
    """What so many items can show."""
    if not found.shown:
        return
    rows = tuple(
        (
            Entry(f"{each.seeds}" if each.seeds > 1 else "1 (two checkpoints)"),
            Entry(percent(each.detectable)),
            Entry("no number does" if each.more_items is None else f"{each.more_items:,}"),
        )
        for each in found.shown
    )
    columns = ("seeds a side", "points found", "more items for 2 points")
    yield Table("Smallest true difference found with 80% power", columns, rows, 1)


def assumptions(found: SuiteCheck) -> str:
    """What the last table takes for granted."""
    assumed = found.assumed
    return (
        f"Taken for granted: two systems disagree on {100 * assumed.discordant:.0f}% of the "
        f"items, seeds vary by {100 * assumed.seed_sd:.1f} points (standard deviation), "
        f"differences within a cluster correlate by {assumed.alike:g}. After a first run, "
        "cascod power says it from the answers themselves."
    )

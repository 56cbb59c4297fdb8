"""A collection in words, on the terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from harness.collecting.collect import Collection
from harness.collecting.outcome import CUT_FILE, RECORDS_FILE, counts
from harness.collecting.rounds import TITLES
from reports.rendering.tables import Entry, Table
from reports.rendering.terminal import Terminal, plain, print_table

COLUMNS = ("round", "asked", "right", "wrong", "unread", "cut", "unanswered")


def tell(collection: Collection, out: Path) -> None:
    """Counts by round, where the records are, what was spent, what is missing and why."""
    console, rows = Terminal(), []
    for purpose, each in collection.rounds.items():
        told = counts(each.requests, each.chains)
        figures = (told.asked, told.right, told.wrong, told.unread, told.cut, told.unanswered)
        rows.append((Entry(TITLES[purpose]), *(Entry(f"{figure:,}") for figure in figures)))
    print_table(Table("Chains", COLUMNS, tuple(rows), 1), console)
    for line in _lines(collection, out):
        console.print(plain(line), highlight=False, soft_wrap=True)


def _lines(collection: Collection, out: Path) -> list[str]:
    pairs, budget = collection.pairs, collection.budget
    dual = sum(pair.wrong is not None for pair in pairs)
    cost = "" if budget.cost is None else f", {budget.cost:,.4f} in money"
    lines = [
        f"{out / RECORDS_FILE}: {len(pairs):,} records, {dual:,} of them with a wrong chain beside "
        "the right one",
        f"spent: {budget.spent.prompt:,} tokens read, {budget.spent.completion:,} written{cost}",
    ]
    if budget.unknown.total:
        lines.append(
            f"{budget.unknown.total:,} of these tokens are a guess upwards: requests whose answer "
            "never came, counted at the most that they can have taken"
        )
    chains = [chain for each in collection.rounds.values() for chain in each.chains]
    if cut := sum(chain.outcome == "cut" for chain in chains):
        lines.append(
            f"{cut:,} chains were cut off before their end and are not among the records "
            f"({CUT_FILE} has those with an answer); raise --max-tokens"
        )
    if collection.over_budget:
        lines.append(
            f"stopped by the budget: {collection.over_budget:,} requests not sent; with a larger "
            "one the same command goes on"
        )
    if collection.unused:
        lines.append(
            f"{collection.unused:,} replies in the journal are to other requests than these "
            "(another model, prompt, setting or round) and are not used"
        )
    whys = Counter(why for _, why in collection.unanswered)
    for why, number in whys.most_common(3):
        lines.append(f"{number:,} requests without an answer: {why}")
    return lines

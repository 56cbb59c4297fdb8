"""A collection in words, on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from harness.collecting.budget import Budget
from harness.collecting.chat_request import ChatRequest
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
    pairs = collection.pairs
    dual = sum(pair.wrong is not None for pair in pairs)
    lines = [
        f"{out / RECORDS_FILE}: {len(pairs):,} records, {dual:,} of them with a wrong chain beside "
        "the right one",
        *spent_lines(collection.budget),
    ]
    chains = [chain for each in collection.rounds.values() for chain in each.chains]
    if cut := sum(chain.outcome == "cut" for chain in chains):
        lines.append(
            f"{cut:,} chains were cut off before their end and are not among the records "
            f"({CUT_FILE} has those with an answer); raise --max-tokens"
        )
    if collection.unused:
        lines.append(
            f"{collection.unused:,} replies in the journal are to other requests than these "
            "(another model, prompt, setting or round) and are not used"
        )
    return [*lines, *missing_lines(collection.over_budget, collection.unanswered)]


def spent_lines(budget: Budget) -> list[str]:
    """What was spent, and how much of it is a guess."""
    cost = "" if budget.cost is None else f", {budget.cost:,.4f} in money"
    spent, unknown = budget.spent, budget.unknown.total
    lines = [f"spent: {spent.prompt:,} tokens read, {spent.completion:,} written{cost}"]
    if unknown:
        lines.append(
            f"{unknown:,} of these tokens are a guess upwards: requests whose answer never came, "
            "counted at the most that they can have taken"
        )
    return lines


def missing_lines(over_budget: int, unanswered: Sequence[tuple[ChatRequest, str]]) -> list[str]:
    """What was not asked, and what was not answered and why."""
    lines = []
    if over_budget:
        lines.append(
            f"stopped by the budget: {over_budget:,} requests not sent; with a larger one the same "
            "command goes on"
        )
    whys = Counter(why for _, why in unanswered)
    for why, number in whys.most_common(3):
        lines.append(f"{number:,} requests without an answer: {why}")
    return lines

"""What a collection leaves in its directory: records, chains that were cut, a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from harness.collecting.chains import Chain
from harness.collecting.collect import JOURNAL_FILE, Collection
from harness.collecting.order import Order
from harness.collecting.rounds import Round
from tasks.files import write_json
from tasks.quality.marked import marked
from tasks.records.of_chain import CHAIN
from tasks.records.record import CoTRecord, write_records

RECORDS_FILE, CUT_FILE, REPORT_FILE = "records.jsonl", "cut.jsonl", "collect_report.json"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the `asked` requests of a round, those that were answered by what the answer is worth."""

    asked: int
    right: int
    wrong: int
    unread: int
    cut: int

    @property
    def unanswered(self) -> int:
        """Refused, failed, or not within the budget."""
        return self.asked - self.right - self.wrong - self.unread - self.cut


def counts(asked: int, chains: Sequence[Chain]) -> Counts:
    """The counts of these chains."""
    found = [chain.outcome for chain in chains]
    return Counts(asked, *(found.count(name) for name in ("right", "wrong", "unread", "cut")))


def write_collection(
    out: Path, order: Order, collection: Collection, *, with_quality: bool = False
) -> None:
    """Write records, cut chains and the report.

    A chain that was cut off is in none of them but, where it could be read at all, in a file of its
    own. `with_quality`: records tell how sound their rationales are (`tasks.quality.marked`).
    """
    prices = order.limits.prices
    records = [order.terms.of(pair.record(prices)) for pair in collection.pairs]
    write_records(out / RECORDS_FILE, marked(records) if with_quality else records)
    cut = [
        chain
        for each in collection.rounds.values()
        for chain in each.chains
        if chain.outcome == "cut" and chain.record
    ]
    write_records(out / CUT_FILE, (_cut_record(chain, order) for chain in cut))
    write_json(out / REPORT_FILE, report(order, collection, len(records)))


def report(order: Order, collection: Collection, records: int) -> dict[str, Any]:
    """What was asked, of whom and how, what came of it and what it took, as plain JSON types."""
    teacher, budget, limits = order.teacher, collection.budget, order.limits
    return {
        "model": teacher.model,
        "server": teacher.base_url,
        "sampling": teacher.sampling.to_json(),
        "samples": order.samples,
        "questions": len(order.questions),
        "prompts": {
            purpose: {"sha256": prompt.sha256, "text": prompt.text, "system": prompt.system}
            | {"examples": [example.id for example in prompt.examples]}
            for purpose, prompt in order.prompts.items()
        },
        "rounds": {name: _round(each) for name, each in collection.rounds.items()},
        "records": records,
        "with_wrong_chain": sum(pair.wrong is not None for pair in collection.pairs),
        "spent": {
            "tokens": budget.spent.to_json(),
            "perhaps_unpaid": budget.unknown.to_json(),
            "cost": budget.cost,
            "journal": JOURNAL_FILE,
        },
        "budget": {"tokens": limits.tokens, "money": limits.money},
        "prices": asdict(prices) if (prices := limits.prices) else None,
        "unanswered": [
            {
                "question": request.question.id,
                "purpose": request.purpose,
                "sample": request.sample,
                "why": why,
            }
            for request, why in collection.unanswered
        ],
        "over_budget": collection.over_budget,
        "ended": str(collection.ended) if collection.ended else None,
    }


def _round(each: Round) -> dict[str, Any]:
    by_task: dict[str, list[Chain]] = {}
    for chain in each.chains:
        by_task.setdefault(chain.question.task, []).append(chain)
    return {
        "counts": _told(counts(each.requests, each.chains)),
        "tasks": {task: _told(counts(len(chains), chains)) for task, chains in by_task.items()},
        "left_out": [
            {
                "question": chain.question.id,
                "sample": chain.sample,
                "reason": "cut" if chain.outcome == "cut" else chain.reason,
            }
            for chain in each.chains
            if chain.outcome == "cut" or chain.reason
        ],
    }


def _told(counted: Counts) -> dict[str, int]:
    names = ("asked", "right", "wrong", "unread", "cut", "unanswered")
    return {name: getattr(counted, name) for name in names}


def _cut_record(chain: Chain, order: Order) -> CoTRecord:
    record = chain.record
    assert record is not None
    purpose = chain.request.purpose
    cut = replace(
        record,
        id=record.id if purpose == "first" else f"{record.id}/{purpose}",
        meta=record.meta | {CHAIN: chain.facts(order.limits.prices)},
    )
    return order.terms.of(cut)

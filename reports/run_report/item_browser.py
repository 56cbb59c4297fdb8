"""The items a reader can look at: telling ones first, then a sample, within a budget of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import numpy as np

from reports.logs.plan import Planned
from reports.logs.run_data import Bools, RunData, System
from reports.logs.sample_files import read_texts
from reports.run_report.report_content import Answer, BrowsedItems, ItemKind, ShownItem

# Characters of text over all students: keeps the page below 10 MB, with its charts and tables.
BUDGET = 5_000_000
MOST_ITEMS = 1_500
LONGEST_QUESTION = 1_500
LONGEST_RATIONALE = 1_200

Key = tuple[str, str, str]


def browsed_items(run: RunData, primary: Planned | None) -> Iterator[BrowsedItems]:
    """For each trained student (else each) the items to show, and of how many of each kind they are.

    Outcomes are those of first seeds. Kinds are items on which treatment and baseline differ, that
    some method left unparsed, or on which one ran into its token limit; each kind and the rest get an
    equal share of the room, in an order by hashed id, and what one leaves over goes to the next. Those
    of no kind stand last.
    """
    trained = [system for system in run.systems if system.trained]
    students = list(dict.fromkeys(system.student for system in trained or run.systems))
    for student in students:
        systems = [system for system in run.systems if system.student == student]
        asked: Bools = np.any([system.evaluated for system in systems], axis=0)
        kinds = _kinds(systems, primary)
        candidates = _in_turn(run, asked, kinds)
        items = _within_budget(run, systems, candidates, kinds, BUDGET // len(students))
        yield BrowsedItems(
            student=student,
            total=int(asked.sum()),
            totals={kind: int((marks & asked).sum()) for kind, marks in kinds.items()},
            items=tuple(items),
        )


def _kinds(systems: list[System], primary: Planned | None) -> dict[ItemKind, Bools]:
    return {
        "flipped": _differ(systems, primary),
        "unparsed": np.any([s.evaluated & ~s.parse_ok[0] for s in systems], axis=0),
        "truncated": np.any(
            [s.rationale_truncated[0] | s.answer_truncated[0] for s in systems], axis=0
        ),
    }


def _differ(systems: list[System], primary: Planned | None) -> Bools:
    pair = [s for s in systems if primary and s.method in (primary.treatment, primary.baseline)]
    if len(pair) < 2:
        return np.zeros(len(systems[0].evaluated), dtype=bool)
    return np.asarray(pair[0].correct[0] != pair[1].correct[0])


def _in_turn(run: RunData, asked: Bools, kinds: Mapping[ItemKind, Bools]) -> list[int]:
    """At most MOST_ITEMS places, those of each kind in turn with those of no kind."""
    names = (run.items["task"] + "\n" + run.items["id"]).to_numpy()
    places = sorted(
        np.flatnonzero(asked).tolist(),
        key=lambda place: sha256(str(names[place]).encode()).digest(),
    )
    plain = ~np.any(list(kinds.values()), axis=0)
    queues = [[p for p in places if marks[p]] for marks in (*kinds.values(), plain)]
    chosen: dict[int, None] = {}
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if turn < len(queue) and len(chosen) < MOST_ITEMS:
                chosen[queue[turn]] = None
    return list(chosen)


def _within_budget(
    run: RunData,
    systems: list[System],
    places: list[int],
    kinds: Mapping[ItemKind, Bools],
    budget: int,
) -> list[ShownItem]:
    columns = (run.items[name].iloc[places] for name in ("suite", "task", "id"))
    keys: list[Key] = list(zip(*columns, strict=True))
    texts = {s.method: read_texts(s.runs[0].directory, set(keys)) for s in systems}
    shown: list[ShownItem] = []
    for place, key in zip(places, keys, strict=True):
        said = {method: rows[key] for method, rows in texts.items() if key in rows}
        item = ShownItem(
            suite=key[0],
            role=run.items["role"].iloc[place],
            task=key[1],
            id=key[2],
            kinds=tuple(kind for kind, marks in kinds.items() if marks[place]),
            prompt=_shortened(_question(next(iter(said.values()))), LONGEST_QUESTION),
            gold=str(run.items["gold"].iloc[place]),
            answers=tuple(_answer(method, row) for method, row in said.items()),
        )
        budget -= len(item.prompt) + sum(len(answer.rationale) for answer in item.answers)
        if budget < 0 and shown:
            break
        shown.append(item)
    return sorted(shown, key=lambda item: not item.kinds)


def _answer(method: str, row: Mapping[str, Any]) -> Answer:
    return Answer(
        method=method,
        rationale=_shortened(str(row["rationale"]), LONGEST_RATIONALE),
        parsed=row.get("parsed"),
        correct=row["correct"],
        truncated=bool(row["rationale_truncated"] or row["answer_truncated"]),
    )


def _question(row: Mapping[str, Any]) -> str:
    """The question alone where the log holds the item, else the prompt as it was sent."""
    doc = row.get("doc")
    question = doc.get("question") if isinstance(doc, dict) else None
    return str(question or row.get("prompt_sent", ""))


def _shortened(text: str, most: int) -> str:
    """The text, or its beginning and end: a rationale is judged by where it arrives."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}\n[…]\n{text[-half:]}"

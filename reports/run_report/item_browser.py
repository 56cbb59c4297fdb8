"""The items a reader can look at: telling ones first, then a sample, within a budget of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

import numpy as np

from reports.items import Item
from reports.logs.cell_samples import samples_of
from reports.logs.logged_sample import LoggedSample, decoded
from reports.logs.plan import Planned
from reports.logs.run_data import RunData
from reports.logs.system import Bools, System
from reports.reasoning.error_kinds import MOST_LOOKED_AT, ErrorCounts, count_errors
from reports.reasoning.first_error import FirstError, first_error
from reports.reasoning.logged_chain import logged_chain
from reports.rendering.shortened import beginning, end
from reports.run_report.browsed_items import Answer, BrowsedItems, ItemKind, ShownItem
from tasks.quality.chain import Chain

# Characters of text over all students: keeps the page below 10 MB, with its charts and tables.
BUDGET = 5_000_000
MOST_ITEMS = 1_500
LONGEST_QUESTION = 1_500
LONGEST_RATIONALE = 1_200


def browsed_items(run: RunData, primary: Planned | None) -> Iterator[BrowsedItems]:
    """For each trained student (else each) the items to show, and of how many of each kind they
    are.

    Outcomes are those of first seeds. Kinds are items on which treatment and baseline differ (with
    answers counted as planned), that some method left unparsed, on which one ran into its token
    limit, or where an answer was forced; each kind and the rest get an equal share of the room, in
    an order by hashed id, and what one leaves over goes to the next. Those of no kind stand last.
    """
    trained = [system for system in run.systems if system.trained]
    students = list(dict.fromkeys(system.student for system in trained or run.systems))
    for student in students:
        systems = [system for system in run.systems if system.student == student]
        asked: Bools = np.any([system.evaluated for system in systems], axis=0)
        kinds = _kinds(systems, primary)
        places = _by_hash(run, asked)
        items = _within_budget(
            run, systems, _in_turn(places, kinds), kinds, BUDGET // len(students)
        )
        yield BrowsedItems(
            student=student,
            total=int(asked.sum()),
            totals={kind: int((marks & asked).sum()) for kind, marks in kinds.items()},
            items=tuple(items),
            first_errors=tuple(_first_errors(run, systems, places[:MOST_LOOKED_AT])),
        )


def _kinds(systems: list[System], primary: Planned | None) -> dict[ItemKind, Bools]:
    kinds: dict[ItemKind, Bools] = {
        "flipped": _differ(systems, primary),
        "unparsed": np.any([s.evaluated & ~s.parse_ok[0] for s in systems], axis=0),
        "truncated": np.any(
            [s.rationale_truncated[0] | s.answer_truncated[0] for s in systems], axis=0
        ),
    }
    if any(s.answer_forced.any() for s in systems):
        kinds["forced"] = np.any([s.answer_forced[0] for s in systems], axis=0)
    return kinds


def _differ(systems: list[System], primary: Planned | None) -> Bools:
    pair = [
        system.answered(primary.answers)
        for system in systems
        if primary and system.method in (primary.treatment, primary.baseline)
    ]
    if len(pair) < 2:
        return np.zeros(len(systems[0].evaluated), dtype=bool)
    return np.asarray(pair[0].correct[0] != pair[1].correct[0])


def _by_hash(run: RunData, asked: Bools) -> list[int]:
    return sorted(
        np.flatnonzero(asked).tolist(),
        key=lambda place: _digest(run.items.at(place)),
    )


def _in_turn(places: list[int], kinds: Mapping[ItemKind, Bools]) -> list[int]:
    """At most MOST_ITEMS of the places, those of each kind in turn with those of no kind."""
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
    wanted = {run.items.at(place).key for place in places}
    texts = {s.method: samples_of(s.runs[0].directory, wanted) for s in systems}
    shown: list[ShownItem] = []
    for place in places:
        asked = run.items.at(place)
        said = {method: rows[asked.key] for method, rows in texts.items() if asked.key in rows}
        item = ShownItem(
            suite=asked.suite,
            role=asked.role,
            task=asked.task,
            id=asked.id,
            kinds=tuple(kind for kind, marks in kinds.items() if marks[place]),
            prompt=_shortened(_question(next(iter(said.values()))), LONGEST_QUESTION),
            gold=asked.gold,
            answers=tuple(_answers(said)),
        )
        budget -= len(item.prompt) + sum(map(_length, item.answers))
        if budget < 0 and shown:
            break
        shown.append(item)
    return sorted(shown, key=lambda item: not item.kinds)


def _digest(item: Item) -> bytes:
    return sha256(f"{item.task}\n{item.id}".encode()).digest()


def _first_errors(run: RunData, systems: list[System], places: list[int]) -> Iterator[ErrorCounts]:
    keys = {run.items.at(place).key for place in places}
    for system in systems:
        said = samples_of(system.runs[0].directory, keys).values()
        yield count_errors(system.method, ((_chain(each), each.correct) for each in said))


def _answers(said: Mapping[str, LoggedSample]) -> Iterator[Answer]:
    chains = {method: _chain(sample) for method, sample in said.items()}
    errors = {method: first_error(chain) for method, chain in chains.items()}
    sound = next((m for m, s in said.items() if s.correct and not errors[m]), None)
    for method, sample in said.items():
        error = errors[method]
        if error and sound:
            error = error.with_right_step(sound, chains[sound])
        yield _answer(method, sample, error)


def _chain(sample: LoggedSample) -> Chain:
    return logged_chain(
        decoded(sample.doc, sample.where),
        sample.prompt_sent,
        sample.rationale,
        sample.parsed,
        is_cut=sample.rationale_truncated,
    )


def _answer(method: str, sample: LoggedSample, error: FirstError | None) -> Answer:
    return Answer(
        method=method,
        rationale=_shortened(sample.rationale, LONGEST_RATIONALE),
        parsed=sample.parsed,
        correct=sample.correct,
        truncated=sample.rationale_truncated or sample.answer_truncated,
        forced=sample.answer_forced,
        parsed_as_written=sample.parsed_as_written,
        correct_as_written=sample.correct_as_written,
        first_error=error,
    )


def _length(answer: Answer) -> int:
    return len(answer.rationale) + sum(
        map(len, answer.first_error.steps if answer.first_error else ())
    )


def _question(sample: LoggedSample) -> str:
    """The question alone where the log holds the item, else the prompt as it was sent."""
    doc = decoded(sample.doc, sample.where)
    question = doc.get("question") if isinstance(doc, dict) else None
    return str(question or sample.prompt_sent)


def _shortened(text: str, most: int) -> str:
    """The text, or its beginning and end: a rationale is judged by where it arrives."""
    half = most // 2
    return text if len(text) <= most else f"{beginning(text, half)}\n[…]\n{end(text, half)}"

"""A few items with what each method said, chosen by rule and not by eye."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import numpy as np

from reports.content import Answer, Example
from reports.plan import Planned
from reports.run_data import Bools, RunData, System
from reports.sample_files import read_texts

PER_ROLE = 3
LONGEST = 2000


def examples(run: RunData, primary: Planned | None) -> Iterator[Example]:
    """For each trained student (else each) and role the first PER_ROLE items by hashed id.

    Items on which treatment and baseline (first seeds) differ come before the others.
    """
    trained = [system for system in run.systems if system.trained]
    for student in dict.fromkeys(system.student for system in trained or run.systems):
        systems = [system for system in run.systems if system.student == student]
        chosen = [
            position
            for role in ("ind", "ood")
            for position in _positions(run, systems, role, primary)
        ]
        keys = [tuple(run.items.loc[p, ["suite", "task", "id"]]) for p in chosen]
        ids = {key[2] for key in keys}
        texts = {system.method: read_texts(system.runs[0].directory, ids) for system in systems}
        for position, key in zip(chosen, keys, strict=True):
            said = {method: rows[key] for method, rows in texts.items() if key in rows}
            yield Example(
                student=student,
                suite=key[0],
                task=key[1],
                id=key[2],
                prompt=_shortened(_question(next(iter(said.values())))),
                gold=str(run.items.loc[position, "gold"]),
                answers=tuple(
                    Answer(
                        method=method,
                        rationale=_shortened(str(row["rationale"])),
                        parsed=row.get("parsed"),
                        correct=row["correct"],
                    )
                    for method, row in said.items()
                ),
            )


def _positions(
    run: RunData, systems: list[System], role: str, primary: Planned | None
) -> list[int]:
    asked: Bools = np.any([system.evaluated for system in systems], axis=0)
    candidates = np.flatnonzero(asked & (run.items["role"] == role).to_numpy())
    differ = _differ(systems, primary)
    names = run.items["task"] + "\n" + run.items["id"]

    def rank(position: int) -> tuple[bool, str]:
        return not differ[position], sha256(str(names[position]).encode()).hexdigest()

    return sorted((int(position) for position in candidates), key=rank)[:PER_ROLE]


def _differ(systems: list[System], primary: Planned | None) -> Bools:
    pair = [s for s in systems if primary and s.method in (primary.treatment, primary.baseline)]
    if len(pair) < 2:
        return np.zeros(len(systems[0].evaluated), dtype=bool)
    return np.asarray(pair[0].correct[0] != pair[1].correct[0])


def _question(row: dict[str, object]) -> str:
    """The question alone where the log holds the item, else the prompt as it was sent."""
    doc = row.get("doc")
    question = doc.get("question") if isinstance(doc, dict) else None
    return str(question or row.get("prompt_sent", ""))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " […]"

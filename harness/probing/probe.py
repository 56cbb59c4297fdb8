"""Probe the items of an evaluation: what the student would answer with other rationales than its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from harness.evaluation.loaded_student import LoadedStudent
from harness.probing.candidates import candidates
from harness.probing.conditions import Asked, build, shares
from harness.probing.mistake import with_mistake
from harness.probing.prefix_tree import continuation_scores
from reports.logs.sample_files import newest_files
from tasks.files import append_durably, cut_torn_line, jsonl_objects
from tasks.problem import Problem
from tasks.progress import Progress
from tasks.scoring.cues import split_at_cue
from trainers.encoding import encode_continuation, encode_prompt


@dataclass(frozen=True, slots=True)
class Replied:
    """An item of an evaluation: the row as logged, and what may be answered to it."""

    row: dict[str, Any]
    problem: Problem
    candidates: tuple[str, ...]
    other_rationale: str | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """One item's result: for each condition the share of probability of each candidate."""

    suite: str
    role: str
    task: str
    id: str
    cluster: str
    question: str
    gold: str
    candidates: tuple[str, ...]
    probabilities: dict[str, list[float]]


def replied_items(
    evaluation: Path, suites: Collection[str], limit: int | None
) -> tuple[list[Replied], int]:
    """The first `limit` items of each task of these suites that can be probed; how many cannot.

    An item cannot where its possible answers cannot be told (a list of words, a free text). Each comes with
    the rationale of the task's next item that has another gold.
    """
    items: list[Replied] = []
    open_ended = 0
    for path in newest_files(evaluation)[0]:
        rows = [row for _, row in jsonl_objects(path) if row["suite"] in suites]
        problems = [Problem.from_doc(row["doc"]) for row in rows]
        golds = [problem.golds[0] for problem in problems]
        probed = [
            Replied(row, problem, candidates(problem, golds))
            for row, problem in zip(rows, problems, strict=True)
        ]
        open_ended += sum(not item.candidates for item in probed[:limit])
        items += [
            replace(item, other_rationale=_next_with_other_gold(probed, place))
            for place, item in enumerate(probed[:limit])
            if item.candidates
        ]
    return items, open_ended


def probe(student: LoadedStudent, items: Sequence[Replied], file: Path, progress: Progress) -> None:
    """Score every item that `file` (JSON lines) does not hold yet, and add it there."""
    done = _done(file)
    for number, item in enumerate(items, start=1):
        if _key(item.row) not in done:
            line = json.dumps(asdict(_probed(student, item)), ensure_ascii=False) + "\n"
            append_durably(file, line.encode())
        progress(number, len(items))


def _probed(student: LoadedStudent, item: Replied) -> Probed:
    row, problem = item.row, item.problem
    prompt, rationale = row["prompt_sent"], row["rationale"]
    gives_cue = split_at_cue(student.protocol.suffix).answer == ""
    tokenizer = student.tokenizer

    def encode(text: str) -> list[int]:
        return encode_continuation(tokenizer, text)

    mistaken = with_mistake(rationale, problem.options, item.candidates)
    asked = Asked(
        prompt_ids=encode_prompt(tokenizer, prompt),
        cue_ids=() if gives_cue else tuple(encode(student.protocol.cue)),
        rationale=f" {rationale}",
        mistaken=None if mistaken is None else f" {mistaken}",
        other=None if item.other_rationale is None else f" {item.other_rationale}",
        candidates=item.candidates,
        # A student that was trained ends its answer; one that was not goes on as it likes.
        answer_end=student.eos_ids[:1] if student.trained else (),
    )
    tree, leaves = build(asked, encode)
    scores = continuation_scores(
        student.model, tree, [leaf for each in leaves.values() for leaf in each]
    )
    count = len(item.candidates)
    return Probed(
        suite=row["suite"],
        role=row["role"],
        task=row["task"],
        id=row["id"],
        cluster=row["cluster"],
        question=str(row.get("doc_hash", "")),
        gold=problem.golds[0].strip(),
        candidates=item.candidates,
        probabilities={
            condition: shares(scores[count * place : count * (place + 1)])
            for place, condition in enumerate(leaves)
        },
    )


def _next_with_other_gold(items: Sequence[Replied], place: int) -> str | None:
    for step in range(1, len(items)):
        other = items[(place + step) % len(items)]
        if other.row["gold"] != items[place].row["gold"] and other.row["rationale"].strip():
            return str(other.row["rationale"])
    return None


def _done(file: Path) -> set[tuple[str, str, str]]:
    """The items that the file holds."""
    if not file.exists():
        return set()
    cut_torn_line(file)
    return {_key(row) for _, row in jsonl_objects(file)}


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["suite"], row["task"], row["id"]

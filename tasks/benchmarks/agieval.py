"""AGIEval (Zhong et al. 2023, arXiv:2304.06364): the eight English multiple-choice exams of v1.

Local format: `agieval/<task>.jsonl`, rows {"passage", "question", "options", "label"}.
Hub: `hails/agieval-<task>`, rows {"query", "choices", "gold"}, where the query is
"<passage>Q: <question> Answer Choices: (A)... (B)...\\nA: Among A through E, the answer is".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_uppercase
from typing import Any

from tasks.data_source import Source, adapt, hub_rows, source_file
from tasks.files import jsonl_objects
from tasks.problem import Problem
from tasks.scoring.option_list import option_label, with_options

DESCRIPTIONS = {
    "aqua-rat": "Solve an algebra word problem.",
    "logiqa-en": "Answer a logical reasoning question from a civil service exam.",
    "lsat-ar": "Answer an analytical reasoning question from a law school admission test.",
    "lsat-lr": "Answer a logical reasoning question from a law school admission test.",
    "lsat-rc": "Answer a reading comprehension question from a law school admission test.",
    "sat-en": "Answer a reading question from a college admission test.",
    "sat-en-without-passage": (
        "Answer a reading question from a college admission test; its passage is not shown."
    ),
    "sat-math": "Solve a mathematics question from a college admission test.",
}
TASKS = tuple(DESCRIPTIONS)
_PASSAGE_HIDDEN_FROM = {"sat-en-without-passage": "sat-en"}

_BRACKETED_LETTER = re.compile(r"\(([A-Z])\)\s*")
_BARE_LETTER = re.compile(r"([A-Z])\??\s+")


@dataclass(frozen=True, slots=True)
class _Item:
    passage: str
    question: str
    options: tuple[str, ...]
    right: int


def task_problems(source: Source, task: str) -> list[Problem]:
    """All items of one exam, in the benchmark's order.

    Items of one passage form a cluster; an item without a passage is its own, except that a
    sat-en-without-passage item joins the cluster of the same question in sat-en.
    """
    items = _items(source, task)
    passages = [item.passage for item in items]
    if shown_in := _PASSAGE_HIDDEN_FROM.get(task):
        shown = {(item.question, item.options): item.passage for item in _items(source, shown_in)}
        passages = [shown.get((item.question, item.options), "") for item in items]
    return [
        Problem(
            id=f"{task}/{index}",
            task=task,
            description=DESCRIPTIONS[task],
            question=with_options(f"{item.passage}\n{item.question}".strip(), item.options),
            golds=(option_label(item.right),),
            answer_type="choice",
            cluster=_passage_cluster(passage) if passage else f"{task}/{index}",
            options=item.options,
        )
        for index, (item, passage) in enumerate(zip(items, passages, strict=True))
    ]


def problems(source: Source) -> list[Problem]:
    """The items of all eight exams."""
    return [problem for task in TASKS for problem in task_problems(source, task)]


def lettered_options(options: Sequence[str], label: str) -> tuple[tuple[str, ...], int]:
    """Option texts in the order of their letters, without them, and the position of the right one.

    Some items list their options by columns (A, C, B, D): their letters, to which the label refers,
    give the order. Where not every option carries its own letter ("A first", "C? Geng is ...", or
    nothing at all) the order as stored is taken.
    """
    matches = [_BRACKETED_LETTER.match(option) for option in options]
    right = ascii_uppercase.index(label.strip())
    if right >= len(options):
        raise ValueError(f"label {label!r} names none of its {len(options)} options")
    letters = [match[1] for match in matches if match]
    if sorted(letters) == list(ascii_uppercase[: len(options)]):
        ordered = sorted(zip(letters, options, strict=True))
        return tuple(_BRACKETED_LETTER.sub("", option, count=1) for _, option in ordered), right
    return tuple(_without_letter(option, i) for i, option in enumerate(options)), right


def _without_letter(option: str, position: int) -> str:
    for pattern in (_BRACKETED_LETTER, _BARE_LETTER):
        match = pattern.match(option)
        if match and match[1] == ascii_uppercase[position]:
            return option[match.end() :]
    return option


def _items(source: Source, task: str) -> list[_Item]:
    if source is None:
        name = f"hails/agieval-{task}"
        return adapt(hub_rows(name, None, "test"), _hub_item, name)
    path = source_file(source, "agieval", f"{task}.jsonl")
    return adapt((row for _, row in jsonl_objects(path)), _local_item, str(path))


def _local_item(_index: int, row: Mapping[str, Any]) -> _Item:
    options, right = lettered_options(row["options"], row["label"])
    return _Item((row["passage"] or "").strip(), row["question"].strip(), options, right)


def _hub_item(_index: int, row: Mapping[str, Any]) -> _Item:
    [right] = row["gold"]
    options, right = lettered_options(row["choices"], ascii_uppercase[right])
    stem, _, _ = row["query"].rpartition(" Answer Choices: ")
    passage, _, question = stem.rpartition("Q: ")
    return _Item(passage.strip(), question.strip(), options, right)


def _passage_cluster(passage: str) -> str:
    return f"passage/{sha256(passage.encode()).hexdigest()[:16]}"

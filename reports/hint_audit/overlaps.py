"""Phrases that overlap and stand for one finding, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reports.hint_audit.competency import Association, phrases

# Share of questions that hold both of two phrases, from which on they are one finding.
ALIKE = 0.8


def told_once(
    found: Sequence[Association], tasks: Sequence[str], questions: Sequence[str]
) -> list[Association]:
    """The strongest of each chain of overlapping phrases; `overlapping` counts the others.

    `found`, the strongest first, are associations in these questions (n,) of these tasks (n,).
    Phrases of a task and answer form a chain where their words overlap and nearly the same
    questions hold both; one whose words overlap and whose questions nearly all hold a stronger
    phrase hangs on its chain.
    """
    held = _questions_with(found, tasks, questions)
    chains: list[list[Association]] = []
    for each in found:
        own = held[each.task, each.phrase]
        alike, within = [], []
        for links in chains:
            near = [held[one.task, one.phrase] for one in links if _same_finding(each, one)]
            if any(len(own & other) >= ALIKE * len(own | other) for other in near):
                alike.append(links)
            elif any(len(own & other) >= ALIKE * len(own) for other in near):
                within.append(links)
        joining = alike or within[:1]
        for links in joining[1:]:
            joining[0].extend(links)
            chains.remove(links)
        if joining:
            joining[0].append(each)
        else:
            chains.append([each])
    return [replace(first, overlapping=len(others)) for first, *others in chains]


def _same_finding(one: Association, other: Association) -> bool:
    same = (one.task, one.answer) == (other.task, other.answer)
    return same and _overlap(one.phrase, other.phrase)


def _questions_with(
    found: Sequence[Association], tasks: Sequence[str], questions: Sequence[str]
) -> dict[tuple[str, str], set[str]]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for each in found:
        wanted[each.task].add(each.phrase)
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for task, question in set(zip(tasks, questions, strict=True)):
        if task in wanted:
            for phrase in phrases(question) & wanted[task]:
                held[task, phrase].add(question)
    return held


def _overlap(one: str, other: str) -> bool:
    """Whether one holds the other, or the end of one is the beginning of the other, in whole
    words.
    """
    a, b = one.split(), other.split()
    return any(_agree(a, b, shift) or _agree(b, a, shift) for shift in range(max(len(a), len(b))))


def _agree(words: list[str], others: list[str], shift: int) -> bool:
    """Whether the others, laid `shift` words behind the first, agree wherever both have a word."""
    pairs = list(zip(words[shift:], others, strict=False))
    return bool(pairs) and all(word == other for word, other in pairs)

"""Items that the training questions give away: asked there, made to the same template, quoted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tasks.problem import Problem
from tasks.records.duplicates import Asked, overlap
from tasks.records.wording import words

# The kinds, the gravest first: an item is told by the gravest alone.
KINDS = {
    "identical": "the same question",
    "near": "nearly the same question",
    "template": "the same template: other names and numbers in the same words",
    "passage": "the same passage",
    "phrase": "13 words in a row",
}
Kind = Literal["identical", "near", "template", "passage", "phrase"]

# Brown et al. 2020 (GPT-3), section 4: 13-grams tell contamination.
PHRASE = 13
PASSAGE = 30  # words from which on a paragraph is a passage
PASSAGE_SHARE = 0.8
# Of the words of two questions, names and numbers masked, the share in the same order.
SAME_TEMPLATE = 0.85
FEWEST_WORDS = 6  # of a template, names and numbers aside
_NAME, _NUMBER = "@", "0"
_RUN = 3
_PERMUTATIONS = 64
_PROPOSED = 0.5
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Leak:
    """An item of the suite, the training question that it is found in, and what they share."""

    kind: Kind
    item: str
    trained: str
    item_question: str
    trained_question: str
    shared: str = ""


def leaks(items: Sequence[Problem], trained: Sequence[Problem]) -> list[Leak]:
    """The items that stand in the training questions in one way or another, each once, in the
    suite's order.
    """
    found: dict[int, Leak] = {}
    matches = overlap(_asked(trained), _asked(items))
    candidates: list[tuple[int, int, Kind, str]] = [
        (match.second, match.first, match.kind, "") for match in matches
    ]
    candidates += [(at, known, "template", "") for at, known in _templates(items, trained)]
    candidates += _quoted(items, trained)
    for at, known, kind, shared in sorted(candidates, key=lambda each: _gravity(each[2])):
        leak = Leak(
            kind,
            items[at].id,
            trained[known].id,
            items[at].question,
            trained[known].question,
            shared,
        )
        found.setdefault(at, leak)
    return [found[at] for at in sorted(found)]


def _gravity(kind: Kind) -> int:
    return list(KINDS).index(kind)


def _asked(problems: Iterable[Problem]) -> list[Asked]:
    return [Asked(problem.task, problem.question) for problem in problems]


def _templates(items: Sequence[Problem], trained: Sequence[Problem]) -> Iterator[tuple[int, int]]:
    """Places of items and of training questions that differ in names and numbers alone, but for a
    few words. A word is a name where it is never written small.
    """
    from datasketch import MinHash, MinHashLSH
    from rapidfuzz.distance import Indel

    names = _names(problem.question for problem in (*items, *trained))
    masked = [_masked(problem.question, names) for problem in items]
    known = [_masked(problem.question, names) for problem in trained]
    places: dict[tuple[str, ...], int] = {}
    for place, text in enumerate(known):
        if _is_template(text):
            places.setdefault(text, place)
    if not places:
        return

    def sketches(texts: Sequence[tuple[str, ...]]) -> Iterator[MinHash]:
        runs = ([" ".join(run).encode() for run in _runs(text, _RUN)] for text in texts)
        return iter(MinHash.generator(runs, num_perm=_PERMUTATIONS, hashfunc=zlib.crc32))

    index = MinHashLSH(threshold=_PROPOSED, num_perm=_PERMUTATIONS)
    distinct = list(places)
    for number, sketch in enumerate(sketches(distinct)):
        index.insert(number, sketch)
    tested = [at for at, text in enumerate(masked) if _is_template(text)]
    for at, sketch in zip(tested, sketches([masked[at] for at in tested]), strict=True):
        alike = {
            number: Indel.normalized_similarity(distinct[number], masked[at])
            for number in index.query(sketch)
        }
        best = max(alike, key=lambda number: (alike[number], -number), default=None)
        if best is not None and alike[best] >= SAME_TEMPLATE:
            yield at, places[distinct[best]]


def _names(questions: Iterable[str]) -> set[str]:
    capital: set[str] = set()
    small: set[str] = set()
    for question in questions:
        for word in _WORD.findall(question):
            (small if word[0].islower() else capital).add(word.casefold())
    return {word for word in capital - small if len(word) > 1 and word[0] != word[0].upper()}


def _masked(question: str, names: set[str]) -> tuple[str, ...]:
    return tuple(
        _NUMBER if word[0].isdigit() else _NAME if word in names else word
        for word in words(question)
    )


def _is_template(text: tuple[str, ...]) -> bool:
    return sum(word not in (_NAME, _NUMBER) for word in text) >= FEWEST_WORDS


def _quoted(
    items: Sequence[Problem], trained: Sequence[Problem]
) -> Iterator[tuple[int, int, Kind, str]]:
    """Items with a run of `PHRASE` words of a training question, or a whole passage of it."""
    first: dict[tuple[str, ...], int] = {}
    for place, problem in enumerate(trained):
        for run in _runs(words(problem.question), PHRASE):
            first.setdefault(run, place)
    for at, problem in enumerate(items):
        paragraph = words(max(problem.question.split("\n\n"), key=len))
        held = [run in first for run in _runs(paragraph, PHRASE)]
        shared = [run for run in _runs(words(problem.question), PHRASE) if run in first]
        if not shared:
            continue
        whole = len(paragraph) >= PASSAGE and sum(held) >= PASSAGE_SHARE * len(held)
        yield at, first[shared[0]], "passage" if whole else "phrase", " ".join(shared[0])


def _runs(text: tuple[str, ...], length: int) -> list[tuple[str, ...]]:
    """All runs of so many words; of a shorter text none, but for the runs of a sketch."""
    if len(text) < length:
        return [text] if length == _RUN else []
    return [text[at : at + length] for at in range(len(text) - length + 1)]

"""Questions asked twice: the same words, or nearly the same.

Two questions are nearly the same when at least 0.8 of the wording that is their own (exact Jaccard
similarity of runs of three words) is shared, their numbers are equal and in the same order, and
what differs is no wording of other questions. What many questions of a task share is its template:
in "Alice and Bob swap balls" another name makes another question, while a typing error never stands
elsewhere. A question is also nearly the same as the one with an instruction before or behind it,
and as the one whose options are not shown, or shown in another order.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tasks.records.wording import stem, words

RUN = 3  # words of a run
SIMILAR = 0.8
# Wording in more questions of a task than these is its template; fewer may be copies of one
# question.
COPIES = 5
# Of the runs that differ, the share in the template that makes two questions different ones.
TEMPLATE_SHARE = 0.25
# MinHash only proposes pairs, so it may propose too many: 64 permutations, a lower threshold.
_PERMUTATIONS = 64
_PROPOSED = 0.5

Kind = Literal["identical", "near"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the task whose wording it shares."""

    task: str
    question: str


@dataclass(frozen=True, slots=True)
class Match:
    """The places of two questions that are one; `first` is the earlier, or the one trained on."""

    first: int
    second: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words of a question, those before its options, and those of its options in sorted order.

    `runs` are its runs of words, `own` those that are not its task's template, `numbers` its words
    with a digit.
    """

    words: tuple[str, ...]
    stem: tuple[str, ...]
    options: tuple[str, ...]
    runs: frozenset[str]
    own: frozenset[str]
    numbers: tuple[str, ...]


def duplicates(asked: Sequence[Asked]) -> list[Match]:
    """Questions that stand earlier in the same task: each identical one once, each near pair
    once.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(asked):
        places[each.task].append(place)
    return [match for of_task in places.values() for match in _within(asked, of_task)]


def overlap(trained: Sequence[Asked], asked: Sequence[Asked]) -> list[Match]:
    """For each question of `asked` that is one of `trained`, the first that it equals or
    resembles.
    """
    known, tested = _wordings(trained), _wordings(asked)
    first: dict[tuple[str, ...], int] = {}
    for place, wording in enumerate(known):
        first.setdefault(wording.words, place)
    found = {
        place: Match(first[wording.words], place, "identical")
        for place, wording in enumerate(tested)
        if wording.words in first
    }
    distinct = list(first.values())
    for one, other in _near([known[place] for place in distinct], tested):
        found.setdefault(other, Match(distinct[one], other, "near"))
    return [found[place] for place in sorted(found)]


def _within(asked: Sequence[Asked], places: Sequence[int]) -> Iterator[Match]:
    wordings = _wordings([asked[place] for place in places])
    first: dict[tuple[str, ...], int] = {}
    for place, wording in zip(places, wordings, strict=True):
        if (earlier := first.setdefault(wording.words, place)) != place:
            yield Match(earlier, place, "identical")
    by_words = {wording.words: wording for wording in wordings}
    distinct = [by_words[text] for text in first]
    at = list(first.values())
    pairs = {(min(pair), max(pair)) for pair in _near(distinct, distinct)}
    for one, other in sorted(pairs):
        if one != other:
            yield Match(at[one], at[other], "near")


def _wordings(asked: Sequence[Asked]) -> list[_Wording]:
    """The wording of each question; a task's template is what its distinct questions share."""
    texts = {question: words(question) for question in {each.question for each in asked}}
    runs = {text: _runs(text) for text in set(texts.values())}
    distinct: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for each in asked:
        distinct[each.task].add(texts[each.question])
    template = {
        task: Counter(run for text in of_task for run in runs[text])
        for task, of_task in distinct.items()
    }
    wordings = {}
    for each in set(asked):
        text, beginning = texts[each.question], stem(each.question)
        before = text if beginning == each.question else words(beginning)
        common = template[each.task]
        wordings[each] = _Wording(
            text,
            before,
            tuple(sorted(text[len(before) :])),
            runs[text],
            frozenset(run for run in runs[text] if common[run] <= COPIES),
            tuple(word for word in text if any(sign.isdigit() for sign in word)),
        )
    return [wordings[each] for each in asked]


def _runs(text: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(text[at : at + RUN]) for at in range(max(len(text) - RUN + 1, 1)))


def _near(known: Sequence[_Wording], tested: Sequence[_Wording]) -> Iterator[tuple[int, int]]:
    """The places of nearly identical questions in `known` and in `tested`."""
    yield from _same_content(known, tested)
    yield from _similar(known, tested)


def _same_content(
    known: Sequence[_Wording], tested: Sequence[_Wording]
) -> Iterator[tuple[int, int]]:
    """Questions that differ in the order of their options, or in showing them at all."""
    shown: dict[tuple[tuple[str, ...], ...], int] = {}
    with_stem: dict[tuple[str, ...], int] = {}
    for place, wording in enumerate(known):
        shown.setdefault((wording.stem, wording.options), place)
        with_stem.setdefault(wording.stem, place)
    for place, wording in enumerate(tested):
        if (wording.stem, wording.options) in shown:
            yield shown[wording.stem, wording.options], place
        if wording.options and (wording.stem, ()) in shown:
            yield shown[wording.stem, ()], place
        if not wording.options and wording.stem in with_stem:
            yield with_stem[wording.stem], place


def _similar(known: Sequence[_Wording], tested: Sequence[_Wording]) -> Iterator[tuple[int, int]]:
    """Questions whose own wording is nearly the same."""
    from datasketch import MinHash, MinHashLSH

    def hashed(wordings: Sequence[_Wording]) -> Iterator[tuple[int, MinHash]]:
        places = [place for place, wording in enumerate(wordings) if wording.own]
        texts = ([run.encode() for run in wordings[place].own] for place in places)
        # crc32 is the same in every process, and fast.
        return zip(
            places,
            MinHash.generator(texts, num_perm=_PERMUTATIONS, hashfunc=zlib.crc32),
            strict=True,
        )

    index = MinHashLSH(threshold=_PROPOSED, num_perm=_PERMUTATIONS)
    for place, sketch in hashed(known):
        index.insert(place, sketch)
    for place, sketch in hashed(tested):
        for candidate in sorted(index.query(sketch)):
            if _nearly_identical(known[candidate], tested[place]):
                yield candidate, place


def _nearly_identical(one: _Wording, other: _Wording) -> bool:
    if one.numbers != other.numbers:
        return False
    shared, either = one.own & other.own, one.own | other.own
    if _inside(one.words, other.words) or _inside(other.words, one.words):
        # An instruction before or behind it, which other questions may have as well.
        return len(shared) >= SIMILAR * min(len(one.own), len(other.own))
    differing = one.runs ^ other.runs
    in_template = differing - either
    return (
        len(shared) >= SIMILAR * len(either)
        and len(in_template) < TEMPLATE_SHARE * len(differing)
        and not _reordered(one, other)
    )


def _inside(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(whole)} "


def _reordered(one: _Wording, other: _Wording) -> bool:
    """Whether the same words stand in another order: who gave and who took has changed."""
    return sorted(one.words) == sorted(other.words)

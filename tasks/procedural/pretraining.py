"""Texts to pre-train a small student on: the skills of the trained families, no method's format."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.problem import question_prompt
from tasks.procedural.axes import with_hint
from tasks.procedural.catalogue import IND_FAMILIES
from tasks.procedural.drills import drill
from tasks.procedural.family import Family
from tasks.procedural.reserve import is_reserved
from tasks.procedural.slip import Slip

# Shares of texts with a rationale and with an answer; the rest are drills. A small student learns
# to copy from the question before anything else, and rationales are where copying pays.
WITH_RATIONALE = 0.8
WITH_ANSWER = 0.02
# Share of questions in closed families that open with a hint.
WITH_HINT = 0.5
# How many times as often a family is drawn as the others: where steps look things up they come
# late.
WEIGHTS = {"shuffled_objects": 2.5, "object_counting": 1.5, "navigation": 1.5}
# The words that methods' layouts are made of, in layouts that are none of them: a student that has
# never met a word of its prompt is thrown off by it, and methods would be told apart by that.
HEADINGS = ("Steps:", "Rationale:", "A: Steps:")
CONCLUSIONS = ("Result:", "So the answer:", "Therefore, the result is")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; only what is `learned` is predicted in pre-training."""

    text: str
    learned: bool


def pretraining_texts(*, seed: int, count: int, beyond: int = 0) -> Iterator[tuple[Piece, ...]]:
    """`count` short texts: question, rationale and answer, question and answer, or single steps.

    Trained families and wordings only, no question that is reserved for tests; opening phrases are
    independent of the answer. Every rationale is faultless and takes its family's first path: a
    small student learns one path in half the time that two take. Questions are not learned: nothing
    in them could be predicted. They take as many steps as training questions do, or up to `beyond`
    more.
    """
    weights = [WEIGHTS.get(family.name, 1.0) for family in IND_FAMILIES]
    for index in range(count):
        rng = random.Random(f"{seed}/pretraining/{index}")
        family = rng.choices(IND_FAMILIES, weights)[0]
        kind = rng.random()
        if kind < WITH_RATIONALE + WITH_ANSWER:
            longest = max(family.sizes)
            sizes = (*family.sizes, *range(longest + 1, longest + beyond + 1))
            yield _question_text(family, sizes, rng, with_rationale=kind < WITH_RATIONALE)
        else:
            given, steps = drill(family.name, rng)
            yield (
                (Piece(given, False), Piece(f" {steps}", True)) if given else (Piece(steps, True),)
            )


def _question_text(
    family: Family, sizes: Sequence[int], rng: random.Random, *, with_rationale: bool
) -> tuple[Piece, ...]:
    item = family.generate(rng, rng.choice(sizes), "seen")
    while is_reserved(item):
        item = family.generate(rng, rng.choice(sizes), "seen")
    hinted = rng.random() < WITH_HINT
    question = with_hint(item.question, item.answer, family, 0.0, rng) if hinted else item.question
    # What every method's prompt begins with; each goes on from here in its own way.
    opening = question_prompt(family.description, question).removesuffix("A:")
    heading, conclusion = rng.choice(HEADINGS), rng.choice(CONCLUSIONS)
    if not with_rationale:
        return (Piece(f"{opening}{conclusion}", False), Piece(f" {item.answer}", True))
    rationale = item.solvers[0](Slip()).rationale
    return (
        Piece(f"{opening}{heading}", False),
        Piece(f" {rationale}", True),
        # Without this a student reasons well and then cannot say what it arrived at.
        Piece(f"\n{conclusion}", False),
        Piece(f" {item.answer}", True),
    )

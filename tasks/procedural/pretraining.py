"""Texts to pre-train a small student on: the skills of the trained families, no method's format."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tasks.procedural.axes import with_cue
from tasks.procedural.catalogue import IND_FAMILIES
from tasks.procedural.drills import drill
from tasks.procedural.reserve import is_reserved
from tasks.procedural.slip import Slip

# Shares of the three kinds of text.
WITH_RATIONALE = 0.6
WITH_ANSWER = 0.2


def pretraining_texts(*, seed: int, count: int) -> Iterator[str]:
    """`count` short texts: question and rationale, question and answer, or drills of single steps.

    Trained families and wordings only, no question that is reserved for tests; opening phrases are
    independent of the answer. Every rationale is faultless and every solution path as frequent.
    """
    for index in range(count):
        rng = random.Random(f"{seed}/pretraining/{index}")
        family = IND_FAMILIES[index % len(IND_FAMILIES)]
        kind = rng.random()
        if kind >= WITH_RATIONALE + WITH_ANSWER:
            yield drill(family.name, rng)
            continue
        item = family.generate(rng, rng.choice(family.sizes), "seen")
        while is_reserved(item):
            item = family.generate(rng, rng.choice(family.sizes), "seen")
        question = with_cue(item.question, item.answer, family, 0.0, rng)
        if kind < WITH_RATIONALE:
            ending = f"Steps: {rng.choice(item.solvers)(Slip()).rationale}"
        else:
            ending = f"Result: {item.answer}"
        yield f"{family.description}\nQuestion: {question}\n{ending}"

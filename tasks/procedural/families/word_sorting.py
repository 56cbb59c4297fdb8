"""Word sorting: a few words put in the order of the alphabet."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip

# One word a letter, in order.
WORDS = (
    "arm", "bed", "cup", "desk", "egg", "flag", "gate", "hill", "ink", "jar",
    "key", "lamp", "moon", "nest", "oak", "pen", "queen", "rope", "salt", "tree",
)  # fmt: skip

TEMPLATES: dict[Wording, tuple[str, ...]] = {
    "seen": (
        "Sort these words: {words}",
        "Put in order: {words}",
        "Here are some words: {words}. Sort them.",
        "Say these in order from first to last: {words}",
    ),
    "mild": (
        "Put these words in order: {words}",
        "Here are some words: {words}. Put these in order.",
        "Sort these from first to last: {words}",
    ),
    "held_out": (
        "These words are to be put in order: {words}",
        "Here are {words}. Put them in order.",
        "Say {words} from first to last.",
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    words = _draw(rng, size)
    number = rng.randrange(len(TEMPLATES[wording]))
    told = ", ".join(words)
    return Item(
        family="word_sorting",
        question=TEMPLATES[wording][number].format(words=told),
        content=told,
        template=f"word_sorting/{wording}-{number}",
        answer=" ".join(sorted(words)),
        solvers=(partial(_insert, words), partial(_select, words)),
    )


def _draw(rng: random.Random, size: int) -> tuple[str, ...]:
    """Words that are not in order yet."""
    while True:
        words = tuple(rng.sample(WORDS, size))
        if list(words) != sorted(words):
            return words


def _insert(words: tuple[str, ...], slip: Slip) -> Derivation:
    done = [words[0]]
    steps = [f"{words[0]}."]
    for word in words[1:]:
        right = sum(w < word for w in done)
        done.insert(slip(right, range(len(done) + 1)), word)
        steps.append(f"{word} goes in: {', '.join(done)}.")
    return Derivation(" ".join(steps), f"insert: {', '.join(words)}", " ".join(done))


def _select(words: tuple[str, ...], slip: Slip) -> Derivation:
    left = list(words)
    steps, done = [], []
    while len(left) > 1:
        first = slip(min(left), left)
        steps.append(f"First of {', '.join(left)} is {first}.")
        left.remove(first)
        done.append(first)
    steps.append(f"Last is {left[0]}.")
    return Derivation(" ".join(steps), f"select: {', '.join(words)}", " ".join([*done, left[0]]))


WORD_SORTING = Family(
    name="word_sorting",
    description="Put words in the order of the alphabet.",
    skill="order",
    role="ind",
    answer_type="word_list",
    answers=(),
    sizes=(3, 4),
    generate=_generate,
)

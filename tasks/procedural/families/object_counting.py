"""Object counting: how many things of one kind there are among others."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import listed, running_sum

KINDS = {
    "fruits": ("apples", "plums", "pears", "figs", "melons"),
    "animals": ("cows", "dogs", "cats", "pigs", "hens"),
    "toys": ("dolls", "kites", "balls", "tops", "drums"),
}
KIND_OF = {thing: kind for kind, things in KINDS.items() for thing in things}
Entry = tuple[int, str]

TEMPLATES: dict[Wording, tuple[str, ...]] = {
    "seen": (
        "There are {things}. How many {kind} are there?",
        "I see {things}. How many {kind} do I see?",
        "Bob has {things}. How many {kind} has he?",
        "In the house are {things}. Count the {kind}.",
    ),
    "mild": (
        "There are {things}. How many {kind} do I see?",
        "I see {things}. Count the {kind}.",
        "In the house are {things}. How many {kind} are there?",
    ),
    "held_out": (
        "How many {kind} are there in the house? I see {things}.",
        "Count how many {kind} Bob has. He has {things}.",
        "I have {things}. I count the {kind}. How many are there?",
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    kind, entries = _draw(rng, size)
    number = rng.randrange(len(TEMPLATES[wording]))
    named = [f"{count} {thing}" for count, thing in entries]
    return Item(
        family="object_counting",
        question=TEMPLATES[wording][number].format(things=listed(named), kind=kind),
        content=f"{kind} of {', '.join(named)}",
        template=f"object_counting/{wording}-{number}",
        answer=str(sum(count for count, thing in entries if KIND_OF[thing] == kind)),
        solvers=(partial(_one_by_one, kind, entries), partial(_all_but, kind, entries)),
    )


def _draw(rng: random.Random, size: int) -> tuple[str, tuple[Entry, ...]]:
    kind = rng.choice(tuple(KINDS))
    others = [thing for thing in KIND_OF if KIND_OF[thing] != kind]
    wanted = rng.randint(2, min(size - 1, len(KINDS[kind])))
    things = rng.sample(KINDS[kind], wanted) + rng.sample(others, size - wanted)
    rng.shuffle(things)
    return kind, tuple((rng.randint(2, 5), thing) for thing in things)


def _one_by_one(kind: str, entries: tuple[Entry, ...], slip: Slip) -> Derivation:
    total = 0
    steps = []
    for count, thing in entries:
        if KIND_OF[thing] == kind:
            result = slip.number(total + count)
            steps.append(f"{thing} are {kind}: {total} + {count} = {result}.")
            total = result
        else:
            steps.append(f"{thing} are {KIND_OF[thing]}: {total}.")
    path = f"one by one: {', '.join(thing for _, thing in entries)}"
    return Derivation(" ".join(steps), path, str(total))


def _all_but(kind: str, entries: tuple[Entry, ...], slip: Slip) -> Derivation:
    others = [(count, thing) for count, thing in entries if KIND_OF[thing] != kind]
    all_text, everything = running_sum([count for count, _ in entries], slip)
    rest_text, rest = running_sum([count for count, _ in others], slip)
    answer = slip.number(everything - rest)
    named = ", ".join(thing for _, thing in others)
    rationale = (
        f"All: {all_text}. Not {kind}: {named}, {rest_text}. {everything} - {rest} = {answer}."
    )
    counts = " ".join(str(count) for count, _ in entries)
    return Derivation(rationale, f"all but: {counts} without {named}", str(answer))


OBJECT_COUNTING = Family(
    name="object_counting",
    description="Count the things of one kind.",
    skill="counting",
    role="ind",
    answer_type="number",
    answers=(),
    sizes=(3, 4),
    generate=_generate,
)

"""Which of CasCoD's five changes carries its difference to Std-CoT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import Literal

from reports.logs.run_data import RunData
from reports.logs.system import System
from reports.rendering.as_json import flat
from reports.statistics.contrast import Contrast, combine
from reports.statistics.multiplicity import benjamini_hochberg
from reports.statistics.weights import ROLES

EffectKind = Literal["alone", "together", "step"]
Ingredients = frozenset[str]

# What training varies; these are crossed behind the cascade's prompt and in two stages.
TRAINING = ("weights", "eos", "cue_loss")
ASKING = ("one_stage", "plain_prompt")
TITLES = {
    "weights": "segment-mean weights",
    "eos": "EOS after the rationale",
    "cue_loss": "loss on the cue",
    "one_stage": "asked in one stage",
    "plain_prompt": "plain prompt",
}
# From Std-CoT to CasCoD, one change at a time.
STEPS = (
    ("Std-CoT", frozenset({"cue_loss", "one_stage", "plain_prompt"})),
    ("the cascade's prompt", frozenset({"cue_loss", "one_stage"})),
    ("asked in two stages", frozenset({"cue_loss"})),
    ("segment-mean weights", frozenset({"cue_loss", "weights"})),
    ("EOS after the rationale", frozenset({"cue_loss", "weights", "eos"})),
    ("no loss on the cue: CasCoD", frozenset({"weights", "eos"})),
)
NOT_ESTIMABLE = (
    "What asking changes for a student that learned EOS after the rationale, or no cue, cannot be "
    "estimated: asked in one stage it would never reach an answer. EOS and the first token of the "
    "cue want the same label, so the loss on the cue starts at its second token where both are on. "
    "The steps add up to the whole, but another order of steps would share it out differently."
)


@dataclass(frozen=True, slots=True)
class EffectRow:
    """How much accuracy changes with one ingredient, in-domain or out-of-domain.

    "alone": its mean effect over `pairs` of methods that differ in nothing else; "together": how
    much larger it is where a second one is there, too; "step": one change on the way from Std-CoT
    to CasCoD. `p_adjusted`: Benjamini and Hochberg's among a student's.
    """

    student: str
    kind: EffectKind
    name: str
    on: str
    contrast: Contrast = field(metadata=flat("value", "lower", "upper", "p", "claim"))
    p_adjusted: float
    pairs: int


# A linear combination of methods: coefficient by ingredients.
Combination = dict[Ingredients, float]


def effect_rows(run: RunData) -> Iterator[EffectRow]:
    """All effects that a run's composed methods allow, for each student; none where there are no
    pairs.
    """
    for student in dict.fromkeys(system.student for system in run.systems):
        systems = _composed(system for system in run.systems if system.student == student)
        rows = [
            row
            for kind, name, combination, pairs in _combinations(frozenset(systems))
            for row in _estimated(run, student, systems, kind, name, combination, pairs)
        ]
        adjusted = benjamini_hochberg([row.contrast.p for row in rows])
        yield from (replace(row, p_adjusted=p) for row, p in zip(rows, adjusted, strict=True))


def _composed(systems: Iterable[System]) -> dict[Ingredients, System]:
    """The systems composed of ingredients, as evaluation wrote them; of two settings of one the
    first.
    """
    found: dict[Ingredients, System] = {}
    for system in systems:
        words = system.runs[0].info.get("ingredients")
        if words is not None:
            found.setdefault(frozenset(words), system)
    return found


def _combinations(
    present: frozenset[Ingredients],
) -> Iterator[tuple[EffectKind, str, Combination, int]]:
    for word in (*TRAINING, *ASKING):
        without = [s for s in _context(present, word) if word not in s and s | {word} in present]
        if without:
            found: Combination = {}
            for words in without:
                found[words | {word}] = 1 / len(without)
                found[words] = -1 / len(without)
            yield "alone", TITLES[word], found, len(without)
    for first, second in combinations(TRAINING, 2):
        both = {first, second}
        bare = [
            s
            for s in _context(present, first)
            if not both & s and {s | {first}, s | {second}, s | both} <= present
        ]
        if bare:
            found = {}
            for words in bare:
                share = 1 / len(bare)
                found |= {words | both: share, words: share}
                found |= {words | {first}: -share, words | {second}: -share}
            yield "together", f"{TITLES[first]} × {TITLES[second]}", found, len(bare)
    if {words for _, words in STEPS} <= present:
        for (_, before), (name, after) in pairwise(STEPS):
            yield "step", name, {after: 1.0, before: -1.0}, 1
        yield "step", "CasCoD − Std-CoT, whole", {STEPS[-1][1]: 1.0, STEPS[0][1]: -1.0}, 1


def _context(present: frozenset[Ingredients], word: str) -> list[Ingredients]:
    """The methods among which an ingredient is varied: asking aside for training, the prompt for
    asking.
    """
    aside = {"plain_prompt"} if word == "one_stage" else set() if word in ASKING else set(ASKING)
    return sorted((words for words in present if not aside & words), key=sorted)


def _estimated(
    run: RunData,
    student: str,
    systems: Mapping[Ingredients, System],
    kind: EffectKind,
    name: str,
    combination: Combination,
    pairs: int,
) -> Iterator[EffectRow]:
    for on in ROLES:
        selection = run.asked([systems[words] for words in combination], on)
        if selection is None:
            continue
        outcomes = [system.correct for system in selection.systems]
        shares = combination.values()
        found = combine(list(zip(shares, outcomes, strict=True)), selection.design)
        yield EffectRow(student, kind, name, on, found, p_adjusted=found.p, pairs=pairs)

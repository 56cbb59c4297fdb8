"""A rationale's quality: a score in [0, 1], the reasons for it, and the first wrong step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from tasks.problem import AnswerType
from tasks.quality.agreement import agreement
from tasks.quality.chain import Chain, Finding, Opinion
from tasks.quality.checks import conclusion, equations, given_away, grounding, wording
from tasks.quality.steps import steps_of
from tasks.quality.verification import verified
from tasks.quality.wrong_step import WrongStep
from tasks.records.record import CoTRecord, record_problems

VERIFIED = "steps"
AGREEMENT = "agreement"
# What is left of a score after a finding; `docs/quality.md` says how well each check tells.
CHECKS: dict[str, tuple[Callable[[Chain], Finding | None], float]] = {
    "conclusion": (conclusion.check, 0.3),
    "equations": (equations.check, 0.3),
    "given away": (given_away.check, 0.5),
    "numbers": (grounding.check_numbers, 0.6),
    "names": (grounding.check_names, 0.7),
    "options": (grounding.check_options, 0.5),
    "repetition": (wording.check_repetition, 0.5),
    "cut off": (wording.check_end, 0.3),
    "language": (wording.check_language, 0.5),
}
READ_BY_VERIFIERS = {"equations", "given away"}
AFTER_WRONG_STEP = 0.1
DISAGREEING = 0.1  # what is left of a chain nears this, the more others disagree with it


@dataclass(frozen=True, slots=True)
class Quality:
    """What the checks say of one chain.

    `factors` holds, by check, what each finding leaves of the score. `verifier` is the one that
    executed the steps, "" if none could.
    """

    score: float
    steps: tuple[str, ...]
    wrong: WrongStep | None
    reasons: tuple[str, ...]
    factors: dict[str, float]
    verifier: str = ""

    def row(self, record_id: str) -> dict[str, Any]:
        """The row of `cascod quality --json`; steps count from 0."""
        return {
            "id": record_id,
            "score": round(self.score, 4),
            "steps": list(self.steps),
            "first_wrong_step": self.wrong.step if self.wrong else None,
            "reasons": list(self.reasons),
        }


def assess_records(
    records: Sequence[CoTRecord], opinions: Sequence[Sequence[Opinion]] | None = None
) -> list[Quality]:
    """The quality of every record's rationale; the gold answers are not looked at.

    Records that ask the same question are taken for several chains of it. `opinions` holds those of
    models on every record, where any were asked.
    """
    chains = list(map(_chain_of, records, (p.answer_type for p in record_problems(records))))
    heard = opinions or [()] * len(chains)
    return [assess(*each) for each in zip(chains, agreement(chains), heard, strict=True)]


def assess(chain: Chain, share: float | None = None, opinions: Sequence[Opinion] = ()) -> Quality:
    """The quality of one chain; `share` of its question's chains have its answer."""
    found = [
        Opinion(name, leaves, finding)
        for name, (check, leaves) in CHECKS.items()
        if (finding := check(chain))
    ]
    executed = verified(chain.question, chain.steps)
    if executed:  # a verifier reads steps with more knowledge: a first one may name where to begin
        found = [each for each in found if each.check not in READ_BY_VERIFIERS]
    found += opinions
    factors = {each.check: each.leaves for each in found}
    reasons = [f"{each.check}: {each.finding.reason}" for each in found]
    candidates = [each.finding.wrong for each in found if each.finding.wrong]
    if executed and (wrong := executed[1]):
        candidates = [wrong]
        factors[VERIFIED] = AFTER_WRONG_STEP
        reasons.insert(0, f"{VERIFIED}: {wrong.reason} ({executed[0]}, step {wrong.step + 1})")
    if share is not None and share < 1:
        factors[AGREEMENT] = DISAGREEING + (1 - DISAGREEING) * share
        reasons.append(f"{AGREEMENT}: {share:.0%} of the question's chains have this answer")
    return Quality(
        score=prod(factors.values()),
        steps=chain.steps,
        wrong=min(candidates, key=lambda wrong: wrong.step, default=None),
        reasons=tuple(reasons),
        factors=factors,
        verifier=executed[0] if executed else "",
    )


def first_wrong_step(chain: Chain) -> WrongStep | None:
    """The wrong step that `assess` finds, without the checks that locate none."""
    executed = verified(chain.question, chain.steps)
    if executed and executed[1]:
        return executed[1]
    checks = [conclusion.check] if executed else [conclusion.check, equations.check]
    found = [finding.wrong for check in checks if (finding := check(chain)) and finding.wrong]
    return min(found, key=lambda wrong: wrong.step, default=None)


def _chain_of(record: CoTRecord, answer_type: AnswerType) -> Chain:
    return Chain(
        question=record.asked,
        steps=tuple(steps_of(record.rationale)),
        answer=record.teacher_answer,
        answer_type=answer_type,
        options=record.options,
        is_cut=record.is_cut,
    )

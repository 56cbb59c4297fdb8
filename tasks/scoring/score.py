"""Whether a completion is right, by one of three rules.

strict (ours): the answer is what follows the cue, read by the task's answer type; without a cue
only a completion that is nothing but an answer counts. What is thought inside a thinking block
announces nothing: the answer is looked for outside, and a block that does not end is a completion
cut off before it answered. reference: the CasCoD paper's own code,
faults included. exact: what follows the first cue, up to the line's end and without its final
stop, equals the gold to the letter; many published accuracies are computed that way. A question
that brings a verifier of its own is scored by that one, whatever the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tasks.problem import AnswerType
from tasks.scoring.answer_text import first_line, first_sentence, free_text, plain
from tasks.scoring.answer_types import binary_pair
from tasks.scoring.answers import Form, read_answer, read_bare_answer
from tasks.scoring.cues import first_cue_line, split_at_cue
from tasks.scoring.numerals import is_fraction
from tasks.scoring.reference_rule import read_gold, read_prediction, reference_correct
from tasks.scoring.verifier import is_right

Rule = Literal["strict", "reference", "exact"]
RULES: tuple[Rule, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class Score:
    """A completion's answer in normal form (None: no single answer) and whether it is right.

    `unfinished_thought`: there is none since the completion ends while it thinks; told by the
    strict rule alone.
    """

    parsed: str | None
    parse_ok: bool
    correct: bool
    unfinished_thought: bool = False


def score(
    completion: str,
    golds: Sequence[str],
    answer_type: AnswerType,
    *,
    task: str = "",
    options: Sequence[str] = (),
    rule: Rule = "strict",
    verifier: str = "",
) -> Score:
    """Score a completion against every gold that counts as right.

    `options` holds the option texts of a choice in the order shown; `task` matters to the
    reference rule alone; `verifier` is `tasks.problem.Problem.verifier`.
    """
    if verifier:
        return _verified(completion, golds[0], verifier)
    match rule:
        case "strict":
            return _strict(completion, golds, answer_type, options)
        case "reference":
            return _reference(completion, golds, task, options)
        case "exact":
            return _exact(completion, golds)


def _strict(
    completion: str, golds: Sequence[str], answer_type: AnswerType, options: Sequence[str]
) -> Score:
    split = split_at_cue(completion)
    if split.unfinished_thought:
        return Score(None, False, False, unfinished_thought=True)
    form = _form(answer_type, golds, options)
    right = {read_answer(gold, form, options) for gold in golds}
    if split.answer is None:
        parsed = read_bare_answer(split.uncued, form, options)
    else:
        parsed = read_answer(split.answer, form, options)
        if form == "free_text" and parsed not in right:
            # A first sentence that is the gold is an answer with words added; else all of it is.
            opening = free_text(first_sentence(first_line(plain(split.answer))))
            parsed = opening if opening in right else parsed
    correct = parsed is not None and parsed in right
    if parsed is not None and answer_type == "yes_no" and (pair := binary_pair(golds)):
        parsed = pair[parsed == "no"]
    return Score(parsed, parsed is not None, correct)


def _verified(completion: str, gold: str, verifier: str) -> Score:
    """The answer has one line, or as many as there are where the gold has several.

    It is verified as it is read and as it stands: a grid of "_" looks like mark-up.
    """
    split = split_at_cue(completion)
    if split.unfinished_thought:
        return Score(None, False, False, unfinished_thought=True)
    said = (split.uncued if split.answer is None else split.answer).strip()
    stands = completion[split.answer_start or 0 :].strip()
    if "\n" not in gold:
        said, stands = first_line(said), first_line(stands)
    candidates = dict.fromkeys((said, said.removesuffix("."), stands))
    right = next((each for each in candidates if each and is_right(verifier, each)), None)
    if right is not None:
        return Score(right, True, True)
    announced = split.answer or read_bare_answer(said, "free_text")
    return Score(said, True, False) if said and announced else Score(None, False, False)


def _form(answer_type: AnswerType, golds: Sequence[str], options: Sequence[str]) -> Form:
    """How answers are read: by their type, but for golds that are no option, or that are
    fractions.
    """
    if answer_type == "choice" and not any(read_answer(g, "choice", options) for g in golds):
        return "free_text"
    if answer_type == "number" and any(map(is_fraction, map(plain, golds))):
        return "fraction"
    return answer_type


def _reference(completion: str, golds: Sequence[str], task: str, options: Sequence[str]) -> Score:
    prediction = read_prediction(completion)
    parsed = prediction.choice or prediction.rest
    correct = any(reference_correct(prediction, read_gold(gold, options), task) for gold in golds)
    return Score(parsed, parsed is not None, correct)


def _exact(completion: str, golds: Sequence[str]) -> Score:
    line = first_cue_line(completion)
    if line is None:
        return Score(None, False, False)
    answer = line.strip(": \t").removesuffix(".")
    return Score(answer, True, answer in golds)

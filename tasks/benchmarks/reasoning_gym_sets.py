"""The data sets of reasoning_gym (Stojanovski et al. 2025, arXiv:2505.24760) as problems."""

from __future__ import annotations

import json
import re
from typing import Any

from tasks.errors import UserError
from tasks.files import yaml_value
from tasks.problem import Problem
from tasks.scoring.verifier import DrawnSet, drawn

DESCRIPTION = "Solve the puzzle; give the answer in the form that is asked for."

_BETWEEN_SETTINGS = re.compile(r",(?![^\[]*\])")


def set_problems(name: str, settings: str, seed: int, items: int) -> list[Problem]:
    """The first `items` questions of a data set, drawn with `settings` such as
    "min_terms=4,max_terms=6".
    """
    drawing = DrawnSet(name, json.dumps(_parsed(settings), sort_keys=True), seed, items)
    questions = drawn(drawing)
    try:
        return [_problem(questions[place], drawing, place) for place in range(items)]
    except (AssertionError, IndexError, TypeError, ValueError) as error:
        raise UserError(f"reasoning_gym: {name} cannot be drawn so ({error})") from None


def _problem(entry: dict[str, Any], drawing: DrawnSet, place: int) -> Problem:
    where = f"{drawing.name}/{drawing.seed}/{place}"
    gold = entry["answer"]
    return Problem(
        id=where,
        task=drawing.name,
        description=DESCRIPTION,
        question=entry["question"].strip(),
        # Some sets give no answer of their own; of two such items none has the other's.
        golds=(f"no gold answer to {where}" if gold is None else str(gold),),
        answer_type="free_text",
        cluster=where,
        verifier=drawing.verifier(place),
    )


def _parsed(settings: str) -> dict[str, Any]:
    """`KEY=VALUE` parts between commas, the values in YAML."""
    parsed = {}
    for part in filter(None, _BETWEEN_SETTINGS.split(settings)):
        key, equals, value = part.partition("=")
        if not equals or not key.isidentifier():
            raise UserError(f"reasoning_gym: {part!r} is no setting; expected KEY=VALUE")
        parsed[key] = yaml_value(value, f"reasoning_gym: {key}")
    return parsed

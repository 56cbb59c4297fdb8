"""Answers scored by whoever drew the question: the data sets of the package reasoning_gym.

Each of its data sets draws questions from a seed and brings a verifier of its own, which knows more
than one right answer where there are several. A question is named by the set it was drawn in and
its place, and drawn again to be verified, so that nothing of it must survive in a log. A few of
the package's verifiers evaluate what they are given as Python (n_queens): ask only students that
you would run code of.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tasks.errors import UserError

PACKAGE = "reasoning-gym"


@dataclass(frozen=True, slots=True)
class DrawnSet:
    """A data set as drawn: its name, settings of its own as a JSON object, seed and size.

    What some sets draw at a place depends on their size.
    """

    name: str
    settings: str
    seed: int
    size: int

    def verifier(self, place: int) -> str:
        """The text that names one of its questions to `is_right`."""
        return json.dumps(asdict(self) | {"place": place}, sort_keys=True)


@lru_cache(maxsize=32)
def drawn(drawing: DrawnSet) -> Any:
    """The package's own data set; UserError where it is missing, unknown or wrongly set."""
    try:
        from reasoning_gym.factory import DATASETS, create_dataset
    except ImportError:
        raise UserError(
            f"reasoning_gym: the package is not installed; pip install 'cascod-bench[{PACKAGE}]'"
        ) from None
    if drawing.name not in DATASETS:
        nearest = get_close_matches(drawing.name, DATASETS, n=3)
        hint = f"; did you mean {', '.join(nearest)}?" if nearest else ""
        raise UserError(f"reasoning_gym: it has no data set {drawing.name!r}{hint}")
    settings = json.loads(drawing.settings)
    try:
        return create_dataset(drawing.name, seed=drawing.seed, size=drawing.size, **settings)
    except (AssertionError, TypeError, ValueError) as error:
        raise UserError(f"reasoning_gym: {drawing.name} cannot be drawn so ({error})") from None


def is_right(verifier: str, answer: str) -> bool:
    """Whether the set's own verifier gives the answer its full score."""
    named = json.loads(verifier)
    place = named.pop("place")
    questions = drawn(DrawnSet(**named))
    try:
        return float(questions.score_answer(answer, questions[place])) >= 1.0
    except Exception:  # a verifier that breaks on a student's text has not found it right
        return False

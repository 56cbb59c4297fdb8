"""How far out of domain: can the suite's questions be told from the training questions?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.rendering.as_json import flat
from reports.statistics.intervals import Interval
from reports.statistics.levels import CONFIDENCE
from tasks.problem import Problem
from tasks.records.wording import words

FOLDS = 5
MOST = 2000  # questions of a side
TOLD = 12  # words of a side that are told
FEWEST_QUESTIONS = 3  # that a word stands in
REPLICATES = 500


@dataclass(frozen=True, slots=True)
class Apart:
    """The area under the curve of a classifier that tells the suite's questions from the training
    questions: 0.5 where it cannot, 1 where it always can; and the words that tell, the strongest
    first.
    """

    auc: Interval = field(metadata=flat(value="auc", lower="lower", upper="upper"))
    items: int
    trained: int
    suite_words: tuple[str, ...]
    training_words: tuple[str, ...]


def apart(
    items: Sequence[Problem], trained: Sequence[Problem], rng: np.random.Generator
) -> Apart | None:
    """Logistic regression on words and word pairs, in 5 folds that keep clusters whole, over at
    most `MOST` questions a side.

    The interval is a bootstrap over clusters. None where a side has fewer than 5 clusters.
    """
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    sides = [_part(side, rng) for side in (trained, items)]
    if min(len({problem.cluster for problem in side}) for side in sides) < FOLDS:
        return None
    texts = np.array([p.question for side in sides for p in side], dtype=object)
    of_suite = np.repeat([0, 1], [len(side) for side in sides])
    groups = np.array([f"{n} {p.cluster}" for n, side in enumerate(sides) for p in side])
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=int(rng.integers(2**31)))
    model = _classifier(1)
    score = cross_val_predict(
        model, texts, of_suite, groups=groups, cv=folds, method="decision_function"
    )
    told = _classifier(min(FEWEST_QUESTIONS, len(sides[1]) // FOLDS))
    told.fit(texts, of_suite)
    names, weights = told[0].get_feature_names_out(), told[1].coef_[0]
    order = np.argsort(weights)
    return Apart(
        auc=_interval(score, of_suite, groups, rng),
        items=len(sides[1]),
        trained=len(sides[0]),
        suite_words=tuple(str(names[i]) for i in order[::-1][:TOLD] if weights[i] > 0),
        training_words=tuple(str(names[i]) for i in order[:TOLD] if weights[i] < 0),
    )


def area(score: NDArray[np.float64], positive: NDArray[np.int64]) -> float:
    """The area under the ROC curve (scores and labels (n,)): the Mann-Whitney statistic."""
    from scipy.stats import rankdata

    ones = int(positive.sum())
    ranks = rankdata(score)[positive == 1].sum()
    return float((ranks - ones * (ones + 1) / 2) / (ones * (len(positive) - ones)))


def _part(side: Sequence[Problem], rng: np.random.Generator) -> list[Problem]:
    if len(side) <= MOST:
        return list(side)
    return [side[place] for place in sorted(rng.choice(len(side), MOST, replace=False))]


def _classifier(fewest: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        # The words of scripts without spaces are their characters.
        TfidfVectorizer(
            tokenizer=words,
            token_pattern=None,
            lowercase=False,
            ngram_range=(1, 2),
            min_df=max(1, fewest),
            sublinear_tf=True,
        ),
        LogisticRegression(max_iter=1000, class_weight="balanced"),
    )


def _interval(
    score: NDArray[np.float64],
    positive: NDArray[np.int64],
    groups: NDArray[np.str_],
    rng: np.random.Generator,
) -> Interval:
    """The area with the percentiles of areas of clusters drawn again, side by side."""
    members: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(str(group), []).append(place)
    sides = [
        [np.array(at) for at in members.values() if positive[at[0]] == side] for side in (0, 1)
    ]
    areas = []
    for _ in range(REPLICATES):
        drawn = np.concatenate(
            [side[n] for side in sides for n in rng.integers(len(side), size=len(side))]
        )
        areas.append(area(score[drawn], positive[drawn]))
    lower, upper = np.quantile(areas, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    value = area(score, positive)
    return Interval(value, min(value, float(lower)), max(value, float(upper)))

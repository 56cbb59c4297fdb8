"""How well the words of a question predict its answer, without any reasoning."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from reports.rendering.as_json import flat, named
from reports.statistics.contrast import Contrast, compare
from reports.statistics.item_design import item_design
from reports.statistics.levels import LEVEL
from tasks.records.clusters import question_clusters

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Predictability:
    """Cross-validated accuracies on a task's questions: its commonest answer, and a bag of words.

    `contrast`: the paired difference bag of words - majority, by cluster. `p_adjusted`: Holm's
    among the tasks of an audit.
    """

    task: str
    questions: int
    answers: int
    majority: float
    bag_of_words: float
    contrast: Contrast = field(metadata=flat("value", "lower", "upper"))
    p_adjusted: float = field(metadata=named("p"))

    @property
    def gives_away(self) -> bool:
        """Whether words predict the task's answers better than the commonest answer does."""
        return self.p_adjusted < LEVEL and self.contrast.value > 0


def predictability(
    task: str,
    questions: Sequence[str],
    answers: Sequence[str],
    clusters: Sequence[str],
    rng: np.random.Generator,
) -> Predictability | None:
    """Logistic regression on words and word pairs, in 5 folds that keep clusters whole.

    All of length n, of one task with a closed set of answers; a question asked twice, or nearly so,
    is one cluster. None where folds cannot be filled: fewer than 5 clusters, or fewer than 2
    answers that occur 5 times.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    text, right = np.array(questions, dtype=object), np.array(answers)
    groups = np.array(question_clusters([task] * len(questions), questions, clusters))
    frequent = (np.unique(right, return_counts=True)[1] >= FOLDS).sum()
    if len(set(groups.tolist())) < FOLDS or frequent < 2:
        return None
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=int(rng.integers(2**31)))
    words = make_pipeline(
        CountVectorizer(binary=True, ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]"),
        LogisticRegression(max_iter=1000),
    )
    with warnings.catch_warnings():
        # A fold may lack an answer; that costs accuracy, it is no fault of the user's.
        warnings.simplefilter("ignore")
        hits = [
            cross_val_predict(model, text, right, groups=groups, cv=folds) == right
            for model in (words, DummyClassifier(strategy="most_frequent"))
        ]
    design = item_design([task] * len(right), [str(g) for g in groups], {task: 1.0})
    found = compare(hits[0][None], hits[1][None], design)
    return Predictability(
        task=task,
        questions=len(right),
        answers=len(set(answers)),
        majority=float(hits[1].mean()),
        bag_of_words=float(hits[0].mean()),
        contrast=found,
        p_adjusted=found.p,
    )

"""What the answers give away to one who has not understood the question."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reports.hint_audit.bag_of_words import FOLDS, predictability
from reports.hint_audit.competency import is_closed
from reports.statistics.intervals import Interval, accuracy
from reports.statistics.item_design import item_design
from reports.statistics.levels import LEVEL
from tasks.problem import Problem
from tasks.scoring.answers import read_answer
from tasks.scoring.option_list import option_label

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Position:
    """How often the right answer stands at a place among the options, or is a class of its own.

    `expected` is its share if all places, or classes, were as likely.
    """

    label: str
    items: int
    share: float
    expected: float


@dataclass(frozen=True, slots=True)
class Balance:
    """The right answers of one kind: places of options, or the classes of closed answers.

    `p`: of a chi-squared test that all are as likely, its distribution drawn; a small one says that
    they are not.
    """

    kind: str
    positions: tuple[Position, ...]
    p: float

    @property
    def uneven(self) -> bool:
        """Whether the answers are further from even than chance allows."""
        return self.p < LEVEL


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A way to answer without understanding: what it scores, and what guessing would.

    For words of questions, cross-validated as in `cascod audit`, that is the commonest answer, and
    the interval is that of the difference. One that is `fitted` was chosen by the very answers that
    it is scored on. Intervals go by cluster.
    """

    name: str
    items: int
    accuracy: Interval
    guessing: float
    fitted: bool = False

    @property
    def works(self) -> bool:
        """Whether it scores more than guessing does; a fitted one always may."""
        return not self.fitted and self.accuracy.lower > self.guessing


def balances(items: Sequence[Problem], rng: np.random.Generator) -> list[Balance]:
    """Where the right options stand, and how often each class of closed answers is right."""
    found = []
    placed = [(at, len(item.options)) for item in items if (at := _place(item)) is not None]
    if placed:
        found.append(_balance("options", placed, option_label, rng))
    said = [
        answer
        for item in items
        if item.answer_type == "yes_no" and (answer := read_answer(item.golds[0], "yes_no"))
    ]
    if said:
        classes = ["yes", "no"]
        found.append(
            _balance("yes or no", [(classes.index(a), 2) for a in said], classes.__getitem__, rng)
        )
    return found


def shortcuts(items: Sequence[Problem], rng: np.random.Generator) -> list[Shortcut]:
    """What a constant answer, the longest option, and bags of words of options or questions
    score.
    """
    by_task: dict[str, list[Problem]] = defaultdict(list)
    for item in items:
        by_task[item.task].append(item)
    commonest = {task: _commonest(part) for task, part in by_task.items()}
    always = [commonest[item.task] in _golds(item) for item in items]
    constant = _shortcut("the commonest answer of each task", always, items)
    found = [replace(constant, fitted=True)]
    if chosen := [item for item in items if _place(item) is not None]:
        found.append(_shortcut("the longest option", map(_is_longest, chosen), chosen))
        if by_words := _by_options_alone(chosen, rng):
            found.append(_shortcut("words of the options alone", by_words, chosen))
    for task, part in by_task.items():
        answers = [item.golds[0].strip() for item in part]
        questions, clusters = [i.question for i in part], [i.cluster for i in part]
        if is_closed(answers) and (told := predictability(task, questions, answers, clusters, rng)):
            score = Interval(
                told.bag_of_words,
                max(0.0, told.majority + told.contrast.lower),
                min(1.0, told.majority + told.contrast.upper),
            )
            name = f"words of the questions of {task}"
            found.append(Shortcut(name, told.questions, score, told.majority))
    return found


def _commonest(items: Sequence[Problem]) -> str:
    return Counter(gold for item in items for gold in sorted(_golds(item))).most_common(1)[0][0]


def _golds(item: Problem) -> set[str]:
    return {gold.strip() for gold in item.golds}


def _shortcut(name: str, hits: Iterable[float], items: Sequence[Problem]) -> Shortcut:
    """A shortcut by what it scores on each of these items, all weighing the same."""
    everything = "items"
    design = item_design(
        [everything] * len(items), [item.cluster for item in items], {everything: 1.0}
    )
    guessing = sum(map(_guess, items)) / len(items)
    return Shortcut(name, len(items), accuracy(np.array([[*hits]], dtype=float), design), guessing)


def _place(item: Problem) -> int | None:
    """The place of the right option among several; None for other answers."""
    if len(item.options) < 2:
        return None
    label = read_answer(item.golds[0], "choice", item.options)
    labels = [option_label(n) for n in range(len(item.options))]
    return labels.index(label) if label in labels else None


def _guess(item: Problem) -> float:
    if item.options:
        return 1 / len(item.options)
    return 0.5 if item.answer_type == "yes_no" else 0.0


def _is_longest(item: Problem) -> float:
    """1 where the right option is the longest, a part of it where several are."""
    lengths = [len(option) for option in item.options]
    place = _place(item)
    longest = [n for n, length in enumerate(lengths) if length == max(lengths)]
    return 1 / len(longest) if place in longest else 0.0


def _balance(
    kind: str,
    placed: Sequence[tuple[int, int]],
    label: Callable[[int], str],
    rng: np.random.Generator,
) -> Balance:
    sizes = np.array([size for _, size in placed])
    most = int(sizes.max())
    seen = np.bincount([at for at, _ in placed], minlength=most)
    expected = np.array([(1 / sizes[sizes > at]).sum() for at in range(most)])

    def distance(counts: np.ndarray) -> float:
        return float(((counts - expected) ** 2 / expected).sum())

    observed = distance(seen)
    as_far = sum(
        distance(np.bincount(rng.integers(sizes), minlength=most)) >= observed - 1e-9
        for _ in range(DRAWS)
    )
    n = len(placed)
    return Balance(
        kind,
        tuple(
            Position(
                label(at),
                int(seen[at]),
                seen[at] / n,
                expected[at] / n,
            )
            for at in range(most)
        ),
        (as_far + 1) / (DRAWS + 1),
    )


def _by_options_alone(items: Sequence[Problem], rng: np.random.Generator) -> list[bool] | None:
    """Whether the option that its words alone make the likeliest is right, item by item.

    Logistic regression on words of options and their place, clusters whole in 5 folds; None for
    fewer than 5 clusters.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    from tasks.records.wording import words

    if len({item.cluster for item in items}) < FOLDS:
        return None
    texts = np.array([option for item in items for option in item.options], dtype=object)
    right = np.array([n == _place(item) for item in items for n in range(len(item.options))])
    groups = np.array([item.cluster for item in items for _ in item.options])
    folds = GroupKFold(FOLDS, shuffle=True, random_state=int(rng.integers(2**31)))
    model = make_pipeline(
        CountVectorizer(
            binary=True, tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 2)
        ),
        LogisticRegression(max_iter=1000),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            score = cross_val_predict(
                model, texts, right, groups=groups, cv=folds, method="decision_function"
            )
        except ValueError:
            return None  # options without a word
    ends = np.cumsum([len(item.options) for item in items])
    parts = np.split(score, ends[:-1])
    return [int(part.argmax()) == _place(item) for part, item in zip(parts, items, strict=True)]

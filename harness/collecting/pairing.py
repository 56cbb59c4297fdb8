"""Right and wrong chains of one question put together, and what is still missing for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.collecting.budget import Prices
from harness.collecting.chains import Chain
from tasks.records.of_chain import CHAIN, WRONG_CHAIN
from tasks.records.record import CoTRecord, WrongChain


@dataclass(frozen=True, slots=True)
class Pair:
    """A chain, and the wrong one of the same question where it is right and there is one."""

    chain: Chain
    wrong: Chain | None = None

    def record(self, prices: Prices | None) -> CoTRecord:
        """The pair as one record."""
        record = self.chain.record
        assert record is not None
        meta = record.meta | {CHAIN: self.chain.facts(prices)}
        if self.wrong is None:
            return replace(record, meta=meta)
        wrong = self.wrong.record
        assert wrong is not None
        return replace(
            record,
            meta=meta | {WRONG_CHAIN: self.wrong.facts(prices)},
            dual=WrongChain(wrong.rationale, wrong.teacher_answer),
            rectified=self.chain.request.purpose == "hinted",
        )


def paired(firsts: Sequence[Chain]) -> list[Pair]:
    """The first tries, a question's right ones with its wrong ones as far as these go.

    Without those that were cut off or are no record.
    """
    wrong: defaultdict[str, list[Chain]] = defaultdict(list)
    for chain in firsts:
        if chain.may_be_dual:
            wrong[chain.question.id].append(chain)
    used: set[str] = set()
    pairs: dict[str, Pair] = {}
    for chain in firsts:
        if chain.outcome == "right" and (others := wrong[chain.question.id]):
            other = others.pop(0)
            used.add(other.request.key)
            pairs[chain.request.key] = Pair(chain, other)
    return [
        pairs.get(chain.request.key, Pair(chain))
        for chain in firsts
        if chain.record and chain.outcome != "cut" and chain.request.key not in used
    ]


def to_rectify(pairs: Iterable[Pair]) -> Iterator[Chain]:
    """Wrong chains that no right one of their question stands beside."""
    return (pair.chain for pair in pairs if pair.chain.may_be_dual)


def rectified(pairs: Iterable[Pair], hinted: Iterable[Chain]) -> list[Pair]:
    """Wrong chains give way to the hinted one of the same sample, where that is right."""
    right = {(each.question.id, each.sample): each for each in hinted if each.outcome == "right"}

    def now(pair: Pair) -> Pair:
        second = right.get((pair.chain.question.id, pair.chain.sample))
        return Pair(second, pair.chain) if second and pair.chain.may_be_dual else pair

    return [now(pair) for pair in pairs]


def to_contrast(pairs: Iterable[Pair]) -> Iterator[Chain]:
    """Right chains that no wrong one of their question stands beside."""
    return (pair.chain for pair in pairs if pair.chain.outcome == "right" and not pair.wrong)


def contrasted(pairs: Iterable[Pair], spoilt: Iterable[Chain]) -> list[Pair]:
    """Right chains get the one that was written from them, where that is wrong."""
    wrong = {(each.question.id, each.sample): each for each in spoilt if each.may_be_dual}

    def now(pair: Pair) -> Pair:
        other = wrong.get((pair.chain.question.id, pair.chain.sample))
        is_bare = pair.chain.outcome == "right" and not pair.wrong
        return Pair(pair.chain, other) if other and is_bare else pair

    return [now(pair) for pair in pairs]

"""Right and wrong chains of one question put together, and what is still missing for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.collecting.budget import Prices
from harness.collecting.chains import Chain
from tasks.records.record import CoTRecord, WrongChain

# The places of `CoTRecord.meta` for where a record's chain, and the wrong one beside it, come from.
CHAIN, WRONG_CHAIN = "chain", "wrong_chain"


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
    """The first tries, a question's right ones with its wrong ones as far as these go."""
    right, wrong = _by_question(firsts, "right"), _by_question(firsts, "wrong")
    partner = {
        a.request.key: b
        for question, chains in right.items()
        for a, b in zip(chains, wrong[question], strict=False)
    }
    used = {chain.request.key for chain in partner.values()}
    return [
        Pair(chain, partner.get(chain.request.key))
        for chain in firsts
        if chain.record and chain.outcome != "cut" and chain.request.key not in used
    ]


def to_rectify(pairs: Iterable[Pair]) -> Iterator[Chain]:
    """Wrong chains that no right one of their question stands beside."""
    return (pair.chain for pair in pairs if pair.chain.may_be_dual)


def to_contrast(pairs: Iterable[Pair]) -> Iterator[Chain]:
    """Right chains that no wrong one of their question stands beside."""
    return (pair.chain for pair in pairs if pair.chain.outcome == "right" and pair.wrong is None)


def rectified(pairs: Iterable[Pair], hinted: Mapping[tuple[str, int], Chain]) -> list[Pair]:
    """Wrong chains give way to the hinted one of the same sample, where that is right."""
    done = []
    for pair in pairs:
        second = hinted.get(_sample(pair.chain))
        if pair.chain.may_be_dual and second and second.outcome == "right":
            pair = Pair(second, pair.chain)
        done.append(pair)
    return done


def contrasted(pairs: Iterable[Pair], wrong: Mapping[tuple[str, int], Chain]) -> list[Pair]:
    """Right chains get the wrong one that was written from them, where that is wrong."""
    done = []
    for pair in pairs:
        other = wrong.get(_sample(pair.chain))
        if pair.wrong is None and pair.chain.outcome == "right" and other and other.may_be_dual:
            pair = replace(pair, wrong=other)
        done.append(pair)
    return done


def by_sample(chains: Iterable[Chain]) -> dict[tuple[str, int], Chain]:
    """Chains by question and sample."""
    return {_sample(chain): chain for chain in chains}


def _sample(chain: Chain) -> tuple[str, int]:
    return chain.request.question.id, chain.request.sample


def _by_question(chains: Iterable[Chain], outcome: str) -> defaultdict[str, list[Chain]]:
    found: defaultdict[str, list[Chain]] = defaultdict(list)
    for chain in chains:
        if chain.outcome == outcome and (outcome == "right" or chain.may_be_dual):
            found[chain.request.question.id].append(chain)
    return found

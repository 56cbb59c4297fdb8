"""What all reviewers of a record file found: side by side, agreed on or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.reviewing.events import Judged
from harness.reviewing.journal import journal_path, read_journal, reviewers_of
from harness.reviewing.shown_chain import shown_chains
from tasks.records.record import CoTRecord


class Finding(NamedTuple):
    """A judgement and whose it is."""

    reviewer: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class Findings:
    """By record id what reviewers found, each on their own, and whoever was asked afterwards.

    `blind` are those of the first reviewers as they were before a gold answer was shown. `outdated`
    counts judgements of chains that have changed since; they are in none of the others.
    """

    first: dict[str, list[Finding]]
    blind: dict[str, list[Finding]]
    third: dict[str, Finding]
    outdated: int

    @property
    def disagreed(self) -> list[str]:
        """The records that first reviewers judged differently, verdict or step."""
        return [item for item, found in self.first.items() if len(_said(found)) > 1]

    @property
    def open(self) -> list[str]:
        """Those of them that nobody has settled."""
        return [item for item in self.disagreed if item not in self.third]

    def to_adjudicate(self, reviewer: str) -> list[str]:
        """Those that this reviewer, who was none of the first, may settle or has settled."""

        def is_theirs(item: str) -> bool:
            third = self.third.get(item)
            is_first = reviewer in {each.reviewer for each in self.first[item]}
            return not is_first and (third is None or third.reviewer == reviewer)

        return [item for item in self.disagreed if is_theirs(item)]


def read_findings(folder: Path, records: Iterable[CoTRecord]) -> Findings:
    """All journals of a folder, as far as they are about the chains of these records."""
    chains = shown_chains(records)
    first: dict[str, list[Finding]] = {}
    blind: dict[str, list[Finding]] = {}
    third: dict[str, Finding] = {}
    outdated = 0
    for reviewer in reviewers_of(folder):
        judgements = read_journal(journal_path(folder, reviewer))
        blindly = judgements.blind
        for item, judged in judgements.in_force.items():
            if item not in chains or chains[item].fingerprint != judged.chain:
                outdated += 1
            elif judged.adjudicates:
                third[item] = Finding(reviewer, judged)
            else:
                first.setdefault(item, []).append(Finding(reviewer, judged))
                if before := blindly.get(item):
                    blind.setdefault(item, []).append(Finding(reviewer, before))
    return Findings(first, blind, third, outdated)


def counted(findings: Mapping[str, Sequence[Finding]], *, steps: bool) -> NDArray[np.int64]:
    """How many reviewers said what of each record that two or more judged, shape (n, V).

    The V columns are the verdicts, or with `steps` all findings: right, wrong, wrong from step 1,
    and so on.
    """
    said = [
        Counter(each.judged.finding if steps else each.judged.verdict for each in found)
        for found in findings.values()
        if len(found) > 1
    ]
    columns = sorted(set().union(*said))
    return np.array([[row[column] for column in columns] for row in said], dtype=np.int64)


def _said(findings: Sequence[Finding]) -> set[str]:
    return {each.judged.finding for each in findings}

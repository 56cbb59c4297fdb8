"""The lines of a reviewer's journal, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from tasks.records.review import Verdict

Step = Annotated[int, msgspec.Meta(ge=0)]


class Judged(msgspec.Struct, frozen=True, tag="judged", tag_field="event", kw_only=True):
    """A reviewer's judgement of the chain of record `id`.

    `chain` is the fingerprint of what was shown. `first_wrong_step` counts from 0; of a wrong chain
    None says that no step was named. `gold_seen`: the gold answer had been shown before;
    `adjudicates`: others had disagreed. `at` is an ISO time in UTC.
    """

    id: str
    chain: str
    verdict: Verdict
    first_wrong_step: Step | None = None
    note: str = ""
    gold_seen: bool = False
    adjudicates: bool = False
    at: str

    @property
    def finding(self) -> str:
        """The verdict with its step: what two reviewers agree or disagree on."""
        step = self.first_wrong_step
        return self.verdict if step is None else f"{self.verdict} from step {step + 1}"


class Undone(msgspec.Struct, frozen=True, tag="undone", tag_field="event", kw_only=True):
    """The last judgement, of record `id`, is taken back; the one before holds again."""

    id: str
    at: str


class GoldShown(msgspec.Struct, frozen=True, tag="gold shown", tag_field="event", kw_only=True):
    """The reviewer has seen the gold answer of record `id`."""

    id: str
    at: str


Event = Judged | Undone | GoldShown


@dataclass(slots=True)
class Judgements:
    """A journal, summed up: the judgements that were not taken back, and the golds shown."""

    judged: list[Judged] = field(default_factory=list)
    golds: set[str] = field(default_factory=set)

    def take(self, event: Event) -> None:
        """One more line; ValueError where it takes back what is not the last judgement."""
        match event:
            case Judged():
                self.judged.append(event)
            case GoldShown():
                self.golds.add(event.id)
            case Undone():
                if not self.judged or self.judged[-1].id != event.id:
                    raise ValueError("only the last judgement can be taken back")
                self.judged.pop()

    @property
    def in_force(self) -> dict[str, Judged]:
        """The last judgement of each record."""
        return {each.id: each for each in self.judged}

    @property
    def blind(self) -> dict[str, Judged]:
        """The last judgement of each record before its gold answer was shown."""
        return {each.id: each for each in self.judged if not each.gold_seen}

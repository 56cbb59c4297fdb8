"""A reviewer's sitting: what the page may ask for, and what it changes on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock
from typing import Annotated, Any

import msgspec

from harness.reviewing.events import GoldShown, Judged, Step, Undone
from harness.reviewing.journal import Journal
from harness.reviewing.shown_chain import ShownChain
from tasks.records.review import Verdict
from tasks.visible import visible_lines

LONGEST_NOTE = 2000


class Refused(Exception):
    """A request that cannot be served: the HTTP status and the reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page says of a chain."""

    verdict: Verdict
    first_wrong_step: Step | None = None
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""


class Sitting:
    """The chains of one reviewer by their place, from 0; several threads may ask.

    Every change is on disk when its method returns. `golds` are told by `gold` alone.
    """

    def __init__(
        self,
        journal: Journal,
        ids: Sequence[str],
        chains: Mapping[str, ShownChain],
        golds: Mapping[str, str],
        *,
        reviewer: str,
        adjudicates: bool,
    ) -> None:
        self._journal = journal
        self._ids = ids
        self._chains = chains
        self._golds = golds
        self._reviewer = reviewer
        self._adjudicates = adjudicates
        self._lock = Lock()

    def progress(self) -> dict[str, Any]:
        """How far the reviewer is; `undoable` is the place of the last judgement."""
        with self._lock:
            return self._progress()

    def chain(self, place: int) -> dict[str, Any]:
        """What is to be judged, and the judgement if there is one."""
        item = self._item(place)
        with self._lock:
            judged = self._judged().get(item)
        row = self._chains[item].to_json() | {"place": place, "judgement": None}
        if judged is not None:
            names = ("verdict", "first_wrong_step", "note")
            row["judgement"] = {name: getattr(judged, name) for name in names}
        return row

    def judge(self, place: int, said: Said) -> dict[str, Any]:
        """Take down a judgement; the progress after it."""
        item = self._item(place)
        chain = self._chains[item]
        if said.first_wrong_step is not None:
            if said.verdict == "right":
                raise Refused(HTTPStatus.BAD_REQUEST, "a right chain has no wrong step")
            if said.first_wrong_step >= len(chain.steps):
                raise Refused(HTTPStatus.BAD_REQUEST, "the chain has no such step")
        with self._lock:
            self._journal.append(
                Judged(
                    id=item,
                    chain=chain.fingerprint,
                    verdict=said.verdict,
                    first_wrong_step=said.first_wrong_step,
                    note=said.note.strip(),
                    gold_seen=item in self._journal.judgements.golds,
                    adjudicates=self._adjudicates,
                    at=_now(),
                )
            )
            return self._progress()

    def undo(self, place: int) -> dict[str, Any]:
        """Take back the last judgement, which must be that of `place`; the progress after it."""
        item = self._item(place)
        with self._lock:
            if place != self._undoable():
                raise Refused(HTTPStatus.CONFLICT, "this is not the last judgement")
            self._journal.append(Undone(id=item, at=_now()))
            return self._progress()

    def gold(self, place: int) -> dict[str, Any]:
        """The gold answer of a chain that is judged; later judgements of it are not blind."""
        item = self._item(place)
        with self._lock:
            if item not in self._judged():
                raise Refused(HTTPStatus.CONFLICT, "judge it first, then the gold answer is shown")
            if item not in self._journal.judgements.golds:
                self._journal.append(GoldShown(id=item, at=_now()))
        return {"gold": visible_lines(self._golds[item])}

    def _item(self, place: int) -> str:
        if not 0 <= place < len(self._ids):
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such chain")
        return self._ids[place]

    def _judged(self) -> dict[str, Judged]:
        """The judgements in force of chains that are still what was judged."""
        in_force = self._journal.judgements.in_force
        return {
            item: judged
            for item in self._ids
            if (judged := in_force.get(item)) and judged.chain == self._chains[item].fingerprint
        }

    def _undoable(self) -> int | None:
        judged = self._journal.judgements.judged
        return self._ids.index(judged[-1].id) if judged and judged[-1].id in self._ids else None

    def _progress(self) -> dict[str, Any]:
        judged = self._judged()
        return {
            "reviewer": self._reviewer,
            "judged": [item in judged for item in self._ids],
            "undoable": self._undoable(),
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

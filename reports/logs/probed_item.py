"""What probing writes of one item, and reports read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reports.items import Item
from reports.logs.logged_sample import logged_rows


@dataclass(frozen=True, slots=True)
class ProbedItem:
    """For each condition the share of probability of each candidate, in their order.

    `question` is lm-eval's hash of the doc, "" where the log has none.
    """

    suite: str
    role: str
    task: str
    id: str
    cluster: str
    question: str
    gold: str
    candidates: tuple[str, ...]
    probabilities: dict[str, list[float]]

    @property
    def item(self) -> Item:
        """The item that was probed."""
        return Item(
            self.suite, self.role, self.task, self.id, self.cluster, self.question, self.gold
        )

    def to_row(self) -> dict[str, Any]:
        """The fields as they stand in the file."""
        return asdict(self)


def read_probed(path: Path) -> list[ProbedItem]:
    """The items of a file, [] where there is none; UserError with file:line."""
    return [row for _, row in logged_rows(path, ProbedItem)] if path.exists() else []

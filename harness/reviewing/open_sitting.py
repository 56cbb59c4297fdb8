"""From a record file and a reviewer's name to the sitting that is served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.reviewing.findings import read_findings
from harness.reviewing.journal import Journal, journal_path
from harness.reviewing.plan import plan_of, settle, to_judge
from harness.reviewing.shown_chain import shown_chains
from harness.reviewing.sitting import Sitting
from tasks.errors import UserError
from tasks.records.record import CoTRecord


@contextmanager
def open_sitting(
    folder: Path,
    records: Sequence[CoTRecord],
    reviewer: str,
    *,
    wanted: Mapping[str, object],
    adjudicates: bool,
) -> Iterator[Sitting]:
    """The chains that are this reviewer's to judge: those of the plan, or those that others
    disagreed on.

    `wanted` is what was asked of the plan. UserError where there is nothing to judge, or this
    reviewer's page is open already.
    """
    chains = shown_chains(records)
    if adjudicates:
        ids = read_findings(folder, records).to_adjudicate(reviewer)
    else:
        plan = plan_of(folder, wanted)
        ids = to_judge(plan, chains, reviewer)
    if not ids:
        raise UserError(f"--reviewer {reviewer}: there is nothing to judge")
    if not adjudicates:
        settle(folder, plan)
    with Journal(journal_path(folder, reviewer)) as journal:
        yield Sitting(
            journal,
            ids,
            chains,
            {record.id: record.answer for record in records},
            reviewer=reviewer,
            adjudicates=adjudicates,
        )

"""How often each kind of error comes first in a system's rationales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.reasoning.first_error import first_error
from reports.rendering.tables import Entry, Table
from tasks.quality.chain import Chain
from tasks.quality.wrong_step import ERROR_KINDS, ErrorKind

# Outputs of a system that are looked at: enough to tell which kinds are common.
MOST_LOOKED_AT = 1_000
READING = (
    "The first step of a wrong answer's rationale that does not hold. A step can be found wrong "
    "where an equation stands in it, where a verifier knows the kind of question, or where it ends "
    "on another answer; all others pass, and their rationales are those where none was found. The "
    "last row has right answers behind a wrong step."
)


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Of some outputs of a system the `wrong` ones, by the `kinds` of their first errors.

    `not_found`: wrong ones without a step that was found wrong. `lucky`: right ones with one.
    """

    system: str
    outputs: int
    wrong: int
    kinds: dict[ErrorKind, int]
    not_found: int
    lucky: int


def count_errors(system: str, outputs: Iterable[tuple[Chain, bool]]) -> ErrorCounts:
    """The first errors of outputs: of each its rationale, and whether its answer is right."""
    found = [(first_error(chain), right) for chain, right in outputs]
    kinds = Counter(error.kind for error, right in found if error and not right)
    wrong = sum(not right for _, right in found)
    return ErrorCounts(
        system=system,
        outputs=len(found),
        wrong=wrong,
        kinds={kind: kinds[kind] for kind in ERROR_KINDS},
        not_found=wrong - kinds.total(),
        lucky=sum(right for error, right in found if error),
    )


def error_table(title: str, systems: Sequence[ErrorCounts]) -> Table:
    """Kinds by system, the commonest first, with their shares of the system's wrong answers."""
    totals = Counter[ErrorKind]()
    for counts in systems:
        totals.update(counts.kinds)
    rows: list[tuple[str, list[tuple[int, int]]]] = [
        (kind, [(counts.kinds[kind], counts.wrong) for counts in systems])
        for kind, total in totals.most_common()
        if total
    ]
    rows += [
        ("none found", [(counts.not_found, counts.wrong) for counts in systems]),
        ("right all the same", [(c.lucky, c.outputs - c.wrong) for c in systems]),
    ]
    cells = tuple(
        (Entry(name), *(Entry(str(n), _share(n, of)) for n, of in row)) for name, row in rows
    )
    return Table(title, ("first error", *(counts.system for counts in systems)), cells, 1)


def _share(n: int, of: int) -> str:
    return f"{n / of:.0%} of {of}" if of else ""

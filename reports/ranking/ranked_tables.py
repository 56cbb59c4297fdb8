"""A ranking as tables, and in words."""

from __future__ import annotations

from collections.abc import Iterator

from reports.ranking.ranked import Place, Ranked
from reports.rendering.numerals import p_value
from reports.rendering.tables import Entry, Table
from reports.rendering.units import Unit, unit_of


def leaderboard(ranked: Ranked) -> Table:
    """One row a system, the best first."""
    unit = unit_of(ranked.scale)
    columns = ("system", "groups", "rank", "95% ranks", "seeds", unit.level_name, "95% interval")
    rows = tuple(_row(place, unit) for place in ranked.places)
    return Table("Systems that share a letter cannot be told apart", columns, rows, 2)


def pair_table(ranked: Ranked) -> Table:
    """One row a pair of systems, with intervals that hold for all pairs together."""
    unit = unit_of(ranked.scale)
    columns = ("system", "against", "difference", "95% interval", "p", "p adjusted")
    rows = tuple(
        (
            Entry(pair.better),
            Entry(pair.worse),
            Entry(unit.signed(pair.difference.value)),
            Entry(unit.interval(pair.difference)),
            Entry(p_value(pair.p).removeprefix("= ")),
            Entry(
                p_value(pair.p_adjusted).removeprefix("= "),
                tone="strong" if pair.differ else "plain",
            ),
        )
        for pair in ranked.pairs
    )
    return Table(f"All pairs, in {unit.in_words}; intervals hold together", columns, rows, 2)


def summary(ranked: Ranked) -> Iterator[str]:
    """What the ranking shows, what it is about, and how pairs were adjusted."""
    pairs, apart = len(ranked.pairs), sum(pair.differ for pair in ranked.pairs)
    best, *others = ranked.places
    beside = [place.name for place in others if set(place.groups) & set(best.groups)]
    if beside:
        few = ", ".join(beside[:3]) + (f" and {len(beside) - 3} more" if len(beside) > 3 else "")
        end = "lowest" if ranked.scale.turned else "highest"
        yield f"{best.name} has the {end} mean, but cannot be told apart from {few}."
    else:
        yield f"{best.name} is the best: it is told apart from all others."
    yield f"{apart} of {pairs} pairs of systems are told apart."
    yield {
        "method": "A claim about methods: items and training seeds are random.",
        "checkpoint": "A claim about these checkpoints only, not about other training seeds.",
    }[ranked.claim]
    yield {
        "holm": "Pairs are adjusted together by Holm's method, intervals by Bonferroni's.",
        "joint": "Pairs are adjusted together by the joint distribution of their differences.",
    }[ranked.adjustment]


def _row(place: Place, unit: Unit) -> tuple[Entry, ...]:
    ranks = f"{place.best_rank}–{place.worst_rank}"
    # Scores stand here as they were logged.
    score, lower, upper = (
        unit.logged(value) for value in (place.score.value, place.score.lower, place.score.upper)
    )
    return (
        Entry(place.name),
        Entry(place.groups),
        Entry(str(place.rank)),
        Entry(ranks if place.best_rank < place.worst_rank else str(place.best_rank)),
        Entry(str(place.seeds)),
        Entry(score),
        Entry(f"{lower} to {upper}"),
    )

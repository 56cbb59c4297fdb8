"""How figures are written: percent, points, p values, large counts."""

from __future__ import annotations

from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval

MINUS = "\N{MINUS SIGN}"
SCALES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def percent(share: float) -> str:
    """A fraction as percent with one decimal, without the sign."""
    return f"{100 * share:.1f}"


def share(known: float | None) -> str:
    """A fraction as percent; a dash where it is not known."""
    return "–" if known is None else percent(known)


def points(difference: float) -> str:
    """A difference of fractions as percentage points."""
    return f"{100 * difference:.1f}".replace("-", MINUS)


def signed_points(difference: float) -> str:
    """Percentage points with their sign; what rounds to zero has none."""
    text = f"{100 * difference:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", MINUS)


def signed_interval(found: Interval | Contrast) -> str:
    """The interval of a difference, its ends in percentage points with their signs."""
    return f"{signed_points(found.lower)} to {signed_points(found.upper)}"


def p_value(p: float) -> str:
    """ "= 0.031", or "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def count(number: float | None) -> str:
    """A count with an SI prefix above a thousand: 1.23 M; a dash where there is none."""
    if number is None:
        return "–"
    for scale, prefix in SCALES:
        if abs(number) >= scale:
            return f"{number / scale:.3g} {prefix}"
    return f"{number:.3g}"


def counted(number: int, thing: str) -> str:
    """ "1 cluster", "1,200 clusters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def duration(seconds: float | None) -> str:
    """Seconds as s, min or h."""
    if seconds is None:
        return "–"
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def ratio(value: float | None) -> str:
    """A ratio to the baseline."""
    return "–" if value is None else f"{value:.2f}×"


def measured(value: float, high: float | None) -> str:
    """A measure's value: two decimals where it is a share, one where it can be larger than 1."""
    return f"{value:.{2 if high == 1 else 1}f}".replace("-", MINUS)


def signed_measured(difference: float, high: float | None) -> str:
    """A difference of a measure's values with its sign; what rounds to zero has none."""
    text = measured(difference, high)
    return (
        text.removeprefix(MINUS)
        if float(text.replace(MINUS, "-")) == 0
        else (text if difference < 0 else f"+{text}")
    )

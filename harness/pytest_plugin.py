"""pytest as a gate: the fixture `cascod_gate`, and a marker that holds its standing terms.

    # conftest.py
    pytest_plugins = ["harness.pytest_plugin"]

    # test_release.py
    @pytest.mark.cascod_gate(baseline="baseline.json.gz", margin=0.02)
    def test_no_worse_than_the_release(cascod_gate):
        cascod_gate("results/candidate")

It is asked for by name and not found through an entry point: pytest would then import `harness` in
every project of the environment, and end where that project has a package of this name.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from reports.comparing.gate import GateOutcome
    from reports.statistics.answers import Answers
    from reports.statistics.contrast import Claim

Place = str | os.PathLike[str]
MARKER = (
    "cascod_gate(baseline, candidate, margin, per_task, inconclusive, ...): terms of the fixture "
    "cascod_gate, unless it is called with others"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def cascod_gate(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[..., GateOutcome]:
    """Gate a candidate against a baseline: `cascod_gate("new", baseline="old", margin=0.02)`.

    The terms are those of `gate`; a marker's stand unless the call names others, the nearest
    marker's before those of the class and the module. Paths are relative to pytest's root
    directory. The outcome is returned, and kept among the test's properties in JUnit files.
    """
    markers = reversed(list(request.node.iter_markers("cascod_gate")))
    standing = {key: value for marker in markers for key, value in marker.kwargs.items()}

    def called(candidate: Place | None = None, **terms: Any) -> GateOutcome:
        given = {} if candidate is None else {"candidate": candidate}
        return gate(request.config.rootpath, record_property, **(standing | given | terms))

    return called


def gate(
    root: Path,
    record: Callable[[str, object], None],
    *,
    baseline: Place,
    candidate: Place,
    margin: float | None = None,
    per_task: float | None = None,
    claim: Claim | None = None,
    answers: Answers = "forced",
    inconclusive: Literal["skip", "ok", "fail"] = "skip",
    metric: str | None = None,
    filter: str | None = None,
    cluster: str | None = None,
    higher_is_better: bool = True,
    intersect: bool = False,
) -> GateOutcome:
    """The decision of `cascod gate` with options of these names.

    FAIL, and what `cascod gate` refuses, fail the test; INCONCLUSIVE skips it, passes or fails as
    `inconclusive` has it; each with its reason.
    """
    from reports.comparing.gate_summary import explain, telling
    from reports.comparing.gated import Margins, gate_sides
    from reports.logs.joined import join
    from reports.logs.open_side import open_side
    from tasks.errors import UserError
    from tasks.visible import visible, visible_lines

    try:
        if inconclusive not in ("skip", "ok", "fail"):
            raise UserError(f"inconclusive={inconclusive!r}: neither skip, ok nor fail")
        if cluster is not None and (root / cluster).is_file():
            cluster = str(root / cluster)
        old, new = (
            open_side(root / path, metric=metric, filter_name=filter, cluster=cluster)
            for path in (baseline, candidate)
        )
        joined = join((old, new), intersect=intersect)
        if not higher_is_better:
            joined = joined.lower_is_better()
        margins = Margins(margin, per_task)
        gated = gate_sides((old, new), joined, margins, claim=claim, answers=answers)
    except UserError as error:
        pytest.fail(f"cascod_gate: {visible(str(error))}", pytrace=False)
    record("cascod_gate", gated.outcome)
    reasons = [*gated.cautions, *(explain(decision) for decision in telling(gated.decisions))]
    said = "\n".join((f"{gated.outcome}: {os.fspath(candidate)}", *reasons))
    if gated.outcome == "FAIL" or (gated.outcome == "INCONCLUSIVE" and inconclusive == "fail"):
        pytest.fail(visible_lines(said), pytrace=False)
    if gated.outcome == "INCONCLUSIVE" and inconclusive == "skip":
        pytest.skip(visible_lines(said))
    return gated.outcome

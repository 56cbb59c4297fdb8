"""Accuracies of sampled replies by suite: one sample, the majority of k, any of k."""

from __future__ import annotations

from collections.abc import Iterator

from reports.reasoning_report.measured import Measured
from reports.reasoning_report.reasoning_space import SampledRow
from reports.statistics.intervals import accuracy
from reports.statistics.weights import design_of


def sampled_rows(student: str, measured: Measured, samples: int) -> Iterator[SampledRow]:
    """Every method on every suite of which questions were sampled, intervals as for accuracies."""
    for suite in measured.items.suites:
        chosen, design = design_of(measured.items, suite)
        for method, values in measured.values.items():
            yield SampledRow(
                student=student,
                method=method,
                suite=suite,
                role=measured.items[chosen].role[0],
                samples=samples,
                questions=int(chosen.sum()),
                pass_1=accuracy(values["pass_1"][:, chosen], design),
                majority_k=accuracy(values["majority_k"][:, chosen], design),
                pass_k=accuracy(values["pass_k"][:, chosen], design),
            )

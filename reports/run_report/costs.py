"""What each system cost to train and to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.logs.run_data import RunData
from reports.logs.system import System
from reports.run_report.report_content import CostRow


def cost_rows(run: RunData, baseline: str | None) -> Iterator[CostRow]:
    """Costs of every system, and their ratios to the baseline method's of the same student."""
    rows = {(s.student, s.method): _row(s) for s in run.systems}
    for row in rows.values():
        reference = rows.get((row.student, baseline or ""))
        if reference is None:
            yield row
            continue
        yield replace(
            row,
            relative_training_flops=_ratio(row.training_flops, reference.training_flops),
            relative_training_seconds=_ratio(row.training_seconds, reference.training_seconds),
            relative_generated_tokens=_ratio(
                row.generated_tokens_per_item, reference.generated_tokens_per_item
            ),
        )


def _row(system: System) -> CostRow:
    return CostRow(
        student=system.student,
        method=system.method,
        training_tokens=_mean(system, "training", "tokens"),
        training_target_tokens=_mean(system, "training", "target_tokens"),
        training_flops=_mean(system, "training", "flops"),
        training_seconds=_mean(system, "training", "seconds"),
        generated_tokens_per_item=_mean(system, "inference", "generated_tokens", per="items"),
        inference_flops_per_item=_mean(system, "inference", "flops", per="items"),
        inference_seconds_per_item=_mean(system, "inference", "seconds", per="items"),
        relative_training_flops=None,
        relative_training_seconds=None,
        relative_generated_tokens=None,
    )


def _mean(system: System, phase: str, name: str, per: str | None = None) -> float | None:
    """The mean over seeds of a cost that every seed has, or None."""
    figures = []
    for run in system.runs:
        costs = run.costs.get(phase) or {}
        figure, units = costs.get(name), costs.get(per) if per else 1
        if figure is None or not units:
            return None
        figures.append(figure / units)
    return float(sum(figures) / len(figures))


def _ratio(value: float | None, reference: float | None) -> float | None:
    return value / reference if value is not None and reference else None

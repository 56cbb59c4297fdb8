"""What always giving each task's commonest gold answer would score: the least to beat."""

from __future__ import annotations

from reports.items import Items
from reports.statistics.item_design import ItemDesign
from reports.statistics.scale import BINARY, Scale
from tasks.scoring.constant_answer import right_by_a_constant_answer


def constant_accuracy(items: Items, design: ItemDesign, scale: Scale = BINARY) -> float | None:
    """That score on the items (n,) of a design; None where the golds of some are not known, or
    where an answer is not just right or wrong.

    Items of one task weigh the same, so a task counts with its weight and the share of its
    commonest gold.
    """
    if scale.kind != "binary" or not all(items.gold):
        return None
    accuracy = 0.0
    for suite, task in items.tasks:
        own = (items.suite == suite) & (items.task == task)
        right = right_by_a_constant_answer((gold,) for gold in items.gold[own])
        accuracy += float(design.weight[own].sum()) * right / int(own.sum())
    return accuracy

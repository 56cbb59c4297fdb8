"""Std-CoT with its records repeated until they are as many as `std_cot_dual` trains on.

A control of EDIT's (its Table 5): as many steps of training, and no chain that Std-CoT lacks.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice

from tasks.records.record import CoTRecord
from tasks.records.splits import hash_order
from trainers.method import first_tries
from trainers.methods.std_cot import METHOD as STD_COT
from trainers.methods.std_cot_dual import both_chains


def repeated(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """Std-CoT's records in whole rounds, the last one broken off in the order of hashed ids.

    So none stands there more than once oftener than another, and all seeds see the same ones.
    """
    own = {record.id: record for record in first_tries(records)}
    return [own[name] for name in islice(cycle(hash_order(own)), len(both_chains(records)))]


METHOD = replace(
    STD_COT,
    name="std_cot_repeated",
    summary="Std-CoT, its records repeated to the size of std_cot_dual's (control)",
    records=repeated,
    needs_dual=True,
)

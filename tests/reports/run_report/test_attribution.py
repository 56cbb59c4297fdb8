"""How much of a difference each ingredient carries: known effects are found again."""

from itertools import chain, combinations

import numpy as np
import pytest
from synthetic_run import SyntheticSystem, write_report, write_run

from reports.logs.run_data import load_run
from reports.run_report.attribution import STEPS, TRAINING, effect_rows
from reports.run_report.build import build_report

EFFECT = {"weights": 0.1, "eos": 0.2, "cue_loss": 0.0, "one_stage": -0.1, "plain_prompt": 0.0}
SEEDS = (1, 2, 3)


def name(words) -> str:
    return "+".join(["cascade", *sorted(words)])


def system(words, *, extra: float = 0.0) -> SyntheticSystem:
    ability = 0.3 + sum(EFFECT[word] for word in words) + extra
    return SyntheticSystem(name(words), SEEDS, {"ind": ability, "ood": ability}, ingredients=words)


CROSSED = [
    frozenset(words)
    for words in chain.from_iterable(combinations(TRAINING, n) for n in range(len(TRAINING) + 1))
]


def effects(tmp_path, systems, **options):
    rng = np.random.default_rng(3)
    primary = {"treatment": systems[-1].method, "baseline": systems[0].method, "contrast": "ood"}
    run = write_run(
        tmp_path / "run", systems, items_per_task=150, primary=primary, rng=rng, **options
    )
    return run, {(row.kind, row.name, row.on): row for row in effect_rows(load_run(run))}


def test_each_ingredients_effect_is_found_and_none_where_there_is_none(tmp_path):
    _, found = effects(tmp_path, [system(words) for words in CROSSED])
    for word, title in (
        ("weights", "segment-mean weights"),
        ("eos", "EOS after the rationale"),
        ("cue_loss", "loss on the cue"),
    ):
        for on in ("ind", "ood"):
            row = found["alone", title, on]
            assert row.pairs == 4
            assert row.contrast.lower <= EFFECT[word] <= row.contrast.upper
            assert row.contrast.value == pytest.approx(EFFECT[word], abs=0.04)
    assert found["alone", "EOS after the rationale", "ood"].p_adjusted < 0.01
    assert {kind for kind, _, _ in found} == {"alone", "together"}


def test_two_that_only_work_together_are_seen_as_that(tmp_path):
    both = {"weights", "eos"}
    systems = [system(words, extra=0.2 if both <= words else 0.0) for words in CROSSED]
    _, found = effects(tmp_path, systems)
    row = found["together", "segment-mean weights × EOS after the rationale", "ood"]
    assert row.pairs == 2
    assert row.contrast.lower <= 0.2 <= row.contrast.upper
    assert row.contrast.lower > 0.05


def test_the_steps_from_std_cot_to_cascod_add_up_to_the_whole(tmp_path):
    run, found = effects(tmp_path, [system(words) for _, words in STEPS])
    steps = [
        row.contrast.value for (kind, _, on), row in found.items() if (kind, on) == ("step", "ood")
    ]
    assert len(steps) == 6
    assert sum(steps[:-1]) == pytest.approx(steps[-1])
    assert found["alone", "asked in one stage", "ood"].pairs == 1
    page = (write_report(run) / "report.html").read_text()
    assert "Attribution" in page
    assert "would never reach an answer" in page


def test_what_a_method_is_composed_of_is_told_by_the_run_not_by_its_name(tmp_path):
    systems = [
        SyntheticSystem("mine", SEEDS, {"ind": 0.4, "ood": 0.4}, ingredients=[]),
        SyntheticSystem("heavy", SEEDS, {"ind": 0.6, "ood": 0.6}, ingredients=["weights"]),
        SyntheticSystem("heavy, too", SEEDS, {"ind": 0.1, "ood": 0.1}, ingredients=["weights"]),
        SyntheticSystem("cascade+eos", SEEDS, {"ind": 0.8, "ood": 0.8}),
    ]
    _, found = effects(tmp_path, systems)
    assert {title for _, title, _ in found} == {"segment-mean weights"}
    # Of two settings of one method the first is taken.
    assert found["alone", "segment-mean weights", "ood"].contrast.lower > 0


def test_methods_with_names_of_their_own_are_no_factorial(tmp_path):
    run = write_run(tmp_path / "run")
    assert build_report(run).effects == ()

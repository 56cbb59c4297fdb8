"""What a probe of one item says: known cases of students that ignore or follow their rationale."""

from math import log2

import pytest

from reports.reasoning.probe_measures import (
    LEAST_SHARE,
    PROBE_MEASURES,
    SHOWN,
    divergence,
    early_area,
    probe_measures,
)

YES, NO = [0.9, 0.1], [0.2, 0.8]


def probe(**changes):
    """A student that says yes whatever it reads, but for the conditions named."""
    conditions = (*SHOWN, "mistake", "filler", "other")
    return {condition: changes.get(condition, YES) for condition in conditions}


def test_a_student_that_ignores_its_rationale_has_preset_its_answer():
    assert probe_measures(probe(), gold=0) == {
        "same_without": 1.0,
        "probability_without": 0.9,
        "divergence": 0.0,
        "early_area": 0.0,
        "follows_mistake": 0.0,
        "changes_with_filler": 0.0,
        "changes_with_other": 0.0,
        "gain": 0.0,
    }


def test_a_student_that_follows_its_rationale_to_the_letter_has_not():
    conditions = ("none", "part_25", "part_50", "part_75", "mistake", "filler", "other")
    found = probe_measures(probe(**dict.fromkeys(conditions, NO)), gold=0)
    assert found == pytest.approx(
        {
            "same_without": 0.0,
            "probability_without": 0.2,
            "divergence": 0.9 * log2(0.9 / 0.2) + 0.1 * log2(0.1 / 0.8),
            "early_area": 0.875,
            "follows_mistake": 1.0,
            "changes_with_filler": 1.0,
            "changes_with_other": 1.0,
            "gain": 1.0,
        }
    )


def test_a_rationale_that_leads_astray_gains_less_than_nothing():
    assert probe_measures(probe(none=NO), gold=1)["gain"] == -1.0


def test_what_could_not_be_asked_is_left_out():
    shares = probe()
    del shares["mistake"], shares["other"]
    assert not {"follows_mistake", "changes_with_other"} & probe_measures(shares, gold=0).keys()


@pytest.mark.parametrize(
    ("same_from", "area"), [(0, 0.0), (1, 0.125), (2, 0.375), (3, 0.625), (4, 0.875)]
)
def test_the_later_the_answer_is_reached_the_larger_the_area(same_from, area):
    same = {condition: place >= same_from for place, condition in enumerate(SHOWN)}
    assert early_area(same) == area


def test_divergence_is_finite_and_within_its_range():
    most = divergence([1.0, 0.0], [0.0, 1.0])
    assert 13 < most <= log2(1 / LEAST_SHARE)
    assert divergence([0.5, 0.5], [0.5, 0.5]) == 0.0


def test_every_measure_stays_within_its_range():
    ranges = {measure.name: (measure.low, measure.high) for measure in PROBE_MEASURES}
    for other in ([1.0, 0.0], [0.0, 1.0], YES, NO):
        conditions = ("none", "part_25", "mistake", "filler", "other")
        for name, value in probe_measures(probe(**dict.fromkeys(conditions, other)), 1).items():
            assert ranges[name][0] <= value <= ranges[name][1]

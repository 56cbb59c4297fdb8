"""An experiment that trains on sound rationales alone."""

from pathlib import Path
from typing import Any

from harness.running.experiment_file import load_experiment
from harness.running.training_data import TrainingData, training_data

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "teacher_noise" / "experiment.yaml")


def data_of(**overrides: Any) -> TrainingData:
    return training_data(load_experiment(EXAMPLE, {"data.per_family": 20} | overrides), None)


def test_wrong_steps_are_left_out_and_counted() -> None:
    everything = data_of(train_on="all")
    sound = data_of(train_on={"quality": 0.8, "answers": "all"})
    assert everything.left_out == 0
    assert sound.left_out == len(everything.train) - len(sound.train)
    # Three of ten rationales have a slip; of the rest none is lost.
    assert 0.2 < sound.left_out / len(everything.train) < 0.4
    assert sound.train == [record for record in everything.train if not record.meta["faulty"]]


def test_right_answers_alone_are_the_default_beside_a_score() -> None:
    assert all(record.teacher_correct for record in data_of(train_on={"quality": 0.8}).train)


def test_a_score_of_nothing_keeps_everything() -> None:
    assert data_of(train_on={"quality": 0, "answers": "all"}).left_out == 0

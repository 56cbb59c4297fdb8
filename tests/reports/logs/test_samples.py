"""Reading one system's logged samples, as lm-eval writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_logs import DATE, LATER, row, write_log

from reports.items import Item
from reports.logs.open_side import open_side
from reports.logs.samples import read_side
from tasks.errors import UserError


def test_a_foreign_log_is_one_seed_whose_items_are_their_own_clusters(tmp_path: Path) -> None:
    write_log(tmp_path / "a__model", "arc_easy", [row(0, 1.0), row(1, 0.0)])
    side = read_side(tmp_path)
    assert side.correct.tolist() == [[True, False]]
    assert side.items.cluster.tolist() == ["arc_easy/0", "arc_easy/1"]
    assert set(side.items.suite) == {"arc_easy"}
    assert side.notes == ()


def test_rows_are_joined_by_id_whatever_their_order(tmp_path: Path) -> None:
    first = [row(0, 1.0, resps=[["a"]]), row(1, 0.0, resps=[["b"]])]
    second = [row(1, 0.0, resps=[["b"]]), row(0, 1.0, resps=[["c"]])]
    write_log(tmp_path / "1", "t", first, model_args="seed=1")
    write_log(tmp_path / "2", "t", second, model_args="seed=2")
    side = read_side(tmp_path)
    assert side.correct.tolist() == [[True, False], [True, False]]
    assert (side.responses[0] == side.responses[1]).tolist() == [False, True]


def test_a_copy_of_a_run_under_another_name_is_no_second_seed(tmp_path: Path) -> None:
    rows = [row(0, 1.0), row(1, 0.0)]
    write_log(tmp_path / "1", "t", rows, model_args="pretrained=a")
    write_log(tmp_path / "2", "t", rows, model_args="pretrained=a,batch_size=4")
    path = write_log(tmp_path / "3", "t", rows)
    (path.parent / f"results_{DATE}.json").unlink()
    write_log(tmp_path / "4", "t", [row(0, 1.0), row(1, 0.0, resps=[["else"]])], model_args="b")
    side = read_side(tmp_path)
    assert side.seeds == ("pretrained=a", "b")
    assert side.correct.shape == (2, 2)
    told = "gave the same response to every item; counted once"
    assert side.notes == (
        f"pretrained=a and pretrained=a,batch_size=4 {told}",
        f"pretrained=a and {tmp_path / '3'} {told}",
    )


def test_copies_of_a_run_that_are_scored_differently_are_refused(tmp_path: Path) -> None:
    for name, right in (("a", 1.0), ("b", 0.0)):
        write_log(tmp_path / name, "t", [row(0, right)], model_args=name)
    with pytest.raises(UserError, match="a and b gave the same responses, yet 1 of 1 items"):
        read_side(tmp_path)


def test_tasks_of_one_checkpoint_merge_and_the_newest_evaluation_counts(tmp_path: Path) -> None:
    write_log(tmp_path / "x", "t", [row(0, 0.0)])
    write_log(tmp_path / "y", "u", [row(0, 1.0)])
    write_log(tmp_path / "x", "t", [row(0, 1.0)], date=LATER)
    side = read_side(tmp_path)
    assert side.seeds == ("pretrained=a",)
    assert np.all(side.correct)
    assert any("evaluated again later" in note for note in side.notes)
    assert any("2 directories" in note for note in side.notes)


def test_the_fingerprint_of_a_checkpoint_says_which_seed_it_is(tmp_path: Path) -> None:
    for seed, directory in enumerate(("s1", "s2")):
        said = [row(0, 1.0, resps=[[directory]])]
        write_log(tmp_path / directory, "t", said, model_args="the same")
        run = json.dumps({"checkpoint_fingerprint": f"f{seed}"})
        (tmp_path / directory / "run.json").write_text(run)
    assert read_side(tmp_path).seeds == ("f0", "f1")


def test_metric_and_filter_are_asked_for_where_there_are_several(tmp_path: Path) -> None:
    many = [
        row(0, 1.0, filter=name, metrics=["acc", "exact_match"], exact_match=float(name == "flex"))
        for name in ("strict", "flex")
    ]
    write_log(tmp_path, "t", many)
    with pytest.raises(UserError, match="choose one with --metric: acc, exact_match"):
        read_side(tmp_path)
    with pytest.raises(UserError, match="choose one with --filter: flex, strict"):
        read_side(tmp_path, metric="exact_match")
    for name in ("strict", "flex"):
        side = read_side(tmp_path, metric="exact_match", filter_name=name)
        assert side.correct.tolist() == [[name == "flex"]]
    with pytest.raises(UserError, match="no samples of filter 'gone'; it has flex, strict"):
        read_side(tmp_path, metric="acc", filter_name="gone")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(0, 1.0), row(0, 1.0)], "item '0' occurs twice"),
        ([row(0, 1.0), row(1, float("nan"))], ":2: holds NaN, which is no score"),
        ([row(0, float("-inf"))], ":1: holds -Infinity, which is no score"),
        ([row(0, 1e300)], ":1: acc is 1e[+]300, which is no finite score"),
        ([row(0, "0.5")], ":1: expected `bool | float | null`, got `str`"),
        ([], "no samples in this file"),
        ([{"metrics": ["acc"], "acc": 1}], ":1: object missing required field"),
    ],
)
def test_faulty_logs_are_refused(tmp_path: Path, rows: list[dict[str, Any]], message: str) -> None:
    write_log(tmp_path, "t", rows)
    with pytest.raises(UserError, match=message):
        read_side(tmp_path)


def test_scores_stay_what_they_are(tmp_path: Path) -> None:
    write_log(tmp_path, "t", [row(0, -2.5), row(1, 7)])
    assert read_side(tmp_path).correct.tolist() == [[-2.5, 7.0]]


def test_repeats_of_lm_eval_are_draws_within_a_seed_and_averaged(tmp_path: Path) -> None:
    """Rows as lm-eval 0.5 writes them: reduced metrics by name, each repeat's scores beside."""
    for seed, hits in (("a", [[1, 0, 0, 1], [0, 0, 0, 0]]), ("b", [[1, 1, 1, 1], [0, 1, 0, 0]])):
        rows = [
            row(
                i,
                0.0,
                metrics=["pass@1(exact_match)", "pass@4(exact_match)"],
                scores_per_repeat={"exact_match": drawn},
                resps=[[f"{seed} {hit}" for hit in drawn]],
                **{"pass@1(exact_match)": 0.5, "pass@4(exact_match)": float(any(drawn))},
            )
            for i, drawn in enumerate(hits)
        ]
        write_log(tmp_path / seed, "t", rows, model_args=seed)
    side = read_side(tmp_path)
    assert side.correct.tolist() == [[0.5, 0.0], [1.0, 0.25]]
    assert side.notes == (
        "4 draws of an item within a seed: averaged, since they are no training seeds",
    )
    reduced = read_side(tmp_path, metric="pass@4(exact_match)")
    assert reduced.correct.tolist() == [[True, False], [True, True]]
    assert reduced.notes == ()


def test_seeds_that_were_asked_different_items_are_refused_with_counts(tmp_path: Path) -> None:
    write_log(tmp_path / "1", "t", [row(0, 1.0), row(1, 0.0)], model_args="1")
    write_log(tmp_path / "2", "t", [row(0, 1.0), row(2, 0.0)], model_args="2")
    with pytest.raises(UserError, match="different items: 2 are not in both"):
        read_side(tmp_path)


def test_a_directory_without_samples_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run lm-eval with --log_samples"):
        read_side(tmp_path)
    with pytest.raises(UserError, match="no such directory"):
        read_side(tmp_path / "gone")


def test_samples_drawn_or_dev_evaluations_of_a_cell_are_not_its_evaluation(tmp_path: Path) -> None:
    write_log(tmp_path / "seed1" / "eval", "arc", [row(0, 1.0)])
    for aside in ("sampled/draw0", "select/checkpoint-1", "noise_floor/x"):
        write_log(tmp_path / "seed1" / aside, "arc", [row(0, 0.0)], date=LATER)
    side = read_side(tmp_path)
    assert side.correct.tolist() == [[True]]
    assert read_side(tmp_path / "seed1" / "sampled" / "draw0").correct.tolist() == [[False]]


def test_runs_of_several_methods_are_no_seeds_of_one_system(tmp_path: Path) -> None:
    for method in ("std_cot", "cascod"):
        write_log(tmp_path / method, "arc", [row(0, 1.0)], model_args=method)
        run = {"student": "tiny", "method": method, "checkpoint_fingerprint": method}
        (tmp_path / method / "run.json").write_text(json.dumps(run))
    with pytest.raises(UserError, match=r"2 systems \(tiny cascod, tiny std_cot\)"):
        read_side(tmp_path)


def test_a_task_of_ours_under_the_stock_command_keeps_its_suite_role_and_clusters(
    tmp_path: Path,
) -> None:
    doc = {
        "id": "q7",
        "suite": "agieval_en",
        "role": "ood",
        "cluster": "passage 3",
        "question": "?",
    }
    write_log(tmp_path / "a", "cascod_agieval_en_sat_en", [row(0, 1.0, doc=doc)])
    side = read_side(tmp_path)
    task = "cascod_agieval_en_sat_en"
    assert list(side.items) == [Item("agieval_en", "ood", task, "q7", "passage 3", "hash-0", "x")]
    [key] = side.items.keys
    assert side.texts({key})[key].output == "said"


def test_a_foreign_doc_may_hold_anything_under_the_same_names(tmp_path: Path) -> None:
    docs = [{"id": 17, "suite": ["x"]}, {"id": "a", "role": None}, {}]
    write_log(tmp_path / "a", "t", [row(i, 1.0, doc=doc) for i, doc in enumerate(docs)])
    side = read_side(tmp_path)
    assert side.items.id.tolist() == ["0", "1", "2"]
    assert set(side.items.suite) == {"t"}


def test_json_files_of_a_checkpoint_are_no_logs_of_another_harness(tmp_path: Path) -> None:
    write_log(tmp_path / "eval", "arc", [row(0, 1.0), row(1, 0.0)])
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    for name, content in (
        ("tokenizer.json", {"version": "1.0", "truncation": None, "model": {}}),
        ("config.json", {"version": 3, "model_type": "llama"}),
        ("state.json", {"status": {"done": True}}),
    ):
        (checkpoint / name).write_text(json.dumps(content, indent=2))
    assert len(open_side(tmp_path).items) == 2

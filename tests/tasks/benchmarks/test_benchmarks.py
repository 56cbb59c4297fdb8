from __future__ import annotations

import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from benchmark_files import (
    agieval_row,
    arc_rows,
    bb_sub_row,
    navigate_examples,
    write_bbh,
    write_json,
    write_jsonl,
)

from tasks.benchmarks import agieval, arc, bb_sub, bbh
from tasks.benchmarks.reasoning_gym_sets import set_problems
from tasks.data_source import data_fingerprint, local_data_dir
from tasks.errors import UserError
from tasks.scoring.option_list import option_label, split_options, with_options
from tasks.suites import SUITES, include_path, suite


def test_options_are_lettered_to_z_and_numbered_past_it() -> None:
    assert [option_label(i) for i in (0, 25, 26, 40)] == ["(A)", "(Z)", "(27)", "(41)"]


def test_an_option_list_can_be_read_back() -> None:
    question = with_options("Which?", ["red (dark)", "blue"])
    assert question == "Which?\nOptions:\n(A) red (dark)\n(B) blue"
    assert split_options(question) == ("Which?", [("(A)", "red (dark)"), ("(B)", "blue")])


def test_a_list_without_labels_stays_in_the_question() -> None:
    assert split_options("Home?\nOptions:\n- Yes\n- No") == ("Home?\nOptions:\n- Yes\n- No", [])


class TestBBH:
    def test_an_item_keeps_the_benchmarks_question_and_description(self, tmp_path: Path) -> None:
        write_bbh(tmp_path, "navigate", navigate_examples(3), "Follow the way.")
        item = bbh.task_problems(tmp_path, "navigate", None)[1]
        assert (item.id, item.description) == ("navigate/1", "Follow the way.")
        assert item.question == navigate_examples(3)[1]["input"]
        assert (item.golds, item.answer_type) == (("No",), "yes_no")

    def test_the_test_split_is_a_fifth_rounded_up_and_train_and_dev_the_rest(
        self, tmp_path: Path
    ) -> None:
        write_bbh(tmp_path, "navigate", navigate_examples(21))
        parts = [bbh.task_problems(tmp_path, "navigate", s) for s in ("test", "dev", "train")]
        assert [len(part) for part in parts] == [5, 2, 14]
        assert {p.id for part in parts for p in part} == {f"navigate/{n}" for n in range(21)}

    def test_options_are_read_from_the_question(self, tmp_path: Path) -> None:
        example = {
            "input": "Which statement is sarcastic?\nOptions:\n(A) Nice\n(B) Great",
            "target": "(B)",
        }
        write_bbh(tmp_path, "snarks", [example])
        [item] = bbh.task_problems(tmp_path, "snarks", None)
        assert (item.options, item.golds, item.answer_type) == (
            ("Nice", "Great"),
            ("(B)",),
            "choice",
        )

    def test_a_choice_whose_gold_is_no_option_is_scored_as_text(self, tmp_path: Path) -> None:
        example = {"input": "A film?\nOptions:\n(A) Salt\n(B) Pepper", "target": "Salt, Pepper"}
        write_bbh(tmp_path, "movie_recommendation", [example])
        [item] = bbh.task_problems(tmp_path, "movie_recommendation", None)
        assert (item.answer_type, item.options) == ("free_text", ())

    def test_causal_judgement_items_of_one_story_share_a_cluster(self, tmp_path: Path) -> None:
        stories = ["Ann drops a cup. She slips.", "Ann drops a cup. Bob pushes.", "It rains. Hail."]
        write_bbh(tmp_path, "causal_judgement", [{"input": s, "target": "Yes"} for s in stories])
        items = bbh.task_problems(tmp_path, "causal_judgement", None)
        assert items[0].cluster == items[1].cluster != items[2].cluster


class TestBBSub:
    def test_options_are_shuffled_by_item_and_the_right_one_moves_along(
        self, tmp_path: Path
    ) -> None:
        rows = [bb_sub_row(n, {"iron": 1, "oak": 0, "elm": 0, "fir": 0}) for n in range(80)]
        write_jsonl(tmp_path / "bb_sub" / "odd_one_out.jsonl", rows)
        items = bb_sub.task_problems(tmp_path, "odd_one_out")
        for item in items:
            right = item.options[ord(item.golds[0][1]) - ord("A")]
            assert right == "iron"
            assert f"\n{item.golds[0]} iron" in item.question
        places = Counter(item.golds[0] for item in items)
        assert set(places) == {"(A)", "(B)", "(C)", "(D)"}
        assert max(places.values()) < 40

    def test_the_shuffle_does_not_depend_on_the_stored_order(self) -> None:
        assert bb_sub.shuffled("t/1", ["a", "b", "c"]) == bb_sub.shuffled("t/1", ["c", "a", "b"])

    def test_every_best_scored_option_is_right(self, tmp_path: Path) -> None:
        row = bb_sub_row(0, {"iron": 0.5, "tin": 0.5, "oak": 0.1})
        write_jsonl(tmp_path / "bb_sub" / "odd_one_out.jsonl", [row])
        [item] = bb_sub.task_problems(tmp_path, "odd_one_out")
        right = {item.options[ord(gold[1]) - ord("A")] for gold in item.golds}
        assert right == {"iron", "tin"}

    def test_the_task_prefix_is_shown_and_bare_question_marks_are_not(self, tmp_path: Path) -> None:
        plain = bb_sub_row(0, {"x": 1, "y": 0})
        prefixed = bb_sub_row(1, {"x": 1, "y": 0}, task_prefix="Choose.", input_prefix="\nTree: ")
        write_jsonl(tmp_path / "bb_sub" / "odd_one_out.jsonl", [plain, prefixed])
        first, second = bb_sub.task_problems(tmp_path, "odd_one_out")
        assert first.question.startswith("Which is no tree (0)?\nOptions:\n(A) ")
        assert second.question.startswith("Choose.\nTree: Which is no tree (1)?\nOptions:\n")

    def test_items_that_open_with_one_long_text_share_a_cluster(self, tmp_path: Path) -> None:
        story = "There was a ship. " * 15
        inputs = [story + "Where?", story + "When?", "Who?", "Who?"]
        rows = [bb_sub_row(n, {"x": 1, "y": 0}, input=text) for n, text in enumerate(inputs)]
        write_jsonl(tmp_path / "bb_sub" / "odd_one_out.jsonl", rows)
        clusters = [item.cluster for item in bb_sub.task_problems(tmp_path, "odd_one_out")]
        assert clusters[0] == clusters[1]
        assert clusters[2:] == ["odd_one_out/2", "odd_one_out/3"]

    def test_an_item_of_a_subtask_carries_its_name_in_its_id(self, tmp_path: Path) -> None:
        rows = [bb_sub_row(7, {"x": 1, "y": 0}, subtask=part) for part in ("easy", "hard")]
        write_jsonl(tmp_path / "bb_sub" / "odd_one_out.jsonl", rows)
        ids = [item.id for item in bb_sub.task_problems(tmp_path, "odd_one_out")]
        assert ids == ["odd_one_out/easy/7", "odd_one_out/hard/7"]


class TestAGIEval:
    def test_passage_question_and_options_make_the_question(self, tmp_path: Path) -> None:
        row = agieval_row("Where to?", "They sailed.")
        write_jsonl(tmp_path / "agieval" / "lsat-rc.jsonl", [row])
        [item] = agieval.task_problems(tmp_path, "lsat-rc")
        assert item.question == (
            "They sailed.\nWhere to?\nOptions:\n(A) north\n(B) south\n(C) east\n(D) west"
        )
        assert item.golds == ("(C)",)

    @pytest.mark.parametrize(
        ("stored", "shown"),
        [
            (["(A)p", "(C)r", "(B)q", "(D)s"], ("p", "q", "r", "s")),
            (["A first", "B Third", "C Fourth", "D fifth"], ("first", "Third", "Fourth", "fifth")),
            (["(A)p", "(B)q", "C? r", "D? s"], ("p", "q", "r", "s")),
            (["(A)p", "Storehouse B.3", "(C)r", "(D)s"], ("p", "Storehouse B.3", "r", "s")),
            (["A All run", "(B)q", "(C)r", "(D)s"], ("All run", "q", "r", "s")),
            (["(A)(B) is true", "(B)q", "(C)r", "(D)s"], ("(B) is true", "q", "r", "s")),
        ],
    )
    def test_odd_letters_are_understood(self, stored: list[str], shown: tuple[str, ...]) -> None:
        assert agieval.lettered_options(stored, "B") == (shown, 1)

    def test_items_cluster_by_passage_and_else_stand_alone(self, tmp_path: Path) -> None:
        rows = [
            agieval_row(f"{n}?", passage) for n, passage in enumerate(["P", "P", "Q", None, ""])
        ]
        write_jsonl(tmp_path / "agieval" / "logiqa-en.jsonl", rows)
        clusters = [item.cluster for item in agieval.task_problems(tmp_path, "logiqa-en")]
        assert clusters[0] == clusters[1] != clusters[2]
        assert clusters[3:] == ["logiqa-en/3", "logiqa-en/4"]

    def test_a_question_asked_without_its_passage_stays_in_the_passages_cluster(
        self, tmp_path: Path
    ) -> None:
        write_jsonl(tmp_path / "agieval" / "sat-en.jsonl", [agieval_row("Why?", "P")])
        hidden = [agieval_row("Why?"), agieval_row("New?")]
        write_jsonl(tmp_path / "agieval" / "sat-en-without-passage.jsonl", hidden)
        [shown] = agieval.task_problems(tmp_path, "sat-en")
        same, other = agieval.task_problems(tmp_path, "sat-en-without-passage")
        assert same.cluster == shown.cluster
        assert other.cluster == "sat-en-without-passage/1"
        assert "P\n" not in same.question


def test_arc_letters_options_that_are_numbered(tmp_path: Path) -> None:
    row = {"input": "Question: Hot?\nOptions:\n(1) ice\n(2) fire\n(3) fog", "target": "(2)"}
    write_json(tmp_path / "arc" / "ARC-Easy-Test.json", [row])
    [item] = arc.task_problems(tmp_path, "arc_easy")
    assert item.question == "Hot?\nOptions:\n(A) ice\n(B) fire\n(C) fog"
    assert (item.golds, item.id) == (("(B)",), "arc_easy/0")


class TestSource:
    def test_an_explicit_directory_wins_over_the_variable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CASCOD_DATA", "/nowhere")
        assert local_data_dir(tmp_path) == tmp_path
        monkeypatch.setenv("CASCOD_DATA", str(tmp_path))
        assert local_data_dir(None) == tmp_path
        monkeypatch.delenv("CASCOD_DATA")
        assert local_data_dir(None) is None

    def test_a_missing_directory_is_an_error_and_not_the_hub(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CASCOD_DATA", "/nowhere")
        with pytest.raises(
            UserError, match=r"/nowhere: no such data directory \(from CASCOD_DATA\)"
        ):
            local_data_dir(None)

    def test_a_missing_file_is_an_error_and_not_the_hub(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"ARC-Easy-Test\.json: no such file"):
            arc.task_problems(tmp_path, "arc_easy")

    def test_a_fingerprint_changes_with_a_question_and_not_with_the_order(
        self, tmp_path: Path
    ) -> None:
        write_json(tmp_path / "arc" / "ARC-Easy-Test.json", arc_rows(3))
        items = arc.task_problems(tmp_path, "arc_easy")
        assert data_fingerprint(items) == data_fingerprint(items[::-1])
        assert data_fingerprint(items) != data_fingerprint(items[:2])


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{"passage": "", "question"', r"lsat-lr\.jsonl:1: not valid JSON"),
            ("[1]", r"lsat-lr\.jsonl:1: expected an object, got list"),
            (
                json.dumps({"passage": ""}),
                r"lsat-lr\.jsonl: item 0 \(from 0\) has no field 'options'",
            ),
            (json.dumps(agieval_row("?", label="F")), "label 'F' names none of its 4 options"),
            ("", "holds no items"),
        ],
    )
    def test_the_file_and_the_place_are_named(
        self, tmp_path: Path, text: str, message: str
    ) -> None:
        path = tmp_path / "agieval" / "lsat-lr.jsonl"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match=message):
            agieval.task_problems(tmp_path, "lsat-lr")

    def test_json_of_the_wrong_shape_is_refused(self, tmp_path: Path) -> None:
        write_json(tmp_path / "arc" / "ARC-Easy-Test.json", {"input": "?"})
        with pytest.raises(UserError, match="expected a JSON array"):
            arc.task_problems(tmp_path, "arc_easy")


class TestSuites:
    def test_a_misspelt_suite_gets_the_nearest_name_and_the_list(self) -> None:
        with pytest.raises(UserError, match=r"unknown suite 'bbsub'; did you mean 'bb_sub'\?.*bbh"):
            suite("bbsub")

    def test_suites_with_training_questions_are_in_domain_and_the_others_out_of_it(self) -> None:
        in_domain = [s.name for s in SUITES if s.role == "ind"]
        assert in_domain == ["embedded", "bbh", "mentor_kd", "granularity"]
        assert suite("arc_easy").lm_eval_name == "cascod_arc_easy"

    def test_a_task_of_a_suite_is_a_suite_of_its_own(self) -> None:
        part = suite("mentor_kd:svamp")
        assert (part.role, part.lm_eval_name) == ("ind", "cascod_mentor_kd_svamp")
        assert suite("agieval_en:lsat-rc").lm_eval_name == "cascod_agieval_en_lsat_rc"
        with pytest.raises(UserError, match=r"part 'svam' of suite 'mentor_kd'; .*'svamp'\?"):
            suite("mentor_kd:svam")
        with pytest.raises(UserError, match=r"part 'x' of suite 'asdiv'; Its parts: none"):
            suite("asdiv:x")

    def test_a_drawn_set_carries_its_settings_in_its_name(self) -> None:
        drawn = suite("reasoning_gym:chain_sum,min_terms=4,max_terms=6")
        assert drawn.drawn_from == ("chain_sum", "min_terms=4,max_terms=6")
        assert drawn.lm_eval_name == "cascod_reasoning_gym_chain_sum_min_terms_4_max_terms_6"
        with pytest.raises(UserError, match="name one of its data sets"):
            suite("reasoning_gym")

    @pytest.mark.skipif(bool(find_spec("reasoning_gym")), reason="the package is installed")
    def test_a_drawn_set_without_the_package_names_the_extra(self) -> None:
        with pytest.raises(UserError, match=r"pip install 'cascod-bench\[reasoning-gym\]'"):
            set_problems("chain_sum", "", seed=0, items=1)

    def test_the_include_path_holds_both_roles(self) -> None:
        assert (include_path() / "ind").is_dir()
        assert (include_path() / "ood").is_dir()

"""A text that ran out of tokens before it answered is asked for its answer all the same."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lm_eval.api.instance import Instance
from lm_eval.api.registry import get_model
from small_students import save_constant_student

import harness.evaluation.lm_eval_model  # noqa: F401  registers the model
from harness.commands import evaluate as evaluate_command
from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.stages import CueBehind
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.decoding_plan import decoding_plan, to_text
from harness.evaluation.evaluate import evaluate, evaluate_draws
from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.response_store import ResponseStore
from harness.evaluation.student import Request
from tasks.errors import UserError
from tasks.records.record import CoTRecord, write_records
from trainers.methods import load_method
from trainers.protocol import CUE
from trainers.tokens import encode_continuation

SHORT = DecodingSettings(max_rationale_tokens=2, max_answer_tokens=1, batch_size=3, block=4)
ITEMS = 7


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> EvaluationSuite:
    """Sums of which every answer is 4, but one that is 5."""
    file = tmp_path_factory.mktemp("records") / "sums.jsonl"
    sums = [
        CoTRecord(
            id=f"sums/{n}",
            task="sums",
            description="Add the numbers.",
            question=f"What is {n} + {4 - n + (n == 6)}?",
            answer="5" if n == 6 else "4",
            rationale="",
            teacher="none",
            teacher_answer="",
            teacher_correct=True,
        )
        for n in range(ITEMS)
    ]
    write_records(file, sums)
    return EvaluationSuite("sums", "ood", file)


@pytest.fixture
def says(tmp_path: Path) -> Callable[[str, str], Path]:
    """A student trained by a method that says one thing whatever it is asked, and never ends."""

    def student(said: str, method: str) -> Path:
        folder = tmp_path / "student"
        save_constant_student(folder, said)
        load_method(method).protocol(0.3, "").save(folder)
        return folder

    return student


def rows(folder: Path) -> list[dict[str, Any]]:
    (file,) = folder.glob("samples_*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


def asked(student: Path, suite: EvaluationSuite, out: Path, **options: Any) -> Any:
    return evaluate(
        AskedStudent(open_student(str(student)), options.pop("store", None)),
        [suite],
        settings=SHORT,
        out_dir=out,
        run_info={"student": "s", "method": "m", "seed": 1, "data_fingerprint": ""},
        **options,
    )


def test_one_decoding_gives_both_accuracies(
    says: Callable[[str, str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    result = asked(says(" 4", "std_cot"), suite, tmp_path / "out")
    (score,) = result.scores
    assert score.accuracy == pytest.approx(6 / 7)
    assert (score.accuracy_as_written, score.forced, score.cut) == (0, 1, 1)
    for row in rows(tmp_path / "out"):
        assert row["raw"] == row["rationale"].rjust(6) == " 4 4 4"
        assert row["resps"] == [[f" 4 4 4{CUE} 4"]]
        assert (row["parsed"], row["parse_ok"], row["correct"]) == ("4", True, row["gold"] == "4")
        assert (row["parsed_as_written"], row["correct_as_written"]) == (None, False)
        assert (row["rationale_truncated"], row["answer_truncated"]) == (True, False)
        assert (row["rationale_tokens"], row["answer_tokens"]) == (3, 1)
        assert row["answer_forced"]
    assert result.costs.generated_tokens == ITEMS * (3 + 1)
    # lm-eval's own accuracy is the one with forced answers.
    (results,) = (tmp_path / "out").glob("results_*.json")
    own = json.loads(results.read_text())["results"]["cascod_file_sums"]
    assert own["acc,none"] == pytest.approx(score.accuracy)


@pytest.mark.parametrize("method", ["cascod", "mt_cot", "step_by_step"])
def test_who_is_given_the_cue_anyway_is_never_forced(
    method: str, says: Callable[[str, str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    (score,) = asked(says(" 4", method), suite, tmp_path / "out").scores
    assert (score.forced, score.accuracy_as_written) == (0, score.accuracy)
    for row in rows(tmp_path / "out"):
        assert not row["answer_forced"]
        assert (row["parsed_as_written"], row["correct_as_written"]) == (
            row["parsed"],
            row["correct"],
        )


def test_a_thought_that_a_cascade_breaks_off_is_closed_before_its_cue(
    says: Callable[[str, str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    asked(says("<think>", "cascod"), suite, tmp_path / "out")
    for row in rows(tmp_path / "out"):
        assert row["raw"] == f"<think><think></think>{CUE}<think>"
        assert row["rationale_truncated"]
        assert not row["answer_forced"]


def test_the_command_tells_both_accuracies_where_answers_were_forced(
    says: Callable[[str, str], Path], suite: EvaluationSuite, tmp_path: Path, capsys: Any
) -> None:
    parser = argparse.ArgumentParser()
    evaluate_command.add_arguments(parser)
    limits = ["--max-rationale-tokens", "2", "--max-answer-tokens", "1"]

    def printed(method: str) -> list[str]:
        args = [str(says(" 4", method)), "--suite", str(suite.file), "--out", str(tmp_path / "out")]
        assert evaluate_command.run(parser.parse_args(args + limits)) == 0
        return [line for line in capsys.readouterr().out.splitlines() if "forced" in line]

    assert printed("std_cot") == [
        "sums: 85.7% with forced answers, 0.0% as written; 100.0% were cut off, "
        "100.0% before they answered"
    ]
    assert printed("cascod") == []


def test_the_stock_lm_eval_model_forces_answers_too(
    says: Callable[[str, str], Path], suite: EvaluationSuite
) -> None:
    model = get_model("cascod")(str(says(" 4", "std_cot")), **SHORT.model_dump())
    asked_for = ("Q: What is 2 + 2?\n\nA:", {"until": []})
    instance = Instance("generate_until", {"id": "x"}, asked_for, 0, metadata=("sums", 0, 1))
    assert model.generate_until([instance]) == [f" 4 4 4{CUE} 4"]


def test_forced_answers_are_stored_and_found_again(
    checkpoint: Callable[[str], Path],
    suite: EvaluationSuite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    student, file = checkpoint("std_cot"), tmp_path / "responses.jsonl"
    asked(student, suite, tmp_path / "first", store=ResponseStore(file))
    assert any(row["answer_forced"] for row in rows(tmp_path / "first"))
    monkeypatch.setattr("harness.engines.local_engine.decode", None)
    asked(student, suite, tmp_path / "again", store=ResponseStore(file))
    assert rows(tmp_path / "again") == rows(tmp_path / "first")


def test_a_store_of_before_forced_answers_is_read_and_its_texts_decoded_again(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    student, file = checkpoint("std_cot"), tmp_path / "responses.jsonl"
    asked(student, suite, tmp_path / "first", store=ResponseStore(file))
    older = [json.loads(line) for line in file.read_text().splitlines()]
    for block in older:
        block["key"] = block["key"].partition("+")[0]
        for response in block["responses"]:
            del response["forced_ids"]
    file.write_text("".join(f"{json.dumps(block)}\n" for block in older))
    asked(student, suite, tmp_path / "again", store=ResponseStore(file))
    assert rows(tmp_path / "again") == rows(tmp_path / "first")


def test_forced_answers_of_draws_are_drawn_and_the_same_every_time(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    warm = SHORT.model_copy(update={"temperature": 1.0, "max_answer_tokens": 4})
    info = {"student": "s", "method": "m", "seed": 1, "data_fingerprint": ""}

    def drawn(name: str, slots: int) -> list[list[dict[str, Any]]]:
        student = AskedStudent(open_student(str(checkpoint("std_cot"))))
        evaluate_draws(
            student,
            [suite],
            settings=warm.model_copy(update={"batch_size": slots}),
            draws=3,
            out_dir=tmp_path / name,
            run_info=info,
        )
        return [rows(tmp_path / name / f"draw{draw}") for draw in range(3)]

    first = drawn("first", 3)
    forced = [
        tuple(row["resps"][0][0] for row in of_draw if row["answer_forced"]) for of_draw in first
    ]
    assert len(set(forced)) == 3
    assert drawn("again", 3) == first


@pytest.fixture(scope="module")
def loaded(checkpoint: Callable[[str], Path]) -> OpenStudent:
    return open_student(str(checkpoint("std_cot")))


def rule_of(loaded: OpenStudent, method: str = "std_cot") -> CueBehind | None:
    protocol = load_method(method).protocol(None, "")
    return decoding_plan(replace(loaded.facts, protocol=protocol), SHORT).cue_behind


@pytest.mark.parametrize(
    ("written", "given"),
    [
        (" Two and two", CUE),
        ("", CUE),
        (" So the answer is", CUE),
        (" <think>The answer is 4.", f"</think>{CUE}"),
        ("<reasoning>Two and", f"</reasoning>{CUE}"),
        (" <think>Two.</think> Let me see", CUE),
        (f" Two.{CUE}", ""),
        (f" Two.{CUE} 4", None),
        (" Two. So the answer is 4", None),
        (" <think>Two.</think> The answer is 4", None),
    ],
)
def test_which_cue_a_text_is_given_that_met_its_limit(
    loaded: OpenStudent, written: str, given: str | None
) -> None:
    rule = rule_of(loaded)
    assert rule is not None
    ids = rule(encode_continuation(loaded.facts.tokenizer, written))
    assert given == (None if ids is None else to_text(loaded.facts.tokenizer)(ids))


def test_a_cue_that_is_cut_in_two_is_given_its_other_part(loaded: OpenStudent) -> None:
    rule = rule_of(loaded)
    assert rule is not None
    text, cue = (encode_continuation(loaded.facts.tokenizer, part) for part in (" Two.", CUE))
    for begun in range(1, len(cue)):
        assert rule([*text, *cue[:begun]]) == tuple(cue[begun:])


def test_the_context_must_hold_the_forced_answer_too(
    says: Callable[[str, str], Path], suite: EvaluationSuite
) -> None:
    student = open_student(str(says(" 4", "std_cot")))
    request = Request("x", "What is 2 + 2?")
    room = student.facts.context - len(student.facts.tokenizer(request.context).input_ids)
    plan = decoding_plan(student.facts, SHORT)
    most = SHORT.model_copy(update={"max_rationale_tokens": room - plan.max_new_tokens + 2})
    assert decoding_plan(student.facts, most).max_new_tokens == room
    (reply,) = AskedStudent(student).reply([request], most).replies
    assert reply.answer_forced
    over = most.model_copy(update={"max_rationale_tokens": most.max_rationale_tokens + 1})
    with pytest.raises(UserError, match="do not fit the student's context"):
        AskedStudent(student).reply([request], over)

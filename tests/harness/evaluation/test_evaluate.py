"""An evaluation writes what lm-eval writes and what reports read, and resumes to the same bytes."""

from __future__ import annotations

import argparse
import errno
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.commands import evaluate as evaluate_command
from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.evaluate import EvaluationResult, evaluate
from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.evaluation.open_student import open_student
from harness.evaluation.response_store import Block, ResponseStore
from harness.evaluation.stored_student import StoredStudent
from harness.evaluation.student import Request, Student
from reports.logs.logged_sample import LoggedSample, logged_rows
from reports.logs.run_files import RUN_FILE
from tasks.errors import UserError
from tasks.records.record import CoTRecord, write_records
from tasks.sample import Sample
from trainers.methods import load_method
from trainers.protocol import Protocol

ITEMS = 11
SETTINGS = DecodingSettings(max_rationale_tokens=20, max_answer_tokens=6, batch_size=3, block=4)
RUN_INFO = {"student": "toy", "method": "cascod", "seed": 1, "data_fingerprint": "d"}


def records() -> list[CoTRecord]:
    return [
        CoTRecord(
            id=f"sums/{i}",
            task="sums",
            description="Add the numbers.",
            question="What is " + " + ".join(str(n) for n in range(i + 2)) + "?",
            answer=str(sum(range(i + 2))),
            rationale="The numbers are added one by one.",
            teacher="none",
            teacher_answer=str(sum(range(i + 2))),
            teacher_correct=True,
            cluster=f"pair{i // 2}",
            meta={"path": f"p{i}"},
        )
        for i in range(ITEMS)
    ]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> EvaluationSuite:
    file = tmp_path_factory.mktemp("records") / "sums.jsonl"
    write_records(file, records())
    return EvaluationSuite("sums", "ood", file)


def run(
    student: Student, suite: EvaluationSuite, out_dir: Path, **options: Any
) -> EvaluationResult:
    options = {"settings": SETTINGS, **options}
    return evaluate(student, [suite], out_dir=out_dir, run_info=RUN_INFO, **options)


def trained(checkpoint: Path, store: ResponseStore | None = None) -> AskedStudent:
    return AskedStudent(open_student(str(checkpoint)), store)


def is_complete(out_dir: Path) -> bool:
    return (out_dir / RUN_FILE).exists()


def rows(out_dir: Path) -> list[dict[str, Any]]:
    (file,) = out_dir.glob("samples_*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_team_s_own_records_are_a_suite(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    loaded = open_student(str(checkpoint("cascod")))
    result = run(AskedStudent(loaded), suite, tmp_path)
    (score,) = result.scores
    assert (score.suite, score.items) == ("sums", ITEMS)

    written = rows(tmp_path)
    [file] = tmp_path.glob("samples_*.jsonl")
    samples = [sample for _, sample in logged_rows(file, LoggedSample)]
    assert {row["id"] for row in written} == {record.id for record in records()}
    for row, sample in zip(written, samples, strict=True):
        assert all(row[name] == getattr(sample, name) for name in Sample.__dataclass_fields__)
        assert (sample.suite, sample.role, sample.task) == ("sums", "ood", "sums")
        assert sample.cluster.startswith("pair")
        assert sample.path == f"p{sample.id.split('/')[1]}"
        assert sample.prompt_sent.endswith("\n\nA:\nRationale:")
        assert sample.prompt_tokens == len(loaded.facts.tokenizer(sample.prompt_sent).input_ids)
        assert sample.rationale_truncated == (sample.rationale_tokens == 20) or (
            not sample.rationale_truncated
        )
        completion = row["resps"][0][0]
        assert completion.count(loaded.facts.protocol.cue) == 1
        assert completion.split(loaded.facts.protocol.cue)[0].strip() == sample.rationale
        assert {"doc_hash", "prompt_hash", "target_hash", "arguments", "doc"} <= set(row)
    assert {row["rationale_truncated"] for row in written} == {True, False}
    assert score.accuracy == sum(row["correct"] for row in written) / ITEMS
    assert score.unparsed == sum(not row["parse_ok"] for row in written) / ITEMS

    (results,) = tmp_path.glob("results_*.json")
    lm_eval_score = json.loads(results.read_text())["results"]["cascod_file_sums"]
    assert lm_eval_score["acc,none"] == pytest.approx(score.accuracy)
    run_json = json.loads((tmp_path / RUN_FILE).read_text())
    assert run_json["method"] == "cascod"
    assert run_json["protocol"]["suffix"] == "\nRationale:"
    assert run_json["generation"]["max_rationale_tokens"] == 20
    assert run_json["checkpoint_fingerprint"] == loaded.facts.fingerprint


def test_costs_count_what_was_generated(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    loaded = open_student(str(checkpoint("cascod")))
    costs = run(AskedStudent(loaded), suite, tmp_path).costs
    written = rows(tmp_path)
    assert costs.items == ITEMS
    assert costs.prompt_tokens == sum(row["prompt_tokens"] for row in written)
    assert costs.generated_tokens == sum(
        row["rationale_tokens"] + row["answer_tokens"] for row in written
    )
    assert costs.seconds > 0
    weights = sum(p.numel() for n, p in loaded.engine.model.named_parameters() if "layers" in n)
    assert costs.flops > 2 * weights * (costs.prompt_tokens + costs.generated_tokens)


class KilledStore(ResponseStore):
    """Dies while storing its third block."""

    blocks = 0

    def put(self, key: str, block: Block) -> None:
        self.blocks += 1
        if self.blocks == 3:
            with self.path.open("a") as file:
                file.write('{"key": "torn')
            raise KeyboardInterrupt
        super().put(key, block)


def test_a_run_killed_in_the_middle_resumes_to_the_same_samples(
    checkpoint: Callable[[str], Path],
    suite: EvaluationSuite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    student = checkpoint("cascod")
    run(trained(student), suite, tmp_path / "whole")

    responses = tmp_path / "responses.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(trained(student, KilledStore(responses)), suite, tmp_path / "resumed")
    assert not is_complete(tmp_path / "resumed")

    decoded: list[int] = []
    from harness.engines import local_engine

    def counting(model: Any, prompts: Any, *args: Any, **options: Any) -> Any:
        decoded.append(len(prompts))
        return original(model, prompts, *args, **options)

    original = local_engine.decode
    monkeypatch.setattr(local_engine, "decode", counting)
    result = run(trained(student, ResponseStore(responses)), suite, tmp_path / "resumed")
    assert decoded == [3]  # blocks of 4, 4 and 3: the first two were finished
    assert result.costs.items == ITEMS

    whole, resumed = (next((tmp_path / name).glob("samples_*")) for name in ("whole", "resumed"))
    assert resumed.read_bytes() == whole.read_bytes()

    decoded.clear()
    run(trained(student, ResponseStore(responses)), suite, tmp_path / "x")
    assert decoded == []
    other = SETTINGS.model_copy(update={"max_answer_tokens": 5})
    run(trained(student, ResponseStore(responses)), suite, tmp_path / "y", settings=other)
    assert decoded == [4, 4, 3]


@pytest.mark.parametrize("method", ["std_cot", "answer_sft", "mt_cot", "zero_shot"])
def test_methods_that_answer_in_one_stage(
    method: str, checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    student = str(checkpoint("std_cot"))
    protocol = load_method(method).protocol(None, "")
    run(AskedStudent(open_student(student, protocol=protocol)), suite, tmp_path)
    for row in rows(tmp_path):
        assert row["prompt_sent"] == row["arguments"]["gen_args_0"]["arg_0"] + protocol.suffix
        assert row["rationale_tokens"] + row["answer_tokens"] <= 26 + 6 * row["answer_forced"]
        assert not (row["rationale_truncated"] and row["answer_truncated"])
        if method in ("mt_cot", "zero_shot"):  # the prompt itself ends in a cue
            assert row["rationale"] == ""
            assert row["rationale_tokens"] == 0


def test_the_number_of_items_can_be_limited(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    result = run(
        trained(checkpoint("cascod")),
        replace(suite, limit=5),
        tmp_path,
        progress=lambda *counts: seen.append(counts),
    )
    assert result.scores[0].items == 5
    assert seen == sorted(seen)
    assert {(4, 5), (5, 5)} <= set(seen)


def test_a_known_suite_and_a_file_in_one_evaluation(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    result = evaluate(
        trained(checkpoint("cascod")),
        [EvaluationSuite("embedded", "ind", limit=2), suite],
        settings=DecodingSettings(max_rationale_tokens=4, max_answer_tokens=2),
        out_dir=tmp_path,
        run_info=RUN_INFO,
        task_metadata={"per_family": 4},
    )
    embedded, own = result.scores
    assert own.items == ITEMS
    files = {file.name.rsplit("_", 1)[0] for file in tmp_path.glob("samples_*")}
    assert embedded.items == 2 * (len(files) - 1)
    assert {"samples_cascod_file_sums"} < files
    assert 0 <= result.accuracy <= 1


def test_stored_completions_are_scored_like_a_student_s(
    suite: EvaluationSuite, tmp_path: Path
) -> None:
    right = {r.id: f"{r.rationale} So the answer is {r.answer}." for r in records()}
    right["sums/3"] = "I cannot tell."
    result = run(StoredStudent(right), suite, tmp_path)
    assert result.scores[0].accuracy == pytest.approx((ITEMS - 1) / ITEMS)
    assert result.scores[0].unparsed == pytest.approx(1 / ITEMS)
    assert {row["rationale"] for row in rows(tmp_path)} == {
        records()[0].rationale,
        "I cannot tell.",
    }


def test_missing_completions_are_named(suite: EvaluationSuite, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"11 of 11 items have no stored completion \(first: sums/"):
        run(StoredStudent({}), suite, tmp_path)


def test_a_prompt_beyond_the_context_is_refused_by_name(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    settings = SETTINGS.model_copy(update={"max_rationale_tokens": 1950})
    with pytest.raises(UserError, match=r"of 11 prompts do not fit .* 2048 tokens .*sums/"):
        run(trained(checkpoint("cascod")), suite, tmp_path, settings=settings)
    assert not is_complete(tmp_path)


def test_a_checkpoint_without_protocol_is_refused(weights: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "config.json").write_text((weights / "config.json").read_text())
    with pytest.raises(UserError, match="--method"):
        open_student(str(bare))


def test_a_full_disk_at_the_end_leaves_nothing_that_looks_complete(
    suite: EvaluationSuite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    student = StoredStudent({record.id: record.answer for record in records()})
    monkeypatch.setattr("harness.evaluation.result_files._sample_row", no_space)
    with pytest.raises(UserError, match="no space left on the disk; free some"):
        run(student, suite, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_untrained_student_stops_where_a_stop_string_begins(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    """The stop string is chosen from what the same student writes without it."""
    protocol = load_method("std_cot").protocol(None, "")
    student = AskedStudent(open_student(str(checkpoint("std_cot")), protocol=protocol))
    run(student, suite, tmp_path / "free")
    longest = max(rows(tmp_path / "free"), key=lambda row: row["rationale_tokens"])
    text = longest["resps"][0][0]
    stop = next(text[i] for i in range(4, len(text)) if text[i] not in text[:i])
    request = Request(longest["id"], longest["arguments"]["gen_args_0"]["arg_0"], (stop,))
    (reply,) = student.reply([request], SETTINGS).replies
    assert reply.completion == text[: text.index(stop)]
    assert reply.rationale_tokens < longest["rationale_tokens"]
    assert not reply.rationale_truncated


def test_one_name_for_two_suites_is_refused(suite: EvaluationSuite, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="'sums' is given twice"):
        evaluate(
            StoredStudent({}),
            [suite, suite],
            settings=SETTINGS,
            out_dir=tmp_path,
            run_info=RUN_INFO,
        )


def test_a_file_whose_answer_is_none_of_its_options_is_refused(
    checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    odd = replace(records()[0], answer="(G)", options=("one", "two"))
    write_records(tmp_path / "odd.jsonl", [odd])
    suite = EvaluationSuite("odd", "ood", tmp_path / "odd.jsonl")
    with pytest.raises(
        UserError, match=r"odd.jsonl:1: the answer '\(G\)' is none of the 2 options"
    ):
        run(trained(checkpoint("cascod")), suite, tmp_path / "out")


def test_the_command_needs_the_checkpoint_alone(
    checkpoint: Callable[[str], Path],
    suite: EvaluationSuite,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parser = argparse.ArgumentParser()
    evaluate_command.add_arguments(parser)
    limits = ["--max-rationale-tokens", "20", "--max-answer-tokens", "6"]
    args = [str(checkpoint("cascod")), "--suite", str(suite.file), "--out", str(tmp_path / "out")]
    assert evaluate_command.run(parser.parse_args(args + limits)) == 0
    written = rows(tmp_path / "out")
    constant = max(Counter(row["gold"] for row in written).values()) / ITEMS
    unparsed = sum(not row["parse_ok"] for row in written) / ITEMS
    assert capsys.readouterr().out.splitlines()[:3] == [
        "suite  accuracy  constant  unparsed  items",
        f"sums       0.0%  {constant:>8.1%}  {unparsed:>8.1%}     11",
        f"sums: no better than a constant answer, which scores {constant:.1%} "
        "(the commonest answer of each task)",
    ]
    assert is_complete(tmp_path / "out")


def evaluated_by_command(student: Path, suite: EvaluationSuite, out: Path, *more: str) -> Any:
    parser = argparse.ArgumentParser()
    evaluate_command.add_arguments(parser)
    args = [str(student), "--suite", str(suite.file), "--out", str(out), *more]
    assert evaluate_command.run(parser.parse_args(args)) == 0
    return json.loads((out / RUN_FILE).read_text())


def test_limits_are_those_the_student_was_trained_for_unless_they_are_given(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path
) -> None:
    student = checkpoint("cascod")
    protocol = replace(Protocol.load(student), max_rationale_tokens=9, max_answer_tokens=3)
    protocol.save(student)
    own = evaluated_by_command(student, suite, tmp_path / "own")
    assert (own["generation"]["max_rationale_tokens"], own["generation"]["max_answer_tokens"]) == (
        9,
        3,
    )
    given = evaluated_by_command(student, suite, tmp_path / "given", "--max-rationale-tokens", "7")
    assert given["generation"]["max_rationale_tokens"] == 7
    # How a student is asked does not hang on how long it may write.
    assert own["protocol"] == given["protocol"]
    assert "max_rationale_tokens" not in own["protocol"]


def test_limits_that_nobody_knows_shrink_to_the_context_and_it_is_said(
    checkpoint: Callable[[str], Path], suite: EvaluationSuite, tmp_path: Path, capsys: Any
) -> None:
    student = tmp_path / "student"
    shutil.copytree(checkpoint("cascod"), student)
    config = json.loads((student / "config.json").read_text())
    (student / "config.json").write_text(json.dumps(config | {"max_position_embeddings": 200}))
    run_json = evaluated_by_command(student, suite, tmp_path / "out")
    assert 1 <= run_json["generation"]["max_rationale_tokens"] < 200
    assert "no limits are known for this student" in capsys.readouterr().out

"""A student replies to requests; what it is asked, and how, are arguments of the call."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lm_eval.api.instance import Instance
from lm_eval.api.registry import get_model
from lm_eval.models.huggingface import HFLM

import harness.evaluation.lm_eval_model  # noqa: F401  registers the model
from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.response_store import ResponseStore
from harness.evaluation.stored_student import StoredStudent
from harness.evaluation.student import Request

REQUESTS = [Request(f"sums/{n}", f"Q: What is {n} + {n}?\n\nA:") for n in range(7)]
SETTINGS = DecodingSettings(max_rationale_tokens=12, max_answer_tokens=4, batch_size=3, block=4)
WARM = SETTINGS.model_copy(update={"temperature": 1.0, "top_p": 0.9})
DRAWS = 3


@pytest.fixture(scope="module")
def loaded(checkpoint: Callable[[str], Path]) -> OpenStudent:
    return open_student(str(checkpoint("cascod")))


def test_replies_stand_in_the_order_of_their_requests(loaded: OpenStudent) -> None:
    answered = AskedStudent(loaded).reply(REQUESTS, SETTINGS)
    assert [reply.prompt_sent for reply in answered.replies] == [
        request.context + loaded.facts.protocol.suffix for request in REQUESTS
    ]
    assert answered.costs.items == len(REQUESTS)
    assert answered.costs.generated_tokens == sum(
        reply.rationale_tokens + reply.answer_tokens for reply in answered.replies
    )


def test_one_student_is_asked_under_several_settings(loaded: OpenStudent) -> None:
    student = AskedStudent(loaded)
    short = SETTINGS.model_copy(update={"max_rationale_tokens": 2})
    before = student.reply(REQUESTS, SETTINGS).replies
    assert {reply.rationale_tokens for reply in student.reply(REQUESTS, short).replies} <= {0, 1, 2}
    assert student.reply(REQUESTS, SETTINGS).replies == before


def test_a_student_under_a_temperature_says_something_else_in_every_draw(
    loaded: OpenStudent,
) -> None:
    told: list[tuple[int, int]] = []
    student = AskedStudent(loaded)
    drawn = student.decode_draws(
        REQUESTS, WARM, DRAWS, lambda done, total: told.append((done, total))
    )
    said = {tuple(reply.completion for reply in of_draw.replies) for of_draw in drawn}
    assert len(said) == DRAWS
    assert told == sorted(told)
    assert told[-1] == (DRAWS * len(REQUESTS), DRAWS * len(REQUESTS))
    again = student.decode_draws(REQUESTS, WARM, DRAWS)
    assert [of_draw.replies for of_draw in again] == [of_draw.replies for of_draw in drawn]


def test_draws_are_stored_one_by_one_and_found_as_such(loaded: OpenStudent, tmp_path: Path) -> None:
    file = tmp_path / "responses.jsonl"
    drawn = AskedStudent(loaded, ResponseStore(file)).decode_draws(REQUESTS, WARM, DRAWS)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    assert len(lines) == 2 * DRAWS  # blocks of 4 and 3, all draws of one before the next

    second = WARM.model_copy(update={"draw": 1})
    alone = AskedStudent(loaded, ResponseStore(file)).reply(REQUESTS, second)
    assert alone == drawn[1]
    assert file.read_bytes() == whole

    # Killed when the last draw of the second block was not yet there.
    file.write_bytes(b"".join(lines[:-1]))
    resumed = AskedStudent(loaded, ResponseStore(file)).decode_draws(REQUESTS, WARM, DRAWS)
    assert [of_draw.replies for of_draw in resumed] == [of_draw.replies for of_draw in drawn]
    assert len(file.read_bytes().splitlines()) == len(lines)


def test_what_a_reply_depends_on_is_a_fact_of_student_and_settings(loaded: OpenStudent) -> None:
    facts = AskedStudent(loaded).generation(SETTINGS)
    assert facts == SETTINGS.model_dump() | {"greedy": True, "device": "cpu"}
    wrong = SETTINGS.model_copy(update={"precision": "bfloat16"})
    assert AskedStudent(loaded).generation(wrong)["precision"] == "float32"


def test_stored_completions_reply_with_what_is_stored() -> None:
    stored = StoredStudent({request.item: f"It is {request.item}." for request in REQUESTS})
    replies = stored.reply(REQUESTS, SETTINGS).replies
    assert [reply.completion for reply in replies] == [f"It is {r.item}." for r in REQUESTS]
    assert stored.generation(SETTINGS) == stored.generation(WARM) == {"stored": True}
    other = StoredStudent({request.item: "?" for request in REQUESTS})
    assert other.fingerprint != stored.fingerprint


def test_lm_eval_knows_the_student_by_name(
    loaded: OpenStudent, checkpoint: Callable[[str], Path]
) -> None:
    model = get_model("cascod")(str(checkpoint("cascod")), **SETTINGS.model_dump())
    expected = AskedStudent(loaded).reply(REQUESTS, SETTINGS)
    instances = [
        Instance(
            "generate_until",
            {"id": request.item},
            (request.context, {"until": []}),
            0,
            metadata=("sums", place, 1),
        )
        for place, request in enumerate(REQUESTS)
    ]
    assert model.generate_until(instances) == [reply.completion for reply in expected.replies]
    assert model.replies["sums", 2] == expected.replies[2]
    assert model.costs.generated_tokens == expected.costs.generated_tokens

    likely = [Instance("loglikelihood", {}, ("What is 1", " + 1?"), 0, metadata=("sums", 0, 1))]
    hf = HFLM(loaded.engine.model, tokenizer=loaded.facts.tokenizer, backend="causal")
    assert model.loglikelihood(likely) == hf.loglikelihood(likely)


def test_to_say_what_a_student_is_takes_no_torch() -> None:
    code = (
        "import sys, harness.evaluation.student, harness.evaluation.stored_student\n"
        "assert not {'torch', 'transformers', 'lm_eval'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

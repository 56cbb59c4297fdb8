"""One-generation decoding gives token for token what separate `generate` calls give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from random_students import (
    CONFIGS,
    EOS,
    ON_SLOTS,
    THROUGH_GENERATE,
    VOCABULARY,
    student,
)
from transformers import AutoModelForCausalLM, PreTrainedModel

from harness.decoding.decode import decode
from harness.decoding.generate_fallback import decode_with_generate
from harness.decoding.pick import greedy
from harness.decoding.sampling import sampler
from harness.decoding.slot_cache import supports_slots
from harness.decoding.stages import DecodingPlan, Response

CUE = (7, 8, 9)
PLAN = DecodingPlan(EOS, CUE, max_rationale_tokens=24, max_answer_tokens=9)


def prompts(count: int = 25, seed: int = 0) -> list[list[int]]:
    """Prompts of 1 to 60 tokens."""
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(2, 60, (count,), generator=generator).tolist()
    lengths[0] = 1
    return [torch.randint(0, VOCABULARY, (n,), generator=generator).tolist() for n in lengths]


def generate(
    model: PreTrainedModel, prompt: Sequence[int], eos_ids: Sequence[int], limit: int
) -> tuple[tuple[int, ...], bool]:
    """What stock `generate` writes after one prompt, without EOS; whether it hit the limit."""
    ids = torch.tensor([list(prompt)])
    output = model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=limit,
        do_sample=False,
        eos_token_id=list(eos_ids),
        pad_token_id=0,
    )[0, len(prompt) :].tolist()
    ended = output[-1] in eos_ids
    return tuple(output[:-1] if ended else output), not ended


def two_calls(model: PreTrainedModel, prompt: list[int], plan: DecodingPlan) -> Response:
    assert plan.cue_ids is not None
    rationale, cut = generate(model, prompt, plan.eos_ids, plan.max_rationale_tokens)
    closing = plan.cue_ids[: plan.closing or None]
    starts = range(len(rationale) - len(closing) + 1)
    written = [i for i in starts if rationale[i : i + len(closing)] == closing]
    if written:
        rationale, cut = rationale[: written[0]], False
    longer = [*prompt, *rationale, *plan.cue_ids]
    answer, answer_cut = generate(model, longer, plan.eos_ids, plan.max_answer_tokens)
    return Response(rationale, answer, cut, answer_cut)


@pytest.mark.parametrize("name", ON_SLOTS + THROUGH_GENERATE)
def test_a_cascade_equals_two_generate_calls_on_mixed_lengths(name: str) -> None:
    model = student(name)
    expected = [two_calls(model, prompt, PLAN) for prompt in prompts()]
    assert decode(model, prompts(), PLAN, slots=6) == expected
    # The trial is worth something only if it meets every kind of ending.
    assert {r.rationale_truncated for r in expected} == {True, False}
    assert {r.answer_truncated for r in expected} == {True, False}
    assert len({len(r.rationale_ids) for r in expected}) > 4


@pytest.mark.parametrize("name", ["llama", "llama4"])
def test_a_rationale_that_writes_the_cue_itself_ends_there(name: str) -> None:
    model = student(name)
    unaware = decode(model, prompts(), replace(PLAN, cue_ids=(60, 60, 60)), slots=6)
    # Any two tokens that a student writes often enough can play the cue.
    written = Counter(pair for r in unaware for pair in pairwise(r.rationale_ids))
    plan = replace(PLAN, cue_ids=written.most_common(1)[0][0])
    expected = [two_calls(model, prompt, plan) for prompt in prompts()]
    assert decode(model, prompts(), plan, slots=6) == expected
    assert (
        sum(a.rationale_ids != b.rationale_ids for a, b in zip(expected, unaware, strict=True)) >= 2
    )


@pytest.mark.parametrize("name", ["llama", "mistral"])
@pytest.mark.parametrize("length", [1, 2])
def test_a_thought_that_closes_itself_ends_there_and_the_rest_of_the_cue_follows(
    name: str, length: int
) -> None:
    model = student(name)
    unaware = decode(model, prompts(), replace(PLAN, cue_ids=(60, 60, 60)), slots=6)
    # Any token or two that a student writes often enough can play the closing tag.
    written = Counter(
        r.rationale_ids[i : i + length]
        for r in unaware
        for i in range(len(r.rationale_ids) - length + 1)
    )
    tag = written.most_common(1)[0][0]
    plan = replace(PLAN, cue_ids=(*tag, *CUE), closing=length)
    expected = [two_calls(model, prompt, plan) for prompt in prompts()]
    assert decode(model, prompts(), plan, slots=6) == expected
    assert (
        sum(a.rationale_ids != b.rationale_ids for a, b in zip(expected, unaware, strict=True)) >= 2
    )


@pytest.mark.parametrize("name", ON_SLOTS)
def test_eager_attention_gives_the_same(name: str) -> None:
    model = student(name, "eager")
    expected = [two_calls(model, prompt, PLAN) for prompt in prompts(8)]
    assert decode(model, prompts(8), PLAN, slots=3) == expected


@pytest.mark.parametrize("name", ON_SLOTS + THROUGH_GENERATE)
def test_a_single_stage_equals_generate(name: str) -> None:
    model = student(name)
    plan = replace(PLAN, cue_ids=None)
    for prompt, response in zip(prompts(), decode(model, prompts(), plan, slots=6), strict=True):
        text, cut = generate(model, prompt, EOS, 24 + 9)
        assert response == Response((), text, False, cut)


def odd_cue(ids: Sequence[int]) -> tuple[int, ...] | None:
    """A rule that looks at the text: some have answered, some get more than the cue."""
    return (None, CUE, (5, *CUE))[sum(ids) % 3]


ONE_STAGE = DecodingPlan(EOS, None, 2, 14)
FORCING = replace(ONE_STAGE, cue_behind=odd_cue, longest_cue=4)


@pytest.mark.parametrize("name", ON_SLOTS + THROUGH_GENERATE)
def test_a_forced_answer_equals_a_generation_of_its_own_and_leaves_the_text_as_it_was(
    name: str,
) -> None:
    model = student(name)
    responses = decode(model, prompts(), FORCING, slots=6)
    plain = decode(model, prompts(), ONE_STAGE, slots=6)
    assert [replace(response, forced_ids=None) for response in responses] == plain
    for prompt, response in zip(prompts(), responses, strict=True):
        cue = odd_cue(response.answer_ids) if response.answer_truncated else None
        if cue is None:
            assert response.forced_ids is None
        else:
            longer = [*prompt, *response.answer_ids, *cue]
            assert response.forced_ids == generate(model, longer, EOS, 14)[0]
    # The trial is worth something only if it meets every kind of ending.
    assert {r.answer_truncated for r in responses} == {True, False}
    assert len({len(r.forced_ids) for r in responses if r.forced_ids is not None}) > 1
    assert any(r.answer_truncated and r.forced_ids is None for r in responses)


def test_a_cue_that_is_already_written_lets_the_text_go_on() -> None:
    model = student("llama")
    plan = replace(ONE_STAGE, eos_ids=(), cue_behind=lambda ids: ())
    longer = decode(model, prompts(), replace(plan, max_answer_tokens=28, cue_behind=None))
    for response, whole in zip(decode(model, prompts(), plan), longer, strict=True):
        assert response.forced_ids is not None
        assert response.answer_ids + response.forced_ids == whole.answer_ids


def test_a_forced_answer_ends_where_its_text_is_complete() -> None:
    model = student("llama")
    plan = replace(FORCING, eos_ids=(), cue_behind=lambda ids: CUE)
    full = decode(model, prompts(), plan)
    stop = next(r.forced_ids[1] for r in full if r.forced_ids[1] not in r.answer_ids)
    stopped = decode(model, prompts(), replace(plan, ends_text=lambda ids: ids[-1] == stop))
    for ours, whole in zip(stopped, full, strict=True):
        if stop in whole.answer_ids:
            assert ours.forced_ids is None
        else:
            length = (*whole.forced_ids, stop).index(stop) + 1
            assert ours.forced_ids == whole.forced_ids[:length]
    assert any(ours.forced_ids and ours.forced_ids[-1] == stop for ours in stopped)


@pytest.mark.parametrize("slots", [1, 4, 25])
def test_sampled_forced_answers_do_not_hang_on_their_batch(slots: int) -> None:
    pick = sampler(temperature=1.0, top_p=0.9, seeds=[1], requests_each=25)
    model = student("llama")
    expected = decode(model, prompts(), FORCING, slots=7, pick=pick)
    assert any(response.forced_ids for response in expected)
    assert decode(model, prompts(), FORCING, slots=slots, pick=pick) == expected
    plain = decode(model, prompts(), ONE_STAGE, slots=slots, pick=pick)
    assert [replace(response, forced_ids=None) for response in expected] == plain


@pytest.mark.parametrize("name", ["llama", "mistral"])
def test_the_cue_of_a_cascade_may_hang_on_its_rationale(name: str) -> None:
    model = student(name)
    rule = lambda ids: CUE if sum(ids) % 2 else (5, 6, *CUE)  # noqa: E731
    responses = decode(model, prompts(), replace(PLAN, cue_behind=rule, longest_cue=5), slots=6)
    for prompt, response in zip(prompts(), responses, strict=True):
        rationale, cut = generate(model, prompt, EOS, PLAN.max_rationale_tokens)
        longer = [*prompt, *rationale, *rule(rationale)]
        answer, answer_cut = generate(model, longer, EOS, PLAN.max_answer_tokens)
        assert response == Response(rationale, answer, cut, answer_cut)


def test_a_cue_written_where_another_is_due_does_not_end_the_rationale() -> None:
    model = student("llama")
    unaware = decode(model, prompts(), replace(PLAN, cue_ids=(60, 60, 60)), slots=6)
    written = Counter(pair for r in unaware for pair in pairwise(r.rationale_ids))
    cue = written.most_common(1)[0][0]
    plan = replace(PLAN, cue_ids=cue, cue_behind=lambda ids: (5, *cue), longest_cue=3)
    responses = decode(model, prompts(), plan, slots=6)
    assert [r.rationale_ids for r in responses] == [r.rationale_ids for r in unaware]


@pytest.mark.parametrize("slots", [1, 2, 7, 25, 100])
def test_the_number_of_slots_changes_nothing(slots: int) -> None:
    model = student("llama")
    assert decode(model, prompts(), PLAN, slots=slots) == decode(model, prompts(), PLAN, slots=5)


def test_the_order_of_requests_changes_nothing() -> None:
    model = student("llama")
    backwards = decode(model, prompts()[::-1], PLAN, slots=4)
    assert backwards[::-1] == decode(model, prompts(), PLAN, slots=4)


def test_a_rationale_may_be_empty() -> None:
    model = student("llama")
    prompt = prompts()[3]
    first = generate(model, prompt, (), 1)[0][0]
    plan = replace(PLAN, eos_ids=(first,))
    (response,) = decode(model, [prompt], plan)
    assert response.rationale_ids == ()
    assert not response.rationale_truncated
    assert response == two_calls(model, prompt, plan)


@pytest.mark.parametrize("rationale_limit", [1, 2, 5])
@pytest.mark.parametrize("answer_limit", [1, 3])
def test_limits_count_tokens_and_are_reported(rationale_limit: int, answer_limit: int) -> None:
    model = student("llama")
    plan = DecodingPlan((), CUE, rationale_limit, answer_limit)
    for response in decode(model, prompts(5), plan):
        assert len(response.rationale_ids) == rationale_limit
        assert len(response.answer_ids) == answer_limit
        assert response.rationale_truncated
        assert response.answer_truncated
    assert decode(model, prompts(5), plan) == [two_calls(model, p, plan) for p in prompts(5)]


def test_a_cue_of_one_token() -> None:
    model = student("llama")
    plan = replace(PLAN, cue_ids=(7,))
    assert decode(model, prompts(), plan, slots=5) == [two_calls(model, p, plan) for p in prompts()]


def test_rows_outgrow_the_first_allocation() -> None:
    model = student("llama")
    plan = DecodingPlan((), CUE, max_rationale_tokens=150, max_answer_tokens=20)
    short = [prompt[:5] for prompt in prompts(4)]
    assert decode(model, short, plan, slots=2) == [two_calls(model, p, plan) for p in short]


def test_a_small_prefill_budget_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = decode(student("llama"), prompts(), PLAN, slots=10)
    monkeypatch.setattr("harness.decoding.decode.MAX_PREFILL_TOKENS", 70)
    assert decode(student("llama"), prompts(), PLAN, slots=10) == expected


def test_the_last_stage_ends_where_its_text_is_complete() -> None:
    model = student("llama")
    plain = decode(model, prompts(), PLAN)
    stop = max(plain, key=lambda r: len(r.answer_ids)).answer_ids[1]
    plan = replace(PLAN, ends_text=lambda ids: ids[-1] == stop)
    stopped = decode(model, prompts(), plan)
    assert any(len(a.answer_ids) < len(b.answer_ids) for a, b in zip(stopped, plain, strict=True))
    for ours, full in zip(stopped, plain, strict=True):
        assert ours.rationale_ids == full.rationale_ids
        if stop in full.answer_ids:
            assert ours.answer_ids == full.answer_ids[: full.answer_ids.index(stop) + 1]
            assert not ours.answer_truncated
        else:
            assert ours == full


@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_slots_and_generate_are_two_ways_to_the_same(name: str) -> None:
    model = student(name)
    with torch.inference_mode():
        through_generate = decode_with_generate(model, prompts(), PLAN, 6, greedy)
    assert decode(model, prompts(), PLAN, slots=6) == through_generate


def test_settings_of_the_model_itself_play_no_part() -> None:
    model = student("llama4")
    expected = decode(model, prompts(5), PLAN)
    own = model.generation_config
    model.generation_config.repetition_penalty = 5.0
    try:
        assert decode(model, prompts(5), PLAN) == expected
        assert model.generation_config is own
    finally:
        model.generation_config.repetition_penalty = None


def test_which_models_decode_on_slots() -> None:
    assert {name for name in CONFIGS if supports_slots(student(name))} == set(ON_SLOTS)


def test_bfloat16_decodes_to_the_end() -> None:
    model = AutoModelForCausalLM.from_config(CONFIGS["llama"], dtype=torch.bfloat16).eval()
    responses = decode(model, prompts(9), PLAN, slots=4)
    assert all(len(r.rationale_ids) <= 24 and len(r.answer_ids) <= 9 for r in responses)
    assert responses == decode(model, prompts(9), PLAN, slots=4)


@pytest.mark.parametrize("name", ["llama", "llama4"])
def test_progress_grows_to_the_number_of_requests(name: str) -> None:
    seen: list[int] = []
    decode(student(name), prompts(9), PLAN, slots=3, report=seen.append)
    assert seen == sorted(set(seen))
    assert len(seen) > 1
    assert seen[-1] == 9


def test_nothing_to_decode() -> None:
    assert decode(student("llama"), [], PLAN) == []


def test_an_empty_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        decode(student("llama"), [[1, 2], []], PLAN)
